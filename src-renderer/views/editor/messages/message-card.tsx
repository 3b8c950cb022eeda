import { ChevronDown, ChevronRight, Copy, GripVertical, Trash2 } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, memo, type ReactNode, type Ref, useMemo, useState } from 'react';
import { problemsIn } from '../../../../src-core/content/templates/problem-edits.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { documentOf, isPlaceholder } from '../../../../src-core/contract/message-texts.ts';
import { type MessageTemplate, type Role, roles } from '../../../../src-core/contract/messages.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { RoleLabel } from '../../../components/ui/role-label.tsx';
import { Select } from '../../../fields/select.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import type { MessageEdit } from '../../../live/drafts/edit-content.ts';
import { toggleCollapsed, useForms } from '../../../live/drafts/input-values.ts';
import { CodeEditor, type CodeEditorHandle, type LineNote } from '../../../monaco/code-editor.tsx';
import { templateLanguageIds } from '../../../monaco/template/language-ids.ts';
import { followStep, messageUri } from '../draft/rename-everywhere.ts';
import { templateScope } from '../inputs/template-scope.ts';
import { type PreviewStore, usePreview } from '../preview/live-preview.ts';

const dragType = 'application/x-promptdev-message';

export interface MessageCardProps {
  readonly handle: DraftHandle;
  readonly messageKey: string;
  readonly message: MessageTemplate;
  readonly index: number;
  readonly count: number;
  /** A completion prompt has one message and no roles. */
  readonly fixedRole: boolean;
  readonly preview: PreviewStore;
  /** Which version each line comes from, when that is asked for. */
  readonly lineNotes?: readonly LineNote[];
  readonly editorRef: Ref<CodeEditorHandle>;
  readonly onChange: (change: MessageEdit) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
  readonly onMove: (from: number, to: number) => void;
  readonly onLeave: () => void;
}

/** One message: its header with role and actions, and its text. */
export function MessageCard(props: MessageCardProps) {
  const { handle, messageKey, message, index, preview, editorRef, onChange, onMove, onLeave } = props;
  const collapsed = useForms((state) => state.collapsed.has(messageKey));
  const problems = usePreview(preview, (state) => state.problems);
  const [dropEdge, setDropEdge] = useState<'above' | 'below' | null>(null);
  const { content } = handle.store.getState();
  const markers = useMemo(
    () =>
      problemsIn(content, index, problems).map(({ problem, start, end, replacements }) => ({
        severity: problem.severity,
        message: problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`,
        start,
        end,
        replacements,
        ...(problem.fix && { fix: problem.fix }),
      })),
    [content, problems, index],
  );

  const onDragOver = (event: DragEvent<HTMLElement>) => {
    if (!event.dataTransfer.types.includes(dragType)) return;
    event.preventDefault();
    setDropEdge(isAbove(event) ? 'above' : 'below');
  };
  const onDrop = (event: DragEvent<HTMLElement>) => {
    setDropEdge(null);
    const from = Number(event.dataTransfer.getData(dragType) || Number.NaN);
    if (Number.isNaN(from)) return;
    event.preventDefault();
    const target = isAbove(event) ? index : index + 1;
    onMove(from, target > from ? target - 1 : target);
  };

  return (
    <li
      className={cn(
        'group relative overflow-clip rounded-lg border bg-background transition-colors focus-within:border-border-strong',
        dropEdge === 'above' &&
          'before:absolute before:inset-x-0 before:top-0 before:z-10 before:h-0.5 before:bg-accent',
        dropEdge === 'below' && 'after:absolute after:inset-x-0 after:bottom-0 after:z-10 after:h-0.5 after:bg-accent',
      )}
      onDragOver={onDragOver}
      onDragLeave={() => setDropEdge(null)}
      onDrop={onDrop}
    >
      <Header {...props} collapsed={collapsed} />
      {!collapsed && (isPlaceholder(message) || typeof message.content !== 'string') && (
        <Kept message={message} index={index} />
      )}
      {!collapsed && !isPlaceholder(message) && typeof message.content === 'string' && (
        <CodeEditor
          ref={editorRef}
          uri={messageUri(handle.store.getState().prompt.id, messageKey)}
          language={templateLanguageIds[content.syntax]}
          value={message.content}
          onChange={(content, step) => {
            onChange({ content });
            if (step !== null) followStep(handle, messageKey, content, step);
          }}
          label={`Message ${index + 1}, ${message.role}. Escape leaves the text.`}
          placeholder={placeholders[message.role]}
          markers={markers}
          lineNotes={props.lineNotes}
          scope={() => templateScope(handle)}
          onLeave={onLeave}
        />
      )}
    </li>
  );
}

const placeholderRole = 'placeholder';

/** What the window cannot edit yet is shown as it reads, and kept. */
function Kept({ message, index }: { readonly message: MessageTemplate; readonly index: number }) {
  return (
    <section aria-label={`Message ${index + 1}, kept as it is`} className="flex flex-col gap-1 px-3 py-2">
      <pre className="foreign font-mono text-sm break-words whitespace-pre-wrap select-text">
        {markedText(documentOf(message))}
      </pre>
      <p className="text-xs text-muted">
        {isPlaceholder(message)
          ? 'The messages of this input stand here. It is kept as it is, and cannot be edited here yet.'
          : 'A message of parts is kept as it is, and cannot be edited here yet.'}
      </p>
    </section>
  );
}

interface HeaderProps extends MessageCardProps {
  readonly collapsed: boolean;
}

const Header = memo(
  ({
    handle,
    messageKey,
    message,
    index,
    count,
    fixedRole,
    collapsed,
    onChange,
    onDuplicate,
    onRemove,
    onMove,
  }: HeaderProps) => {
    const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
      const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
      if (step === 0) return;
      event.preventDefault();
      if (event.altKey) onMove(index, index + step);
      else stepBetweenHeaders(event.currentTarget, step);
    };
    const Chevron = collapsed ? ChevronRight : ChevronDown;
    return (
      <div className={cn('flex h-8 items-center gap-0.5 bg-panel pr-1 pl-0.5', !collapsed && 'border-b')}>
        {count > 1 && (
          <Tip label="Drag, or Alt with ↑ and ↓, to move">
            <button
              type="button"
              data-message-grip
              aria-label={`Move message ${index + 1} of ${count}`}
              draggable
              onDragStart={(event) => event.dataTransfer.setData(dragType, String(index))}
              onKeyDown={onKeyDown}
              className="flex h-6 w-5 cursor-grab items-center justify-center rounded-sm text-faint hover:text-foreground"
            >
              <GripVertical className="size-3.5" />
            </button>
          </Tip>
        )}
        <Button
          variant="ghost"
          size="icon-sm"
          {...(count === 1 && { 'data-message-grip': true })}
          aria-label={collapsed ? `Expand message ${index + 1}` : `Collapse message ${index + 1}`}
          aria-expanded={!collapsed}
          onClick={() => toggleCollapsed(messageKey)}
        >
          <Chevron />
        </Button>
        {isPlaceholder(message) ? (
          <span className="px-1.5 text-sm">
            <RoleLabel role={placeholderRole} />
          </span>
        ) : fixedRole ? (
          <span className="px-1.5 text-sm font-medium">Text</span>
        ) : (
          <Select<Role>
            quiet
            aria-label={`Role of message ${index + 1}`}
            value={message.role}
            onChange={(role) => onChange({ role })}
            options={roles.map((role) => ({ value: role, label: <RoleLabel role={role} /> }))}
          />
        )}
        {collapsed && (
          <span className="ml-1 min-w-0 flex-1 truncate font-mono text-xs text-muted">
            <Beginning handle={handle} index={index} />
          </span>
        )}
        {!collapsed && <span className="flex-1" />}
        <span className="tabular px-1 text-2xs text-faint opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
          <Length handle={handle} index={index} />
        </span>
        <Action label={`Duplicate message ${index + 1}`} tip="Duplicate" onClick={onDuplicate} hidden={fixedRole}>
          <Copy />
        </Action>
        <Action label={`Remove message ${index + 1}`} tip="Remove" onClick={onRemove} hidden={count === 1}>
          <Trash2 />
        </Action>
      </div>
    );
  },
  isSameHeader,
);

/** Typing changes neither the header nor what its handlers depend on. */
function isSameHeader(one: HeaderProps, other: HeaderProps): boolean {
  const keys = ['handle', 'messageKey', 'index', 'count', 'fixedRole', 'collapsed'] as const;
  return one.message.role === other.message.role && keys.every((key) => one[key] === other[key]);
}

interface PlaceProps {
  readonly handle: DraftHandle;
  readonly index: number;
}

const Length = ({ handle, index }: PlaceProps) =>
  `${useDraft(handle, ({ content }) => textAt(content, index).length)} characters`;

function textAt({ messages }: PromptContent, index: number): string {
  const message = messages[index];
  return message === undefined ? '' : documentOf(message);
}

/** More characters than fit in one line. */
const beginningLength = 500;

const Beginning = ({ handle, index }: PlaceProps) =>
  useDraft(handle, ({ content }) => textAt(content, index).slice(0, beginningLength));

interface ActionProps {
  readonly label: string;
  readonly tip: string;
  readonly onClick: () => void;
  readonly hidden: boolean;
  readonly children: ReactNode;
}

function Action({ label, tip, onClick, hidden, children }: ActionProps) {
  if (hidden) return null;
  return (
    <Tip label={tip}>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={label}
        onClick={onClick}
        className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      >
        {children}
      </Button>
    </Tip>
  );
}

const placeholders: Readonly<Record<Role, string>> = {
  system: 'How the model should behave. Write {{ name }} for a value that changes from run to run.',
  developer: 'Instructions of the application.',
  user: 'What a person asks. Write {{ name }} for a value that changes from run to run.',
  assistant: 'An answer to show the model how, or to go on from.',
  tool: 'What a tool has returned.',
};

function isAbove(event: DragEvent<HTMLElement>): boolean {
  const { top, height } = event.currentTarget.getBoundingClientRect();
  return event.clientY < top + height / 2;
}

function stepBetweenHeaders(from: HTMLElement, step: number): void {
  const grips = [...(from.closest('ol')?.querySelectorAll<HTMLElement>('[data-message-grip]') ?? [])];
  grips[grips.indexOf(from) + step]?.focus();
}
