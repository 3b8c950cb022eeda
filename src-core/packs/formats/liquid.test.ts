import { describe, expect, test } from 'vitest';
import { lossLines, promptLines, readFiles, refusalOf } from '../testing/read-and-write.ts';

describe('Liquid files', () => {
  test('stay Liquid, as one message of the user', async () => {
    const { prompts, format } = await readFiles({ 'mails/Reply.liquid': 'Hi {{ user.name | upcase }}\n' });
    expect([format, prompts[0]!.name, prompts[0]!.content.syntax]).toEqual(['liquid', 'mails/reply', 'liquid']);
    expect(prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'Hi {{ user.name | upcase }}' }]);
  });

  test('inputs are what is read and not assigned', async () => {
    expect(
      (
        await promptLines({ 'a.liquid': '{% assign a = 1 %}{{ a }}{{ b }}{% for i in items %}{{ i.x }}{% endfor %}' })
      ).slice(1),
    ).toEqual(['b string required', 'items object required']);
  });

  test('names of Liquid are legal ones', async () => {
    expect((await promptLines({ 'a.liquid': '{{ book-title }} {{ größe }}' })).slice(1)).toEqual([
      'book-title string required',
      'größe string required',
    ]);
  });

  test('rendered parts get the names of their prompts', async () => {
    const { prompts, losses } = await readFiles({
      'a.liquid': '{% render "foot.liquid" %}{% render "gone" %}',
      'foot.liquid': 'x',
    });
    expect(prompts[0]!.includes).toEqual(['foot', 'gone']);
    expect(lossLines(losses)).toEqual(['unresolved include gone']);
  });

  test('Jinja in Liquid is reported, not converted', async () => {
    const { problems } = await readFiles({ 'a.liquid': 'x\n{% set a = 1 %}' });
    expect(problems.map(({ line }) => line)).toEqual([2]);
  });

  test('an empty file is refused', async () => {
    expect(await refusalOf({ 'a.liquid': '' })).toEqual({ reason: 'no-messages', message: 'a.liquid is empty.' });
  });
});
