import type { Position } from '../../templates/runtime/types.ts';
import { doubledKeyProblem } from './doubled-keys.ts';
import { locateJsonError } from './locate-json-error.ts';
import { locateJsonValue } from './locate-json-value.ts';
import { readMessages } from './messages-value.ts';
import { parseWrittenJson, plainJson } from './written-json.ts';

/** What is wrong with a text, and where; lines and columns count from 1. */
export interface TextProblem {
  readonly message: string;
  readonly start: Position;
  readonly end: Position;
}

/** The first thing that is wrong with the JSON text of an input of type `messages`; null when nothing is. */
export function messagesTextProblem(text: string): TextProblem | null {
  const broken = jsonTextProblem(text);
  if (broken !== null) return broken;
  const list = plainJson(parseWrittenJson(text));
  if (!Array.isArray(list)) return problemAt(text, [0, text.length], 'Expected a list of messages: [ … ].');
  const read = readMessages(list);
  if (!('problem' in read)) return null;
  const said = read.problem.replace(/^is refused: /, '');
  const sentence = said === read.problem ? `It ${said}` : said.charAt(0).toUpperCase() + said.slice(1);
  return problemAt(text, locateJsonValue(text, read.at), `${sentence}.`);
}

/** The first thing that makes a text no JSON that can be kept whole; null when nothing does. */
export function jsonTextProblem(text: string): TextProblem | null {
  const at = locateJsonError(text);
  if (at !== null) {
    const message = at === text.length ? 'This ends too early to be JSON.' : 'This is not valid JSON here.';
    return problemAt(text, [at, at + 1], message);
  }
  const doubled = doubledKeyProblem(text);
  if (doubled !== null) return problemAt(text, [0, text.length], `${doubled}.`);
  try {
    parseWrittenJson(text);
    return null;
  } catch (error) {
    return problemAt(text, [0, text.length], error instanceof Error ? error.message : String(error));
  }
}

function problemAt(text: string, [from, to]: readonly [number, number], message: string): TextProblem {
  return { message, start: positionAt(text, from), end: positionAt(text, to) };
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n?|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
