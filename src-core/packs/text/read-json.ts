import type { AppError } from '../../scope/errors.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { faultInFile, tooDeep } from './json-fault.ts';

/** What a file's JSON says; throws a `refusal` with the line where it is none, and where it is hostile. */
export function readJson(source: Source): unknown {
  const json = source.json();
  if ('problem' in json) throw jsonRefusal(source.path, json);
  const fault = faultInFile(json.value);
  if (fault !== null) throw refusal(`${source.path} is not read: ${fault}`, { reason: 'json' });
  return json.value;
}

/** What is said of a file whose JSON has a problem: it is none, or it nests too deep. */
export function jsonRefusal(
  path: string,
  { problem, line }: { readonly problem: string; readonly line: number | null },
): AppError {
  if (problem === tooDeep) return refusal(`${path} is not read: ${problem}`, { reason: 'too-deep' });
  return refusal(`${path} is not valid JSON: ${problem}`, { reason: 'json', ...(line !== null && { line }) });
}
