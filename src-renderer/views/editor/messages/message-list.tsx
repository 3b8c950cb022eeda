import { ListPlus, Plus } from 'lucide-react';
import { type Ref, useImperativeHandle, useRef } from 'react';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { isPlaceholder, templatesOf } from '../../../../src-core/contract/message-texts.ts';
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
import { partKeysOf } from '../../../live/drafts/part-keys.ts';
import type { CodeEditorHandle } from '../../../monaco/code-editor.tsx';
import { useCommand } from '../../../workbench/commands.ts';
import { useDraftBlame } from '../../history/version/use-draft-blame.ts';
import { textKeyOf } from '../draft/rename-everywhere.ts';
import type { PreviewStore } from '../preview/live-preview.ts';
import { nextProblem } from '../problems/next-problem.ts';
import { MessageCard } from './message-card.tsx';
import { textKeysOf } from './message-parts.tsx';

/** What the editor may do with the list. */
export interface MessageListHandle {
  reveal(messageIndex: number, position: { readonly line: number; readonly column: number }, part?: number): void;
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
  /** Two frames, because the first one renders. */
  const focusIn = (index: number, selector: string) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => list.current?.children[index]?.querySelector<HTMLElement>(selector)?.focus()),
    );
  /** The key of a text of a message; without a part of its first one. */
  const keyOfText = (index: number, part: number | undefined): string | null => {
    const { content: now, messageKeys } = handle.store.getState();
    const [message, key] = [now.messages[index], messageKeys[index]];
    if (message === undefined || key === undefined || isPlaceholder(message)) return null;
    if (part === undefined) return textKeysOf(handle, key, message)[0] ?? null;
    return textKeyOf(key, partKeysOf(handle, key, message)[part] ?? '');
  };
  const insert = (index: number, message: MessageTemplate) => {
    const key = crypto.randomUUID();
    handle.edit(
      (current) => insertMessage(current, index, message),
      (current) => current.toSpliced(index, 0, key),
    );
    bring(index);
    if (isPlaceholder(message)) focusIn(index, '[data-placeholder-name]');
    else whenThere(editors.current, keyOfText(index, undefined) ?? key, (editor) => editor.focus());
  };
  const move = (from: number, to: number) => {
    if (to < 0 || to >= content.messages.length) return;
    handle.edit(
      (current) => moveMessage(current, from, to),
      (current) => current.toSpliced(from, 1).toSpliced(to, 0, current[from] ?? ''),
    );
    focusHeader(to);
  };
  const focusPart = (index: number, messageKey: string, partKey: string) => {
    const message = handle.store.getState().content.messages[index];
    if (message !== undefined && message.role !== undefined && typeof message.content !== 'string') {
      const part = message.content[partKeysOf(handle, messageKey, message).indexOf(partKey)];
      if (part?.type !== 'text') return focusIn(index, `[data-part="${partKey}"] input`);
    }
    whenThere(editors.current, textKeyOf(messageKey, partKey), (editor) => editor.focus());
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
  const addPlaceholder = () => insert(content.messages.length, { placeholder: freePlaceholder(content) });
  useCommand('message.addPlaceholder', addPlaceholder, !isCompletion);

  /** Expands a message when it is collapsed. */
  const withEditor = (index: number, part: number | undefined, use: (editor: CodeEditorHandle) => void) => {
    const key = keys[index];
    if (key === undefined) return;
    if (useForms.getState().collapsed.has(key)) toggleCollapsed(key);
    const textKey = keyOfText(index, part);
    const editor = textKey === null ? undefined : editors.current.get(textKey);
    if (editor !== undefined) return use(editor);
    bring(index);
    if (textKey === null) focusHeader(index);
    else whenThere(editors.current, textKey, use);
  };
  useImperativeHandle(ref, () => ({
    reveal: (index, position, part) => withEditor(index, part, (editor) => editor.reveal(position)),
  }));
  const stepProblem = (step: 1 | -1) => {
    const focused = content.messages.flatMap((message, index) =>
      templatesOf(message).flatMap(({ part }) => {
        const cursor = editors.current.get(keyOfText(index, part) ?? '')?.cursor() ?? null;
        return cursor === null ? [] : [{ index, ...(part !== undefined && { part }), ...cursor }];
      }),
    );
    const next = nextProblem(content, preview.getState().problems, focused[0] ?? null, step);
    if (next !== null) withEditor(next.index, next.part, (editor) => editor.showProblem(next));
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
              onEditor={(textKey, editor) => {
                if (editor === null) editors.current.delete(textKey);
                else editors.current.set(textKey, editor);
              }}
              onAdded={(partKey) => focusPart(index, key, partKey)}
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
        <div className="flex flex-wrap gap-1">
          <Tip {...commandTip('message.add')}>
            <Button variant="ghost" onClick={add}>
              <Plus /> Add message
            </Button>
          </Tip>
          <Tip label="A place for the messages of an input">
            <Button variant="ghost" onClick={addPlaceholder}>
              <ListPlus /> Add placeholder
            </Button>
          </Tip>
        </div>
      )}
    </div>
  );
}

/** The first declared input of messages that stands nowhere yet, else a name that is free. */
function freePlaceholder({ inputs, messages }: PromptContent): string {
  const used = new Set(messages.flatMap(({ placeholder }) => placeholder ?? []));
  const declared = inputs.find(({ name, type }) => type === 'messages' && !used.has(name));
  if (declared !== undefined) return declared.name;
  const taken = new Set([...used, ...inputs.map(({ name }) => name)]);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'history' : `history_${number}`;
    if (!taken.has(name)) return name;
  }
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
