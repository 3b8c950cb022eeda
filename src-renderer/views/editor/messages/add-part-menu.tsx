import { AudioLines, Braces, FileText, Image, Plus, SquareFunction, Type, Undo2 } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Role } from '../../../../src-core/contract/messages.ts';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import type { MenuEntry } from '../../../components/overlays/menu-parts.tsx';
import { Button, type ButtonProps } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import type { MediaKind } from '../../../live/media/add-file.ts';

/** What a person may add to a message. */
export type PartChoice =
  | { readonly kind: 'text' | 'tool_call' | 'tool_result' | 'extra' }
  | { readonly kind: MediaKind; readonly from: 'file' | 'url' | 'input' };

export interface AddPartMenuProps {
  /** Counted from 0. */
  readonly index: number;
  /** Null for a placeholder, which has no parts. */
  readonly role: Role | null;
  readonly onAdd: (choice: PartChoice) => void;
  readonly className?: string;
}

const media = [
  { kind: 'image', label: 'Image', icon: <Image /> },
  { kind: 'audio', label: 'Audio', icon: <AudioLines /> },
  { kind: 'file', label: 'File', icon: <FileText /> },
] as const;

/** The button that adds to a message. Its menu is made when it is asked for first, because a prompt has up to 200. */
export function AddPartMenu(props: AddPartMenuProps) {
  const [isAsked, setAsked] = useState(false);
  if (isAsked) return <Menu {...props} />;
  return (
    <AddButton
      index={props.index}
      className={props.className}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setAsked(true)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        setAsked(true);
      }}
    />
  );
}

function AddButton({ index, className, ...props }: ButtonProps & Pick<AddPartMenuProps, 'index'>) {
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-label={`Add to message ${index + 1}`}
      className={cn('data-[state=open]:bg-hover data-[state=open]:text-foreground', className)}
      {...props}
    >
      <Plus /> Add
    </Button>
  );
}

function Menu({ index, role, onAdd: add, className }: AddPartMenuProps) {
  // What is added gets the focus, which an open menu would take back.
  const chosen = useRef<PartChoice | null>(null);
  const onAdd = (choice: PartChoice) => {
    // Only a click may open the dialog that chooses files.
    if ('from' in choice && choice.from === 'file') add(choice);
    else chosen.current = choice;
  };
  const onClosed = () => {
    const choice = chosen.current;
    chosen.current = null;
    if (choice !== null) add(choice);
    return choice !== null;
  };
  const extra: MenuEntry = { label: 'Provider parameters', icon: <Braces />, onSelect: () => onAdd({ kind: 'extra' }) };
  const parts: readonly MenuEntry[] = [
    { label: 'Text', icon: <Type />, onSelect: () => onAdd({ kind: 'text' }) },
    ...media.map(
      ({ kind, label, icon }): MenuEntry => ({
        kind: 'menu',
        label,
        icon,
        entries: [
          { label: 'Choose a file…', onSelect: () => onAdd({ kind, from: 'file' }) },
          { label: 'From an address', onSelect: () => onAdd({ kind, from: 'url' }) },
          { label: 'From an input', onSelect: () => onAdd({ kind, from: 'input' }) },
        ],
      }),
    ),
    {
      label: role === 'assistant' ? 'Tool call' : 'Tool call (assistant only)',
      icon: <SquareFunction />,
      disabled: role !== 'assistant',
      onSelect: () => onAdd({ kind: 'tool_call' }),
    },
    {
      label: role === 'tool' ? 'Tool result' : 'Tool result (tool only)',
      icon: <Undo2 />,
      disabled: role !== 'tool',
      onSelect: () => onAdd({ kind: 'tool_result' }),
    },
    { kind: 'separator' },
  ];
  return (
    <DropdownMenu entries={role === null ? [extra] : [...parts, extra]} onClosed={onClosed} defaultOpen>
      <AddButton index={index} className={className} />
    </DropdownMenu>
  );
}
