import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentSchema } from '../../contract/content.ts';
import { AppError } from '../../scope/errors.ts';
import { describeImport } from '../describe-import.ts';
import { createLosses } from '../losses.ts';
import { readText } from '../testing/read-and-write.ts';
import { anthropic } from './anthropic.ts';
import { langfuse } from './langfuse.ts';
import { librechat } from './librechat.ts';
import { openWebui } from './open-webui.ts';
import { openai } from './openai.ts';

const formats = [langfuse, openai, anthropic, openWebui, librechat];

const cases = join(import.meta.dirname, '..', 'testing', 'cases');
const folders = ['langfuse', 'openai', 'anthropic', 'open-webui', 'librechat'];
const junk = [
  null,
  undefined,
  0,
  -1.5,
  '',
  'x',
  '{{x}}',
  '{% if',
  true,
  [],
  [null],
  {},
  { role: 'user' },
  { type: 'text' },
  [[[]]],
];

/** The same numbers every time, so that a failure comes again. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** The value with one of its members replaced, removed or doubled. */
function broken(value: unknown, next: (below: number) => number): unknown {
  if (typeof value !== 'object' || value === null || next(4) === 0) return junk[next(junk.length)];
  if (Array.isArray(value)) {
    const at = next(value.length);
    if (next(6) === 0) return [...value, ...value];
    return value.flatMap((item, index) => (index !== at ? [item] : next(5) === 0 ? [] : [broken(item, next)]));
  }
  const keys = Object.keys(value);
  const key = keys[next(keys.length)] ?? 'x';
  const other = next(8) === 0 ? (keys[next(keys.length)] ?? 'x') : key;
  return { ...value, [other]: broken((value as Record<string, unknown>)[key], next) };
}

const files = folders.flatMap((folder) =>
  readdirSync(join(cases, folder))
    .filter((name) => name !== 'expected.json')
    .map((name) => [folder, name] as const),
);

test.each(files)('%s/%s, broken in any way, is read or refused, and never fails otherwise', async (folder, name) => {
  const text = readFileSync(join(cases, folder, name), 'utf8');
  const ids = formats.flatMap((format) => format.ids);
  const next = numbersFrom(7);
  for (let round = 0; round < 300; round += 1) {
    const lines = name.endsWith('.jsonl') ? text.trim().split('\n') : [text];
    const values = lines.map((line) => broken(broken(JSON.parse(line), next), next));
    const written = values.map((value) => JSON.stringify(value) ?? '').join('\n');
    const chosen = next(3) === 0 ? ids[next(ids.length)] : undefined;
    try {
      const imported = await readText(name, written, chosen);
      describeImport(imported);
      for (const { content } of imported.prompts) expect(contentSchema.safeParse(content).success).toBe(true);
      for (const format of formats) format.write?.(imported.prompts, createLosses());
    } catch (error) {
      if (!(error instanceof AppError)) throw new Error(`${chosen} ${written}`, { cause: error });
    }
  }
});
