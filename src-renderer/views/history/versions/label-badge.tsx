import { Lock, Tag } from 'lucide-react';
import { Badge } from '../../../components/ui/badge.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';

const tones = { production: 'success', staging: 'warning', development: 'accent' } as const;

export interface LabelBadgeProps {
  readonly name: string;
  readonly isProtected?: boolean;
}

/** The name of a label in the colour of its environment. */
export function LabelBadge({ name, isProtected = false }: LabelBadgeProps) {
  const Icon = isProtected ? Lock : Tag;
  return (
    <Badge tone={name in tones ? tones[name as keyof typeof tones] : 'neutral'} className="max-w-40">
      {name !== 'latest' && <Icon aria-hidden="true" className="size-2.5!" />}
      <span className="truncate">
        <ForeignText text={name} />
      </span>
    </Badge>
  );
}
