import { makeFloat, makeInteger } from '../runtime/values.ts';
import type { Token } from './lexer.ts';
import { syntaxFailure } from './located-failure.ts';

const floatLiteral = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integerLiteral = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;

/** The number that starts at a digit. */
export function numberToken(source: string, at: number): Token {
  // After a dot, `a.1.2` is two subscripts and never a float.
  const float = source[at - 1] === '.' ? null : matchAt(floatLiteral, source, at);
  const literal = (float ?? matchAt(integerLiteral, source, at))![0];
  const digits = literal.replaceAll('_', '');
  if (digits.length > 4300) throw syntaxFailure('This number has more than 4300 digits.', at, at + literal.length);
  const value = float === null ? makeInteger(BigInt(digits)) : makeFloat(Number(digits));
  return { kind: float === null ? 'integer' : 'float', text: literal, value, start: at, end: at + literal.length };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The text of a quoted literal, with Python's escapes. */
export function decodeString(literal: string, at: number): string {
  const body = literal.slice(1, -1);
  if (!body.includes('\\')) return body;
  return body.replace(
    /\\(?:x([\s\S]{0,2})|u([\s\S]{0,4})|U([\s\S]{0,8})|([0-7]{1,3})|([\s\S]))/gu,
    (whole, byte?: string, short?: string, long?: string, octal?: string, other?: string) => {
      const hex = byte ?? short ?? long;
      if (hex !== undefined) {
        const wanted = byte !== undefined ? 2 : short !== undefined ? 4 : 8;
        const code = /^[\da-fA-F]+$/.test(hex) && hex.length === wanted ? Number.parseInt(hex, 16) : Number.NaN;
        if (!(code <= 0x10ffff)) {
          throw syntaxFailure(
            `"${whole}" is not a complete escape.`,
            at,
            at + literal.length,
            `It needs ${wanted} hex digits.`,
          );
        }
        return String.fromCodePoint(code);
      }
      if (other === 'N') {
        throw syntaxFailure(
          'There are no characters by name here.',
          at,
          at + literal.length,
          'Write its number: \\u2014.',
        );
      }
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return otherEscape(other ?? '', whole);
    },
  );
}

/**
 * An escape that is not numeric: a known letter, otherwise the backslash stays. Python escapes what is beyond ASCII.
 */
function otherEscape(character: string, whole: string): string {
  if (Object.hasOwn(simpleEscapes, character)) return simpleEscapes[character]!;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return whole;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Matches a sticky pattern at a place. */
export function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}
