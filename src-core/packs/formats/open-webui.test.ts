import { describe, expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import { lossLines, readText, refusalPair } from '../testing/read-and-write.ts';

function entry(content: unknown, more: object = {}) {
  return { command: '/a', title: 'A', content, ...more };
}

async function read(content: string) {
  const imported = await readText('x.json', [entry(content)]);
  const [prompt] = imported.prompts;
  return {
    prompt: prompt!,
    text: prompt!.content.messages[0]!.content,
    inputs: prompt!.content.inputs,
    lines: lossLines(imported),
  };
}

describe('variables', () => {
  test('have types, defaults and descriptions', async () => {
    const { text, inputs } = await read(
      [
        '{{ plain }}',
        '{{t | text:placeholder="a: b":default="c=d":required}}',
        '{{n|number:default=5}}',
        '{{r | range:required}}',
        '{{c | checkbox:default=true}}',
        '{{s | select:options=["x:y","z"]:default="z"}}',
        '{{o | select:options=["1"]:label="One"}}',
        '{{d | date:required}}',
      ].join(' '),
    );
    expect(text).toBe('{{ plain }} {{ t }} {{ n }} {{ r }} {{ c | lower }} {{ s }} {{ o }} {{ d }}');
    expect(inputs).toEqual([
      { name: 'plain', type: 'string', required: true, description: '' },
      { name: 't', type: 'string', required: false, default: 'c=d', description: 'a: b' },
      { name: 'n', type: 'number', required: false, default: 5, description: '' },
      { name: 'r', type: 'number', required: true, description: '' },
      { name: 'c', type: 'boolean', required: false, default: true, description: '' },
      { name: 's', type: 'enum', required: false, default: 'z', values: ['x:y', 'z'], description: '' },
      { name: 'o', type: 'enum', required: false, values: ['1'], description: 'One' },
      { name: 'd', type: 'string', required: true, description: '' },
    ]);
  });

  test('that come twice are one, typed wherever a type stands', async () => {
    const { text, inputs } = await read('{{n}} {{n | number}} {{ n }}');
    expect(text).toBe('{{ n }} {{ n }} {{ n }}');
    expect(inputs).toEqual([{ name: 'n', type: 'number', required: false, description: '' }]);
  });

  test('print as Open WebUI prints them', async () => {
    const { prompt } = await read('{{c | checkbox}} {{n | number}} {{USER_NAME}} {% x %} {{ two words }}');
    const { messages } = renderContent(prompt.content, { c: true, n: 5 });
    expect(messages![0]!.text).toBe('true 5  {% x %} {{ two words }}');
  });

  test('of names that are none here have others', async () => {
    const { prompt, lines } = await read('{{book-title}} {{#if}} {{größe}}');
    expect(prompt.inputSources).toEqual({ book_title: 'book-title', if_: '#if' });
    expect(lines).toEqual(['approximated variable-renamed book-title', 'approximated variable-renamed #if']);
  });

  test('keep what has no home, and bad defaults are none', async () => {
    const { prompt, inputs, lines } = await read(
      '{{n | number:min=1:default=many}} {{s | select:options=[broken:default="a"}} {{m | map:__proto__=1}}',
    );
    expect(inputs.map(({ type, default: given }) => [type, given])).toEqual([
      ['number', undefined],
      ['string', undefined],
      ['string', undefined],
    ]);
    expect(lines).toEqual(['kept variable-min n', 'kept variable-options s', 'kept variable-type m']);
    expect(prompt.metadata).toMatchObject({
      import: { values: { variables: { n: { min: '1' }, m: { type: 'map' } } } },
    });
  });

  test('a quote that never ends stays a text, quickly', async () => {
    const text = `{{a | text:default="${'"x'.repeat(20_000)} }}`;
    const start = performance.now();
    expect((await read(text)).inputs).toEqual([]);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('entries', () => {
  test('of all years are read, and people and access are dropped', async () => {
    const imported = await readText('prompts-export-1.json', [
      entry('x', {
        command: 'new',
        title: undefined,
        name: 'New',
        tags: ['a', { name: 'b' }, 5],
        is_active: false,
        user_id: 'kim',
        meta: { icon: 'i' },
      }),
      entry('y', { command: '/', title: 'Ünnamed', user: { email: 'kim@example.test' }, access_control: {} }),
    ]);
    expect(imported.prompts.map(({ name, title, tags, active }) => [name, title, tags, active])).toEqual([
      ['new', 'New', ['a', 'b'], false],
      ['unnamed', 'Ünnamed', [], true],
    ]);
    expect(lossLines(imported)).toEqual(['dropped author new', 'kept entry-data new', 'dropped author /']);
    expect(JSON.stringify(imported)).not.toContain('kim');
  });

  test('without a text are losses, and a file of nothing else is refused', async () => {
    expect(
      lossLines(
        await readText('x.json', [entry('x'), entry('  ', { command: '/b' }), entry(5, { command: '/c' }), null]),
      ),
    ).toEqual(['dropped entry /b', 'dropped entry /c', 'dropped entry [3]']);
    expect(await refusalPair('x.json', [entry(null)])).toEqual(['no-messages', 'x.json has no prompts with a text.']);
  });

  test('of the same command have different names', async () => {
    const { prompts } = await readText('x.json', [entry('x'), entry('y')]);
    expect(prompts.map(({ name }) => name)).toEqual(['a', 'a-2']);
  });

  test('of a history are versions of one prompt', async () => {
    const state = (content: string, at: number, message: string) => ({
      id: `h${at}`,
      prompt_id: 'p',
      snapshot: { command: 'a', name: 'A', content },
      commit_message: message,
      created_at: at,
    });
    const { prompts } = await readText('x.json', [state('new {{b}}', 2, 'second'), state('old {{a}}', 1, 'first')]);
    expect(
      prompts.map(({ content }) => [content.messages[0]!.content, content.inputs.map(({ name }) => name)]),
    ).toEqual([['new {{ b }}', ['b']]]);
    expect(
      prompts[0]!.versions.map(({ note, source, content }) => [note, source, content.inputs.map(({ name }) => name)]),
    ).toEqual([['first', 'h1', ['a']]]);
  });

  test('one alone, with line ends of Windows, is read', async () => {
    const { prompts } = await readText('x.json', entry('a\r\n{{b}}'));
    expect(prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'a\n{{ b }}' }]);
  });

  test('that are hostile are refused', async () => {
    expect(
      (await refusalPair('x.json', '[{"command":"/a","title":"A","content":"b","data":{"__proto__":1}}]'))[1],
    ).toBe('x.json is not read: It has a key named "__proto__", which is never read.');
  });
});
