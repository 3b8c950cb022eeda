import type { EngineEvent } from '../ports.ts';

/** What a model says, its thoughts apart from its answer. */
export type Spoken = Extract<EngineEvent, { kind: 'delta' | 'reasoning' }>;

/** Tells thoughts from the answer in a text that arrives in pieces. */
export interface ThinkingStream {
  push(text: string): readonly Spoken[];
  /** What was held back, once no more comes. */
  end(): readonly Spoken[];
}

const opening = '<think>';
const closing = '</think>';
/** White space is held back so far, and no further: looking through all of it again with each piece takes for ever. */
const longestHeld = 2_000;

/**
 * Takes `<think>…</think>` at the very start of a text as reasoning; anywhere else it is text like any other. With
 * `thinking` the text begins inside, as after a chat template that opens the tag itself. White space around thoughts goes.
 */
export function createThinkingStream(thinking: boolean): ThinkingStream {
  let state: 'undecided' | 'thoughts' | 'gap' | 'answer' = thinking ? 'thoughts' : 'undecided';
  let held = '';
  let begun = false;

  const take = (last: boolean): Spoken[] => {
    switch (state) {
      case 'undecided': {
        const start = held.trimStart();
        if (!last && opening.startsWith(start) && held.length <= longestHeld) return [];
        if (!start.startsWith(opening)) return answer(held);
        held = start.slice(opening.length);
        state = 'thoughts';
        return take(last);
      }
      case 'thoughts': {
        if (!begun) held = held.trimStart();
        const end = held.indexOf(closing);
        if (end < 0) return think(last ? held.trimEnd() : held.slice(0, held.length - lengthToHold(held)));
        const thoughts = think(held.slice(0, end).trimEnd());
        held = held.slice(held.indexOf(closing) + closing.length);
        state = 'gap';
        return [...thoughts, ...take(last)];
      }
      case 'gap':
        held = held.trimStart();
        return held === '' ? [] : answer(held);
      case 'answer':
        return answer(held);
    }
  };

  /** Takes thoughts off the start of what is held. */
  const think = (text: string): Spoken[] => {
    held = held.slice(text.length);
    begun ||= text !== '';
    return text === '' ? [] : [{ kind: 'reasoning', text }];
  };

  const answer = (text: string): Spoken[] => {
    state = 'answer';
    held = '';
    return text === '' ? [] : [{ kind: 'delta', text }];
  };

  return {
    push(text) {
      if (state === 'answer') return text === '' ? [] : [{ kind: 'delta', text }];
      held += text;
      return take(false);
    },
    end: () => take(true),
  };
}

/** How much of the end may belong to the closing tag, with the white space before it. */
function lengthToHold(text: string): number {
  const tag = text.lastIndexOf('<');
  const partial = tag >= 0 && closing.startsWith(text.slice(tag)) ? text.length - tag : 0;
  const before = text.slice(0, text.length - partial);
  const white = before.length - before.slice(-longestHeld).trimEnd().length;
  return partial + Math.min(longestHeld, white);
}
