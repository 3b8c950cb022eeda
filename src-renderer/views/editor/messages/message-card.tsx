import { FileDown } from 'lucide-react';
import { type ClipboardEvent, type DragEvent, memo, useState } from 'react';
import { isPlaceholder } from '../../../../src-core/contract/message-texts.ts';
import type { MessageTemplate } from '../../../../src-core/contract/messages.ts';
import { messageExtraPath } from '../../../../src-core/library/drafts/draft-fields.ts';
import { cn } from '../../../components/ui/cn.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import type { MessageEdit } from '../../../live/drafts/edit-content.ts';
import { useForms } from '../../../live/drafts/input-values.ts';
import type { CodeEditorHandle, LineNote } from '../../../monaco/code-editor.tsx';
import { textUri } from '../draft/rename-everywhere.ts';
import { ExtraField, useHasExtra } from '../extra-field.tsx';
import type { PreviewStore } from '../preview/live-preview.ts';
import type { PartChoice } from './add-part-menu.tsx';
import { appendFiles, appendPart, chooseFiles } from './edit-at.ts';
import { MessageHeader, messageDragType } from './message-header.tsx';
import { MessageParts } from './message-parts.tsx';
import { PendingList } from './pending-list.tsx';
import { PlaceholderFields } from './placeholder-fields.tsx';
import { newToolCall, newToolResult } from './tool-fields.tsx';

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
  /** Takes the editor of a text, by the key of the text. */
  readonly onEditor: (textKey: string, editor: CodeEditorHandle | null) => void;
  readonly onChange: (change: MessageEdit) => void;
  /** A part that was added should get the focus. */
  readonly onAdded: (partKey: string) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
  readonly onMove: (from: number, to: number) => void;
  readonly onLeave: () => void;
}

/** One message: its header with role and actions, and what it holds. */
export const MessageCard = memo(Card, isSameCard);

/** Typing in one message changes neither the others nor what their handlers depend on. */
function isSameCard(one: MessageCardProps, other: MessageCardProps): boolean {
  const keys = ['handle', 'messageKey', 'message', 'index', 'count', 'fixedRole', 'preview', 'lineNotes'] as const;
  return keys.every((key) => one[key] === other[key]);
}

function Card(props: MessageCardProps) {
  const { handle, messageKey, message, index, onMove } = props;
  const collapsed = useForms((state) => state.collapsed.has(messageKey));
  const [dropEdge, setDropEdge] = useState<'above' | 'below' | null>(null);
  const [isOverWithFiles, setOverWithFiles] = useState(false);
  const [askedExtra, setAskedExtra] = useState(false);
  const path = messageExtraPath({ message: index, part: null });
  const hasExtra = useHasExtra(handle, path);
  const takesParts = !props.fixedRole && !isPlaceholder(message);

  const onDragOver = (event: DragEvent<HTMLElement>) => {
    if (!event.dataTransfer.types.includes(messageDragType)) return;
    event.preventDefault();
    setDropEdge(isAbove(event) ? 'above' : 'below');
  };
  const onDrop = (event: DragEvent<HTMLElement>) => {
    setDropEdge(null);
    const from = Number(event.dataTransfer.getData(messageDragType) || Number.NaN);
    if (Number.isNaN(from)) return;
    event.preventDefault();
    const target = isAbove(event) ? index : index + 1;
    onMove(from, target > from ? target - 1 : target);
  };
  /** Before the text editors, which would take the files' names as text. */
  const filesFirst = takesParts && {
    'data-takes-files': true,
    onDragOverCapture: (event: DragEvent<HTMLElement>) => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = 'copy';
      setOverWithFiles(true);
    },
    onDropCapture: (event: DragEvent<HTMLElement>) => {
      setOverWithFiles(false);
      if (event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      void appendFiles(handle, messageKey, [...event.dataTransfer.files], null);
    },
    onPasteCapture: (event: ClipboardEvent<HTMLElement>) => {
      const { files, types } = event.clipboardData;
      // What a table or a page is copied as has a picture beside its text; the text is meant.
      if (files.length === 0 || types.includes('text/plain')) return;
      event.preventDefault();
      event.stopPropagation();
      void appendFiles(handle, messageKey, [...files], null);
    },
  };

  const add = (choice: PartChoice) => {
    if (choice.kind === 'extra') return setAskedExtra(true);
    if ('from' in choice && choice.from === 'file')
      return chooseFiles(choice.kind, true, (files) => void appendFiles(handle, messageKey, files, choice.kind));
    const { content } = handle.store.getState();
    const part =
      'from' in choice
        ? { type: choice.kind, [choice.from]: '' }
        : { text: () => ({ type: 'text' as const, text: '' }), tool_call: newToolCall, tool_result: newToolResult }[
            choice.kind
          ](content);
    const key = appendPart(handle, messageKey, part);
    if (key !== null) props.onAdded(key);
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
      onDragLeave={(event) => {
        setDropEdge(null);
        // Entering a child leaves its parent too.
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOverWithFiles(false);
      }}
      onDrop={onDrop}
      {...filesFirst}
    >
      <MessageHeader {...props} collapsed={collapsed} onAdd={add} />
      {!collapsed && (
        <>
          {isPlaceholder(message) ? (
            <PlaceholderFields handle={handle} messageKey={messageKey} message={message} />
          ) : (
            <MessageParts {...props} message={message} />
          )}
          {(hasExtra || askedExtra) && (
            <ExtraField
              handle={handle}
              path={path}
              uri={`${textUri(handle.store.getState().prompt.id, messageKey)}/extra`}
              of={`message ${index + 1}`}
              hint="Kept with the message; it is not sent."
              asked={askedExtra}
              className="border-t px-2 py-1.5"
            />
          )}
        </>
      )}
      <PendingList messageKey={messageKey} />
      {isOverWithFiles && (
        <div className="pointer-events-none absolute inset-0 z-20 flex animate-fade-in items-center justify-center gap-2 rounded-lg border-2 border-dashed border-accent bg-accent-soft text-accent-text">
          <FileDown aria-hidden="true" className="size-4" />
          <p className="font-medium">Drop to add to message {index + 1}</p>
        </div>
      )}
    </li>
  );
}

function isAbove(event: DragEvent<HTMLElement>): boolean {
  const { top, height } = event.currentTarget.getBoundingClientRect();
  return event.clientY < top + height / 2;
}
