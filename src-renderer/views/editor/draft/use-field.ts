import { useEffect, useMemo, useRef, useState } from 'react';
import { fieldAt, wholePath } from '../../../../src-core/library/drafts/draft-fields.ts';
import type { TypedProblem } from '../../../../src-core/library/drafts/typed-texts.ts';
import { isOfPrompt } from '../../../../src-core/library/stored/typed-paths.ts';
import type { DraftHandle } from '../../../live/drafts/draft-handle.ts';
import { useDraft } from '../../../live/drafts/draft-store.ts';
import { commitField, problemsOf } from './field-commits.ts';

/** The text of a field and what is wrong with it. */
export interface FieldText {
  readonly text: string;
  readonly error: string | null;
  readonly onChange: (text: string) => void;
}

/** A field of a draft that takes effect with every valid text; what is not valid stays in it as it was typed. */
export function useField(handle: DraftHandle, path: string): FieldText {
  const shown = useDraft(handle, ({ content }) => fieldAt(path, content)?.read(content) ?? '');
  const held = useDraft(handle, ({ typed }) => typed[path]);
  // A valid text as the person wrote it, kept until something else changes the value.
  const [own, setOwn] = useState<{ readonly text: string; readonly shown: string } | null>(null);
  const { content } = handle.store.getState();
  const written = held === undefined ? undefined : fieldAt(path, content)?.write(content, held);
  return {
    text: held ?? (own !== null && own.shown === shown ? own.text : shown),
    error: written !== undefined && 'error' in written ? written.error : null,
    onChange: (text) => {
      handle.write(path, text);
      const { content: next } = handle.store.getState();
      setOwn({ text, shown: fieldAt(path, next)?.read(next) ?? '' });
    },
  };
}

/** A field that takes effect when it is left or confirmed. */
export interface LeftFieldText extends FieldText {
  /** Puts what is typed into effect; resolves when that is done or refused. */
  readonly commit: () => Promise<void>;
  /** Shows the value that is in effect again. */
  readonly revert: () => void;
}

/** A field whose text is held as it was typed until it is left; `value` is what is in effect. */
export function useLeftField(handle: DraftHandle, path: string, value: string): LeftFieldText {
  const held = useDraft(handle, ({ typed }) => typed[path]);
  const refused = useDraft(handle, ({ fieldErrors }) => fieldErrors[path]);
  const { content } = handle.store.getState();
  const written = held === undefined ? undefined : fieldAt(path, content)?.write(content, held);
  const latest = useRef(path);
  useEffect(() => {
    latest.current = path;
  });
  // Closing the tab while typing applies the text too.
  useEffect(() => () => void commitField(handle, latest.current), [handle]);
  return {
    text: held ?? value,
    error: written !== undefined && 'error' in written ? written.error : (refused ?? null),
    onChange: (text) => handle.hold(path, text === value ? null : text),
    commit: async () => void (await commitField(handle, path)),
    revert: () => handle.hold(path, null),
  };
}

const none: readonly TypedProblem[] = [];

/** Everything that a draft holds and that is not valid yet. */
export function useUnfinished(handle: DraftHandle): readonly TypedProblem[] {
  const typed = useDraft(handle, (state) => state.typed);
  const fieldErrors = useDraft(handle, (state) => state.fieldErrors);
  // The stored text of a whole content is what is shown anyway.
  const whole = useDraft(handle, ({ prompt }) => prompt.draft.typed[wholePath]);
  const isEmpty = whole === undefined && Object.keys(typed).length === 0 && Object.keys(fieldErrors).length === 0;
  // Without texts the content is not selected, so that typing does not render this again.
  const content = useDraft(handle, (state) => (isEmpty ? null : state.content));
  return useMemo(() => {
    if (content === null) return none;
    return problemsOf(content, whole === undefined ? typed : { ...typed, [wholePath]: whole }, fieldErrors);
  }, [content, typed, fieldErrors, whole]);
}

/** Those about the content, and not about title, name, description or tags. */
export function ofContent(problems: readonly TypedProblem[]): readonly TypedProblem[] {
  return problems.filter(({ path }) => !isOfPrompt(path));
}
