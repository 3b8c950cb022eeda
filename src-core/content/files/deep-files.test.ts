import { expect, test } from 'vitest';
import { parseRows } from '../../comparisons/parse-rows.ts';
import { contentSchema } from '../../contract/content.ts';
import { coerceInputs } from '../inputs/coerce-inputs.ts';
import { readContentFile } from './read-content-file.ts';

const lists = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const inputs = contentSchema.parse({
  messages: [{ role: 'user', content: '{{ x }}' }],
  inputs: [{ name: 'x', type: 'object' }],
}).inputs;

/** Beyond the limit, and beyond where the stack of a reader or of the YAML parser ends. */
const depths = [300, 5_000, 20_000];

test.each(depths)('rows that nest %i levels deep are a problem that says so, in every format', (levels) => {
  for (const [format, text] of [
    ['json', `[{"x":${objects(levels)}}]`],
    ['jsonl', `{"x":${objects(levels)}}`],
    ['yaml', `- x: ${lists(levels)}`],
  ] as const) {
    const { rows, problems } = parseRows(text, inputs, format);
    expect(rows).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('it nests too deep')]);
  }
  const [row] = parseRows(`x\n"${objects(levels).replaceAll('"', '""')}"`, inputs, 'csv').rows;
  expect(row?.problems).toHaveLength(1);
});

test.each(depths)('prompt files that nest %i levels deep are refused with a sentence', (levels) => {
  const message = '"messages":[{"role":"user","content":"x"}]';
  for (const [name, text] of [
    ['a.json', `{${message},"responseSchema":${objects(levels)}}`],
    ['b.json', `{${message},"tools":[{"name":"t","parameters":${objects(levels)}}]}`],
    ['c.json', `{${message},"samples":[{"name":"s","inputs":${objects(levels)}}]}`],
    ['d.yaml', `{${message},"responseSchema":{"a":${lists(levels)}}}`],
    ['e.md', `---\ntools:\n  - name: t\n    parameters: {a: ${lists(levels)}}\n---\nHi`],
  ] as const) {
    const refused = {
      code: 'invalid',
      message: expect.stringMatching(/is not valid (JSON|YAML): it nests too deep\.$/),
    };
    expect(() => readContentFile(name, text)).toThrow(expect.objectContaining(refused));
  }
});

test.each(depths)('JSON text that nests %i levels deep is no object of an input', (levels) => {
  expect(coerceInputs(inputs, { x: objects(levels) }).problems).toHaveLength(1);
});
