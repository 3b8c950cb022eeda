import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { MessageChange, PlacedMessage } from '../../../../src-core/content/diff/diff-content.ts';
import { documentOf } from '../../../../src-core/contract/message-texts.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { RoleLabel } from '../../../components/ui/role-label.tsx';
import { TextDiff } from '../../../monaco/text-diff.tsx';
import { ChangeCount } from './change-count.tsx';

export interface MessageDiffProps {
  readonly change: MessageChange;
  readonly language: string;
  readonly inline: boolean;
}

/** The change of one message: its text side by side, or that it was added, removed or moved. */
export function MessageDiff({ change, language, inline }: MessageDiffProps) {
  const shown = change.kind === 'removed' ? change.before : change.after;
  const [open, setOpen] = useState(change.kind !== 'same');
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <section
      aria-label={`${shown.label}, ${wordFor(change)}`}
      className={cn('overflow-clip rounded-lg border', change.kind === 'same' && 'border-dashed')}
    >
      <h3>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className={cn('flex h-8 w-full items-center gap-2 bg-panel px-2 text-left', open && 'border-b')}
        >
          <Chevron aria-hidden="true" className="size-3.5 text-faint" />
          <Roles change={change} />
          <span className="text-xs text-muted">{numberOf(shown)}</span>
          <Marks change={change} />
          <span className="flex-1" />
          {change.kind !== 'same' && <ChangeCount {...change.lines} />}
        </button>
      </h3>
      {open && <Body change={change} language={language} inline={inline} />}
    </section>
  );
}

function Body({ change, language, inline }: MessageDiffProps) {
  switch (change.kind) {
    case 'added':
      return <Whole tone="added">{textOf(change.after)}</Whole>;
    case 'removed':
      return <Whole tone="removed">{textOf(change.before)}</Whole>;
    case 'same':
      return <Whole tone="same">{textOf(change.after)}</Whole>;
    case 'changed':
      if (textOf(change.before) === textOf(change.after)) return <Whole tone="same">{textOf(change.after)}</Whole>;
      return (
        <TextDiff
          before={textOf(change.before)}
          after={textOf(change.after)}
          language={language}
          inline={inline}
          label={change.after.label}
        />
      );
  }
}

const textOf = ({ message }: PlacedMessage): string => documentOf(message);
const roleOf = ({ message }: PlacedMessage): string => message.role ?? 'placeholder';

const tones = {
  added: { className: 'bg-success-soft', sign: '+' },
  removed: { className: 'bg-danger-soft', sign: '−' },
  same: { className: '', sign: '' },
} as const;

function Whole({ tone, children }: { readonly tone: keyof typeof tones; readonly children: string }) {
  const { className, sign } = tones[tone];
  return (
    <div className={cn('flex gap-3 px-3 py-2 font-mono text-sm', className)}>
      {sign !== '' && (
        <span aria-hidden="true" className="text-muted select-none">
          {sign}
        </span>
      )}
      <pre className="foreign min-w-0 flex-1 whitespace-pre-wrap break-words font-mono select-text">
        {children === '' ? <em className="text-muted">Empty</em> : children}
      </pre>
    </div>
  );
}

function Roles({ change }: { readonly change: MessageChange }): ReactNode {
  if (change.kind === 'removed') return <RoleLabel role={roleOf(change.before)} />;
  if (change.kind === 'added' || roleOf(change.before) === roleOf(change.after))
    return <RoleLabel role={roleOf(change.after)} />;
  return (
    <>
      <RoleLabel role={roleOf(change.before)} />
      <span aria-hidden="true" className="text-muted">
        →
      </span>
      <RoleLabel role={roleOf(change.after)} />
    </>
  );
}

function Marks({ change }: { readonly change: MessageChange }): ReactNode {
  switch (change.kind) {
    case 'added':
      return <Badge tone="success">added</Badge>;
    case 'removed':
      return <Badge tone="danger">removed</Badge>;
    case 'same':
    case 'changed':
      return (
        <>
          {change.moved && (
            <Badge tone="accent">
              moved from {change.before.index + 1} to {change.after.index + 1}
            </Badge>
          )}
          {change.kind === 'same' && !change.moved && <span className="text-xs text-muted">unchanged</span>}
        </>
      );
  }
}

const wordFor = (change: MessageChange): string =>
  change.kind === 'same' ? (change.moved ? 'moved' : 'unchanged') : change.kind;

/** The number in "user message 2"; nothing when there is one of that role. */
const numberOf = ({ label }: PlacedMessage): string => /\d+$/.exec(label)?.[0] ?? '';
