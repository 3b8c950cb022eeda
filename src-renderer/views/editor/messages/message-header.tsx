import { ChevronDown, ChevronRight, Copy, GripVertical, Trash2 } from 'lucide-react';
import { type KeyboardEvent, memo, type ReactNode } from 'react';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { documentOf, isPlaceholder, textOf } from '../../../../src-core/contract/message-texts.ts';
import { type MessageTemplate, type Role, roles } from '../../../../src-core/contract/messages.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { RoleLabel } from '../../../components/ui/role-label.tsx';
import { Select } from '../../../fields/select.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import type { MessageEdit } from '../../../live/drafts/edit-content.ts';
import { toggleCollapsed } from '../../../live/drafts/input-values.ts';
import { AddPartMenu, type PartChoice } from './add-part-menu.tsx';

/** What the header of a message is dragged as. */
export const messageDragType = 'application/x-promptdev-message';

const placeholderRole = 'placeholder';

export interface MessageHeaderProps {
  readonly handle: DraftHandle;
  readonly messageKey: string;
  readonly message: MessageTemplate;
  /** Counted from 0. */
  readonly index: number;
  readonly count: number;
  /** A completion prompt has one message and no roles. */
  readonly fixedRole: boolean;
  readonly collapsed: boolean;
  readonly onChange: (change: MessageEdit) => void;
  readonly onAdd: (choice: PartChoice) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
  readonly onMove: (from: number, to: number) => void;
}

/** Role, length and actions of a message. */
export const MessageHeader = memo(
  ({
    handle,
    messageKey,
    message,
    index,
    count,
    fixedRole,
    collapsed,
    onChange,
    onAdd,
    onDuplicate,
    onRemove,
    onMove,
  }: MessageHeaderProps) => {
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
              onDragStart={(event) => event.dataTransfer.setData(messageDragType, String(index))}
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
        {!fixedRole && (
          <AddPartMenu
            index={index}
            role={message.role ?? null}
            onAdd={onAdd}
            className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100"
          />
        )}
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
function isSameHeader(one: MessageHeaderProps, other: MessageHeaderProps): boolean {
  const keys = ['handle', 'messageKey', 'index', 'count', 'fixedRole', 'collapsed'] as const;
  return one.message.role === other.message.role && keys.every((key) => one[key] === other[key]);
}

interface PlaceProps {
  readonly handle: DraftHandle;
  readonly index: number;
}

const Length = ({ handle, index }: PlaceProps) =>
  `${useDraft(handle, ({ content }) => lengthAt(content, index))} characters`;

function lengthAt({ messages }: PromptContent, index: number): number {
  const message = messages[index];
  return message === undefined ? 0 : textOf(message).length;
}

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

function stepBetweenHeaders(from: HTMLElement, step: number): void {
  const grips = [...(from.closest('ol')?.querySelectorAll<HTMLElement>('[data-message-grip]') ?? [])];
  grips[grips.indexOf(from) + step]?.focus();
}
