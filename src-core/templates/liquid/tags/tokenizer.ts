/// <reference path="../liquidjs.d.ts" />
import { TagToken, type Token, Tokenizer } from 'liquidjs/dist/liquid.browser.mjs';

const verbatimTags: ReadonlySet<string> = new Set(['raw', 'comment', 'doc']);
const rawEnd = /\{%-?\s*endraw\s*-?%\}/g;
const docEnd = /\{%-?\s*enddoc\s*-?%\}/g;
const commentPart = /\{%-?\s*(?:(comment|endcomment)\b[^%]*%\}|raw\s*-?%\}[\s\S]*?\{%-?\s*endraw\s*-?%\})/g;

/**
 * liquidjs' tokenizer with two fixes: `endraw` may have whitespace control, and a `comment` or `doc` may hold invalid
 * tags and other comments.
 */
export class VerbatimTokenizer extends Tokenizer {
  #verbatim = '';

  override readTagToken(options: object): Token {
    const token = super.readTagToken(options);
    if (token instanceof TagToken && verbatimTags.has(token.name)) {
      this.#verbatim = token.name;
      this.rawBeginAt = token.begin;
    }
    return token;
  }

  /** The text up to the end tag, or the end tag when there is no text before it. */
  override readEndrawOrRawContent(options: object): Token {
    const begin = this.p;
    const end = this.#findEnd(begin);
    if (end === null) throw this.error(`tag {% ${this.#verbatim} %} not closed`, this.rawBeginAt);
    if (end.start > begin) return this.#textUntil(end.start);
    this.rawBeginAt = -1;
    this.p = end.end;
    return new TagToken(this.input, begin, end.end, options, this.file);
  }

  #textUntil(end: number): Token {
    const whole = this.N;
    this.N = end;
    const text = this.readHTMLToken([]);
    this.N = whole;
    return text;
  }

  #findEnd(from: number): { readonly start: number; readonly end: number } | null {
    if (this.#verbatim === 'comment') return findCommentEnd(this.input, from);
    const pattern = this.#verbatim === 'raw' ? rawEnd : docEnd;
    pattern.lastIndex = from;
    const found = pattern.exec(this.input);
    return found === null ? null : { start: found.index, end: pattern.lastIndex };
  }
}

function findCommentEnd(source: string, from: number): { readonly start: number; readonly end: number } | null {
  let open = 1;
  commentPart.lastIndex = from;
  for (let found = commentPart.exec(source); found !== null; found = commentPart.exec(source)) {
    if (found[1] === 'comment') open += 1;
    if (found[1] === 'endcomment') open -= 1;
    if (open === 0) return { start: found.index, end: commentPart.lastIndex };
  }
  return null;
}
