import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import type { Json } from '../../src-core/contract/shared.ts';
import { useConnection } from '../live/api.ts';
import { afterPress } from './after-press.ts';
import { useHeld } from './use-held.ts';

/** What a person typed as a value, or what is wrong with it as one sentence. */
export type ReadTyped<Value> = { readonly value: Value } | { readonly error: string };

interface LeftValueOptions<Typed extends Json, Value> {
  /** Unique among all fields of the window. */
  readonly key: string;
  readonly schema: z.ZodType<Typed>;
  /** What shows while nothing is typed: the value in effect. */
  readonly shown: Typed;
  readonly read: (typed: Typed) => ReadTyped<Value>;
  /** Puts it into effect; whether the host took it. */
  readonly save: (value: Value) => Promise<boolean>;
}

interface LeftValue<Typed> {
  readonly typed: Typed;
  /** Why the text is not in effect, once the field is left. */
  readonly error: string | null;
  readonly onChange: (typed: Typed) => void;
  readonly commit: () => Promise<void>;
  /** Shows the value in effect again. */
  readonly revert: () => void;
}

/**
 * A value that takes effect when its field is left. An invalid one stays as it was typed; one that the host could not
 * take is sent again when the host is back.
 */
export function useLeftValue<Typed extends Json, Value>(options: LeftValueOptions<Typed, Value>): LeftValue<Typed> {
  const { key, schema, shown, read, save } = options;
  const [held, hold] = useHeld(key, { schema });
  const [isTyping, setTyping] = useState(false);
  const result = held === null ? null : read(held);
  const isSaving = useRef(false);
  /** Whether a commit was asked for while another one was running. */
  const isDue = useRef(false);
  const commit = async () => {
    // The error under the field moves the buttons below it, which would lose a click that has begun.
    afterPress(() => setTyping(false));
    isDue.current = isSaving.current;
    if (isSaving.current) return;
    const now = latest.current.held;
    const typed = now === null ? null : read(now);
    if (typed === null || 'error' in typed) return;
    isSaving.current = true;
    const isDone = JSON.stringify(now) === JSON.stringify(shown) || (await save(typed.value));
    isSaving.current = false;
    // A person may have typed on meanwhile.
    if (isDone && latest.current.held === now) latest.current.hold(null);
    // The host came back, or another text was left, while this one was on its way.
    else if (isDue.current) await latest.current.commit();
  };
  const latest = useRef({ held, hold, commit });
  useEffect(() => {
    latest.current = { held, hold, commit };
  });
  const isLeft = held !== null && !isTyping;
  const isOpen = useConnection(({ state }) => state.kind === 'open');
  // The host may have been away, or the tab may have been closed while the field was typed in.
  useEffect(() => {
    if (isLeft && isOpen) void latest.current.commit();
  }, [isLeft, isOpen]);
  return {
    typed: held ?? shown,
    error: isLeft && result !== null && 'error' in result ? result.error : null,
    onChange: (typed) => {
      setTyping(true);
      latest.current.held = typed;
      hold(typed);
    },
    commit,
    revert: () => hold(null),
  };
}

type LeftTextOptions<Value> = Omit<LeftValueOptions<string, Value>, 'schema'>;

/** The same for a text field. */
export function useLeftText<Value>(options: LeftTextOptions<Value>): LeftValue<string> {
  return useLeftValue({ ...options, schema: textSchema });
}

const textSchema = z.string();
