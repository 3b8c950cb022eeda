import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import { markTexts } from './foreign-text.tsx';

export interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** What belongs here and how it gets here. */
  readonly children?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Shown where there is nothing yet; says what to do next. */
export function EmptyState({ icon: Icon, title, children, actions, className }: EmptyStateProps) {
  return (
    <div className={cn('flex h-full flex-col items-center justify-center gap-2 p-6 text-center', className)}>
      <Icon aria-hidden="true" className="size-6 stroke-[1.5] text-faint" />
      <p className="text-base font-medium">{markTexts(title)}</p>
      {children !== undefined && <div className="max-w-80 text-sm text-muted">{markTexts(children)}</div>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
