import { describe, expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import { createSource, noFolder } from '../source.ts';
import { lossLines, promptLines, readFiles, refusalOf } from '../testing/read-and-write.ts';
import { promptdown } from './promptdown.ts';

const table = '## Conversation\n\n| Role | Content |\n|---|---|\n';

describe('PromptDown', () => {
  test('a table has a message in each row, with line breaks and bars escaped', async () => {
    const text = `# Letter\n## System Message\n\nBe {tone}.\n\n${table}| User | a\\nb \\| c |\n| Assistant | Yes |\n`;
    expect(await promptLines({ 'x.md': text })).toEqual([
      'system: Be {{ tone }}.',
      'user: a\nb | c',
      'assistant: Yes',
      'tone string required',
    ]);
    expect((await readFiles({ 'x.md': text })).prompts[0]).toMatchObject({ name: 'x', title: 'Letter' });
  });

  test('paragraphs behind names say the same', async () => {
    const text =
      '# T\n## Developer Message\nBe brief.\n## Conversation\n**User:**\nHi\n\nthere\n\n**Assistant:** Hello\n';
    expect(await promptLines({ 'x.md': text })).toEqual([
      'developer: Be brief.',
      'user: Hi\n\nthere',
      'assistant: Hello',
    ]);
  });

  test('braces that are no variable are text, also those of Jinja', async () => {
    const { prompts } = await readFiles({ 'x.md': `${table}| User | {"a": 1} {{x}} {% y %} {größe} |` });
    const { messages } = renderContent(prompts[0]!.content, { x: 'X', größe: 'G' }, {});
    expect(messages![0]!.text).toBe('{"a": 1} {X} {% y %} G');
  });

  test('CRLF, a table without outer bars at its end and blank cells', async () => {
    expect(await promptLines({ 'x.md': `${table}| User | Hi\n| | |\n`.replace(/\n/g, '\r\n') })).toEqual(['user: Hi']);
  });

  test('an unknown role is of the user, and a loss', async () => {
    const { prompts, losses } = await readFiles({ 'x.md': `${table}| Narrator | Hi |` });
    expect(prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'Hi' }]);
    expect(lossLines(losses)).toEqual(['approximated role Narrator']);
  });

  test('other sections are kept', async () => {
    const { prompts, losses } = await readFiles({ 'x.md': `${table}| User | Hi |\n\n## Notes\n\nabc\n` });
    expect(prompts[0]!.metadata).toEqual({ import: { format: 'promptdown', values: { notes: '\nabc\n\n' } } });
    expect(lossLines(losses)).toEqual(['kept section notes']);
  });

  test('a system message alone is a prompt when a title stands before it', async () => {
    expect(await promptLines({ 'x.md': '# T\n\n## System Message\n\nBe kind.' })).toEqual(['system: Be kind.']);
  });

  test('empty sections are refused', async () => {
    expect(await refusalOf({ 'x.md': '# T\n\n## System Message\n\n## Conversation\n' })).toEqual({
      reason: 'no-messages',
      message: 'x.md has no messages: its sections are empty.',
    });
  });

  test('other Markdown is not PromptDown', async () => {
    const text = '# T\n\n## Notes\n\n| a | b |\n|---|---|\n| 1 | 2 |';
    expect(promptdown.detect(createSource({ path: 'x.md', text, encoding: 'utf-8' }, noFolder))).toBeNull();
    expect((await readFiles({ 'x.md': text })).format).toBe('markdown');
  });

  test('a heading named like a member of objects does no harm', async () => {
    const { prompts } = await readFiles({
      'x.md': `${table}| User | {constructor} |\n\n## __proto__\nx\n## constructor\ny`,
    });
    expect(prompts[0]!.content.inputs.map(({ name }) => name)).toEqual(['constructor']);
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});
