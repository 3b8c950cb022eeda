import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalContent } from '../../content/hash-content.ts';
import { createLosses } from '../losses.ts';
import { readSource } from '../read-source.ts';
import { createSource, noFolder } from '../source.ts';
import { anthropic } from './anthropic.ts';
import { langfuse } from './langfuse.ts';
import { openai } from './openai.ts';

const cases = join(import.meta.dirname, '..', 'testing', 'cases');
const formats = { langfuse, openai, anthropic };

/** What a text is read as under a name. */
async function read(path: string, text: string) {
  return readSource(createSource({ path, text, encoding: 'utf-8' }, noFolder));
}

for (const [folder, format] of Object.entries(formats)) {
  const files = readdirSync(join(cases, folder)).filter((name) => name !== 'expected.json');
  test.each(files)(`what is written of ${folder}/%s reads as the same content`, async (name) => {
    const { prompts } = await read(name, readFileSync(join(cases, folder, name), 'utf8'));
    const again = [];
    for (const { path, text } of format.write!(prompts, createLosses()))
      again.push(...(await read(path, text)).prompts);
    expect(again.map((prompt) => prompt.name)).toEqual(prompts.map((prompt) => prompt.name));
    for (const [index, prompt] of again.entries()) {
      expect(canonicalContent(prompt.content)).toBe(canonicalContent(prompts[index]!.content));
      expect(prompt.versions.map(({ content }) => canonicalContent(content))).toEqual(
        prompts[index]!.versions.map(({ content }) => canonicalContent(content)),
      );
      expect(prompt.labels).toEqual(prompts[index]!.labels);
      expect(prompt.tags).toEqual(prompts[index]!.tags);
    }
  });
}
