import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { faultInFile } from './json-fault.ts';

/** What a file's JSON says; throws a `refusal` with the line where it is none, and where it is hostile. */
export function readJson(source: Source): unknown {
  const json = source.json();
  if ('problem' in json)
    throw refusal(`${source.path} is not valid JSON: ${json.problem}`, {
      reason: 'json',
      ...(json.line !== null && { line: json.line }),
    });
  const fault = faultInFile(json.value);
  if (fault !== null) throw refusal(`${source.path} is not read: ${fault}`, { reason: 'json' });
  return json.value;
}
