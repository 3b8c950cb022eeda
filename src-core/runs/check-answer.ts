import { validateJson } from '../content/json-schema/validate-json.ts';
import type { Json, JsonObject } from '../contract/shared.ts';

/** What is kept of the problems of one answer. */
const mostProblems = 10;
const longestProblem = 300;

/** Code units of an answer that is checked; a longer one would keep everybody waiting. */
export const longestChecked = 250_000;
/** A fraction of a second at the most, on the thread that serves everybody. */
const checkedSteps = 100_000;

/** Where an answer breaks its response schema, a sentence each; none when it keeps to it. */
export function checkAnswer(schema: JsonObject, answer: string): string[] {
  if (answer.length > longestChecked)
    return [`The answer was not checked, because it is longer than ${longestChecked.toLocaleString('en')} characters.`];
  const value = parse(answer);
  if (value === undefined) return [notJson(answer)];
  const violations = validateJson(schema, value, checkedSteps);
  if ('unusable' in violations) return [`The answer was not checked, because of its schema: ${violations.unusable}.`];
  return violations
    .slice(0, mostProblems)
    .map(({ path, message }) => `${path === '' ? 'The answer' : path} ${message}.`.slice(0, longestProblem));
}

/** Undefined when it is not JSON. */
function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notJson(answer: string): string {
  const text = answer.trim();
  if (text === '') return 'The answer is empty where JSON was expected.';
  const fenced = /^```\w*\s*\n([\s\S]*?)\n?```$/.exec(text);
  if (fenced !== null && parse(fenced[1] ?? '') !== undefined)
    return 'The answer is JSON inside a Markdown fence, where JSON alone was expected.';
  if (/^[[{]/.test(text)) return 'The answer begins like JSON but is incomplete or malformed.';
  return `The answer is text where JSON was expected; it begins with ${JSON.stringify([...text.slice(0, 80)].slice(0, 40).join(''))}.`;
}
