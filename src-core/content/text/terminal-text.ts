import { oddClass } from './odd-characters.ts';

/**
 * Characters that a terminal executes or that change the order of what it shows: controls (without tab, line feed and
 * carriage return), bidirectional embeddings, overrides and isolates, and lone surrogates.
 */
const obeyed = /[[\p{Cc}\u202a-\u202e\u2066-\u2069\p{Cs}]--[\t\n\r]]/gv;

/**
 * The same and all other invisible characters: lone carriage returns, marks, invisible and unassigned characters.
 * Joiners and variation selectors stay, because emoji and many scripts need them.
 */
const unseen = new RegExp(`[${oddClass}--[\\r\\u200c\\u200d\\ufe00-\\ufe0f]]|\\r(?!\\n)`, 'gv');

/** `everything` for a terminal; `obeyed` for a file or a pipe, where all other characters stay. */
export type Escaping = 'everything' | 'obeyed';

/** `text` with such characters as code points, as in `<U+001B>`, so that untrusted text cannot control a terminal. */
export function terminalText(text: string, escaping: Escaping = 'everything'): string {
  return text.replace(escaping === 'everything' ? unseen : obeyed, numberOf);
}

function numberOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** The same JSON value with such characters escaped. */
export function terminalJson(json: string): string {
  return json.replace(unseen, (characters) =>
    Array.from({ length: characters.length }, (_, at) => {
      const unit = characters.charCodeAt(at);
      return `\\u${unit.toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** Escapes a text that comes in pieces, with the same result as for the whole text. */
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
