import { expect, test } from 'vitest';
import { formats } from './formats/registry.ts';
import { createSource, noFolder } from './source.ts';

const names = [
  ...['a.md', 'a.prompt.md', 'a.mdc', 'a.txt', 'a.jinja2', 'a.liquid', 'a.mustache', 'skprompt.txt'],
  ...['a.prompt', 'a.prompty', 'a.promptl', 'a.json', 'a.jsonl', 'a.csv', 'a.cforge', 'pasted'],
];
const long = 1_000_000;
const repeated = (text: string) => text.repeat(long / text.length);

const texts: readonly (readonly [string, string])[] = [
  ['an open tag with blanks', `{{${' '.repeat(long)}x`],
  ['tags that do not end', repeated('{{ ')],
  ['tags that end', repeated('{{ x }} ')],
  ['tags with a brace too many', repeated('{{ { }} ')],
  ['tags with an apostrophe', repeated("{{ ' ")],
  ['a text in a tag, escaped for ever', `{{ "${repeated('\\"')}`],
  ['blocks that do not end', repeated('{% if ')],
  ['roles', repeated('system:\n')],
  ['role tags', repeated('{{role "user"}}\n')],
  ['steps that do not end', repeated('<step ')],
  ['blanks before a word', `${' '.repeat(long)}x`],
  ['a heading with blanks and hashes', `## ${repeated(' #')}x`],
  ['hashes', '#'.repeat(long)],
  ['rules', repeated('---\n')],
  ['bars', repeated('| a | b |\n')],
  ['quotes', repeated('"')],
];

test.each(texts)('%s: what a file is, every format says in a moment', { timeout: 60_000 }, (_, text) => {
  for (const path of names) {
    const source = createSource({ path, text, encoding: 'utf-8' }, noFolder);
    const started = performance.now();
    for (const format of formats) format.detect(source);
    // Far above what it takes, for busy machines; in proportion to the square it would be minutes.
    expect(performance.now() - started, path).toBeLessThan(2_000);
  }
});
