/** Turns generated tokens into text that is never cut inside a character and never shows a stop string. */
export interface TextStream {
  /** Text that can be shown after this token. */
  push(token: number): string;
  /** What was held back, once no more tokens come. */
  end(): string;
  /** True once a stop string has been generated; nothing more will come out. */
  readonly stopped: boolean;
}

/** `detokenize(tokens, before)` gives the text of `tokens` when they follow `before`. */
export function createTextStream(
  detokenize: (tokens: readonly number[], before: readonly number[]) => string,
  prompt: readonly number[],
  stop: readonly string[],
): TextStream {
  const characters = createCharacterStream(detokenize, prompt);
  let held = '';
  let stopped = false;

  const release = (text: string): string => {
    held += text;
    const cut = firstStop(held, stop);
    if (cut >= 0) {
      const visible = held.slice(0, cut);
      held = '';
      stopped = true;
      return visible;
    }
    const keep = possibleStopLength(held, stop);
    const visible = held.slice(0, held.length - keep);
    held = held.slice(held.length - keep);
    return visible;
  };

  return {
    push: (token) => (stopped ? '' : release(characters.push(token))),
    end() {
      if (stopped) return '';
      const rest = release(characters.end()) + held;
      held = '';
      return rest;
    },
    get stopped() {
      return stopped;
    },
  };
}

const replacement = '\uFFFD';
/** No character has more UTF-8 bytes than this, so no more tokens than this can be one unfinished character. */
const longestCharacter = 4;
/** Detokenizers look back only for the spacing of the next piece. */
const lookBack = 8;

function createCharacterStream(
  detokenize: (tokens: readonly number[], before: readonly number[]) => string,
  prompt: readonly number[],
) {
  let before = prompt.slice(-lookBack);
  let pending: number[] = [];
  /** How much of the text of `pending` is out already. */
  let shown = 0;
  /** Tokens since the unfinished character began. */
  let waited = 0;

  const flush = (text: string): string => {
    const rest = text.slice(shown);
    before = [...before, ...pending].slice(-lookBack);
    pending = [];
    shown = 0;
    waited = 0;
    return rest;
  };

  return {
    push(token: number): string {
      pending.push(token);
      const text = detokenize(pending, before);
      if (!text.endsWith(replacement)) return flush(text);
      const whole = text.replace(/\uFFFD+$/, '');
      waited = whole.length > shown ? 1 : waited + 1;
      // A model may generate U+FFFD itself; then waiting for more bytes is useless.
      if (waited >= longestCharacter) return flush(text);
      const visible = whole.slice(shown);
      shown = Math.max(shown, whole.length);
      return visible;
    },
    end: (): string => (pending.length === 0 ? '' : flush(detokenize(pending, before))),
  };
}

/** Where the earliest stop string begins in `text`, or -1. */
function firstStop(text: string, stop: readonly string[]): number {
  let first = -1;
  for (const candidate of stop) {
    const at = text.indexOf(candidate);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

/** How much of the end of `text` may be the beginning of a stop string. */
function possibleStopLength(text: string, stop: readonly string[]): number {
  let longest = 0;
  for (const candidate of stop) {
    for (let length = Math.min(candidate.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(candidate.slice(0, length))) longest = length;
    }
  }
  return longest;
}
