import { Plus } from 'lucide-react';
import { type Ref, useImperativeHandle, useRef } from 'react';
import type { MessageTemplate } from '../../../../src-core/contract/messages.ts';
import { commandTip, Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import {
  changeMessage,
  insertMessage,
  moveMessage,
  nextRole,
  removeMessage,
} from '../../../live/drafts/edit-content.ts';
import { toggleCollapsed, useForms } from '../../../live/drafts/input-values.ts';
import type { CodeEditorHandle } from '../../../monaco/code-editor.tsx';
import { useCommand } from '../../../workbench/commands.ts';
import { useDraftBlame } from '../../history/version/use-draft-blame.ts';
import type { PreviewStore } from '../preview/live-preview.ts';
import { nextProblem } from '../problems/next-problem.ts';
import { MessageCard } from './message-card.tsx';

/** What the editor may do with the list. */
export interface MessageListHandle {
  reveal(messageIndex: number, position: { readonly line: number; readonly column: number }): void;
}

export interface MessageListProps {
  readonly handle: DraftHandle;
  readonly preview: PreviewStore;
  readonly ref?: Ref<MessageListHandle>;
}

/** The messages of a prompt, each in a text editor of its own. */
export function MessageList({ handle, preview, ref }: MessageListProps) {
  const content = useDraft(handle, (state) => state.content);
  const keys = useDraft(handle, (state) => state.messageKeys);
  const isCompletion = useDraft(handle, (state) => state.prompt.type === 'completion');
  const blame = useDraftBlame(handle);
  const editors = useRef(new Map<string, CodeEditorHandle>());
  const list = useRef<HTMLOListElement>(null);

  const focusHeader = (index: number) =>
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('[data-message-grip]')[index]?.focus());
  /** Scrolling to a message makes its editor. */
  const bring = (index: number) =>
    requestAnimationFrame(() => list.current?.children[index]?.scrollIntoView({ block: 'nearest' }));
  const insert = (index: number, message: MessageTemplate) => {
    const key = crypto.randomUUID();
    handle.edit(
      (current) => insertMessage(current, index, message),
      (current) => current.toSpliced(index, 0, key),
    );
    bring(index);
    whenThere(editors.current, key, (editor) => editor.focus());
  };
  const move = (from: number, to: number) => {
    if (to < 0 || to >= content.messages.length) return;
    handle.edit(
      (current) => moveMessage(current, from, to),
      (current) => current.toSpliced(from, 1).toSpliced(to, 0, current[from] ?? ''),
    );
    focusHeader(to);
  };
  const remove = (index: number) => {
    handle.edit(
      (current) => removeMessage(current, index),
      (current) => current.toSpliced(index, 1),
    );
    focusHeader(Math.max(0, index - 1));
  };
  const add = () => insert(content.messages.length, { role: nextRole(content), content: '' });
  useCommand('message.add', add, !isCompletion);

  /** Expands a message when it is collapsed. */
  const withEditor = (index: number, use: (editor: CodeEditorHandle) => void) => {
    const key = keys[index];
    if (key === undefined) return;
    if (useForms.getState().collapsed.has(key)) toggleCollapsed(key);
    const editor = editors.current.get(key);
    if (editor !== undefined) use(editor);
    else {
      bring(index);
      whenThere(editors.current, key, use);
    }
  };
  useImperativeHandle(ref, () => ({
    reveal: (index, position) => withEditor(index, (editor) => editor.reveal(position)),
  }));
  const stepProblem = (step: 1 | -1) => {
    const cursors = keys.map((key) => editors.current.get(key)?.cursor() ?? null);
    const focused = cursors.findIndex((cursor) => cursor !== null);
    const from = focused < 0 ? null : { index: focused, ...(cursors[focused] ?? { line: 0, column: 0 }) };
    const next = nextProblem(content, preview.getState().problems, from, step);
    if (next !== null) withEditor(next.index, (editor) => editor.showProblem(next));
  };
  useCommand('problem.next', () => stepProblem(1));
  useCommand('problem.previous', () => stepProblem(-1));

  return (
    <div className="flex flex-col gap-3 p-4">
      <ol ref={list} aria-label="Messages" className="flex flex-col gap-3">
        {content.messages.map((message, index) => {
          const key = keys[index] ?? String(index);
          return (
            <MessageCard
              key={key}
              messageKey={key}
              handle={handle}
              message={message}
              index={index}
              count={content.messages.length}
              fixedRole={isCompletion}
              preview={preview}
              lineNotes={blame?.[index]}
              editorRef={(editor) => {
                if (editor === null) editors.current.delete(key);
                else editors.current.set(key, editor);
              }}
              onChange={(change) => handle.edit((current) => changeMessage(current, index, change))}
              onDuplicate={() => insert(index + 1, handle.store.getState().content.messages[index] ?? message)}
              onRemove={() => remove(index)}
              onMove={move}
              onLeave={() => focusHeader(index)}
            />
          );
        })}
      </ol>
      {!isCompletion && (
        <Tip {...commandTip('message.add')}>
          <Button variant="ghost" className="self-start" onClick={add}>
            <Plus /> Add message
          </Button>
        </Tip>
      )}
    </div>
  );
}

/** Waits until the editor of a message exists. */
function whenThere(
  editors: ReadonlyMap<string, CodeEditorHandle>,
  key: string,
  use: (editor: CodeEditorHandle) => void,
  attempts = 120,
): void {
  requestAnimationFrame(() => {
    const editor = editors.get(key);
    if (editor !== undefined) use(editor);
    else if (attempts > 0) whenThere(editors, key, use, attempts - 1);
  });
}
