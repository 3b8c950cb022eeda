import { oddClass } from './odd-characters.ts';

/**
 * What a terminal obeys, or shows in another order than it stands there: controls (without tab, line feed and carriage
 * return), embeddings, overrides and isolates, and lone halves of surrogate pairs.
 */
const obeyed = /[[\p{Cc}\u202a-\u202e\u2066-\u2069\p{Cs}]--[\t\n\r]]/gv;

/**
 * The same, and whatever else cannot be seen: a carriage return that ends no line, marks, invisible and unassigned
 * characters. Joiners and variation selectors stay, for emoji and whole scripts need them and they do nothing else.
 */
const unseen = new RegExp(`[${oddClass}--[\\r\\u200c\\u200d\\ufe00-\\ufe0f]]|\\r(?!\\n)`, 'gv');

/** `everything`: for people to read. `obeyed`: for a file or a pipe, where all else stays as it is. */
export type Escaping = 'everything' | 'obeyed';

/** `text` with such characters as their numbers, as in `<U+001B>`, so that no text of others gives a terminal orders. */
export function terminalText(text: string, escaping: Escaping = 'everything'): string {
  return text.replace(escaping === 'everything' ? unseen : obeyed, numberOf);
}

function numberOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** JSON of the same value in which such characters are escaped, and so are neither obeyed nor invisible. */
export function terminalJson(json: string): string {
  return json.replace(unseen, (characters) =>
    Array.from({ length: characters.length }, (_, at) => {
      const unit = characters.charCodeAt(at);
      return `\\u${unit.toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** Escapes a text that comes in pieces, as it would be escaped in one. */
export interface TerminalStream {
  /** What is certain after this piece. */
  push(piece: string): string;
  /** What was held back. */
  end(): string;
}

export function createTerminalStream(escaping: Escaping): TerminalStream {
  let held = '';
  return {
    push(piece) {
      const text = held + piece;
      // The next piece may bring the other half of a character, or the line feed of this line end.
      held = /[\r\ud800-\udbff]$/.exec(text)?.[0] ?? '';
      return terminalText(text.slice(0, text.length - held.length), escaping);
    },
    end() {
      const rest = terminalText(held, escaping);
      held = '';
      return rest;
    },
  };
}
