import { describe, expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import { createLosses } from '../losses.ts';
import { lossLines, readText, refusalPair } from '../testing/read-and-write.ts';
import { langfuse } from './langfuse.ts';

function entry(prompt: unknown, more: object = {}) {
  return { name: 'a', version: 1, type: 'text', prompt, config: {}, tags: [], labels: [], ...more };
}

async function textOf(prompt: string): Promise<unknown> {
  const { prompts } = await readText('x.json', [entry(prompt)]);
  return prompts[0]!.content.messages[0]!.content;
}

describe('templates', () => {
  test.each([
    ['{{name}} {{ name }} {{\tname\n}}', '{{ name }} {{ name }} {{ name }}'],
    ['{{größe}} {{приоритет}} {{नाम}}', '{{ größe }} {{ приоритет }} {{ नाम }}'],
    ['{{{x}}}', '{{ "{" }}{{ x }}}'],
    ['{{a.b}} {{a-b}} {{1a}} {{}}', '{% raw %}{{a.b}} {{a-b}} {{1a}} {{}}{% endraw %}'],
    ['{{#if a}}', '{{ "{{" }}#if a}}'],
    ['{# gone? #}', '{{ "{#" }} gone? #}'],
    ['{%endraw%}{{{{{{{{', '{{ "{%" }}endraw%}{{ "{{" }}{{ "{{" }}{{ "{{" }}{{ "{{" }}'],
  ])('%s', async (source, jinja) => {
    expect(await textOf(source)).toBe(jinja);
  });

  test('a name that Jinja keeps for itself is another one, and written back as it was', async () => {
    const imported = await readText('x.json', [entry('{{loop}} {{loop_}}')]);
    const [prompt] = imported.prompts;
    expect(prompt!.content.messages[0]!.content).toBe('{{ loop_ }} {{ loop__2 }}');
    expect(lossLines(imported)).toEqual(['approximated variable-renamed loop', 'approximated variable-renamed loop_']);
    expect(JSON.parse(langfuse.write!([prompt!], createLosses())[0]!.text)[0].prompt).toBe('{{loop}} {{loop_}}');
  });

  test('render as Langfuse does', async () => {
    const { prompts } = await readText('x.json', [entry('{{{x}}} {{ y }} {{not me}} {% if %} {{x}}{{y}}\n')]);
    const { messages } = renderContent(prompts[0]!.content, { x: 'X', y: '{{x}}' });
    expect(messages![0]!.text).toBe('{X} {{x}} {{not me}} {% if %} X{{x}}\n');
  });
});

describe('references', () => {
  test('mean our names and our numbers, and what is not there is said', async () => {
    const imported = await readText('x.json', [
      entry('v4', { name: 'Tone Of Voice', version: 4 }),
      entry('v9', { name: 'Tone Of Voice', version: 9 }),
      entry(
        [
          'name=Tone Of Voice|version=9',
          'name=Tone Of Voice|label=latest',
          'name=Tone Of Voice|version=5',
          'name=gone|label=production',
          'name=x',
          'label=a|name=x',
        ]
          .map((inner) => `@@@langfusePrompt:${inner}@@@`)
          .join('\n'),
      ),
    ]);
    expect(imported.prompts[1]!.content.messages[0]!.content).toBe(
      [
        '{% include "tone-of-voice@2" %}',
        '{% include "tone-of-voice" %}',
        '{% include "tone-of-voice@5" %}',
        '{% include "gone@production" %}',
        '@@@langfusePrompt:name=x@@@',
        '@@@langfusePrompt:label=a|name=x@@@',
      ].join('\n'),
    );
    expect(imported.prompts[1]!.includes).toEqual([
      'tone-of-voice@2',
      'tone-of-voice',
      'tone-of-voice@5',
      'gone@production',
    ]);
    expect(lossLines(imported)).toEqual([
      'approximated name-changed Tone Of Voice',
      'approximated version-numbers 4,9 -> 1,2',
      'unresolved include Tone Of Voice|version=5',
      'unresolved include gone',
      'unresolved include @@@langfusePrompt:name=x@@@',
      'unresolved include @@@langfusePrompt:label=a|name=x@@@',
    ]);
  });
});

describe('versions', () => {
  test('are in the order of their numbers, with their own notes, labels and settings', async () => {
    const { prompts } = await readText('x.json', [
      entry('three', {
        version: 3,
        labels: ['latest', 'production'],
        commitMessage: 'third',
        config: { model: 'm', top_k: 3 },
      }),
      entry('one', { labels: ['staging'], commitMessage: 'first', config: { temperature: 1, top_k: 1 } }),
      entry([{ role: 'system', content: 'two' }], { version: 2, type: 'chat' }),
    ]);
    expect(prompts).toHaveLength(1);
    expect(
      prompts[0]!.versions.map(({ source, note, labels, content }) => [
        source,
        note,
        labels,
        content.messages[0]!.content,
      ]),
    ).toEqual([
      ['1', 'first', ['staging'], 'one'],
      ['2', '', [], 'two'],
    ]);
    expect(prompts[0]!.labels).toEqual(['production']);
    expect(prompts[0]!.content.settings.model).toBe('m');
    expect(prompts[0]!.metadata).toMatchObject({
      import: {
        values: {
          version: 3,
          commitMessage: 'third',
          parameters: { top_k: 3 },
          versions: [{ parameters: { top_k: 1 } }, { type: 'chat' }],
        },
      },
    });
  });

  test('without numbers stand as in the file, and the last is the newest', async () => {
    const { prompts } = await readText('x.json', [
      entry('a', { version: undefined }),
      entry('b', { version: undefined }),
    ]);
    expect(prompts[0]!.content.messages[0]!.content).toBe('b');
    expect(prompts[0]!.versions.map(({ source }) => source)).toEqual(['']);
  });
});

describe('files', () => {
  test('of the API are one prompt or a page', async () => {
    const one = {
      ...entry([{ type: 'chatmessage', role: 'user', content: 'Hi' }], { type: 'chat' }),
      ...{
        id: 'p',
        projectId: 'q',
        createdAt: '2026-01-01',
        createdBy: 'kim',
        isActive: null,
        resolutionGraph: null,
        extra: 1,
      },
    };
    const imported = await readText('x.json', one);
    expect(imported.prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'Hi' }]);
    expect(lossLines(imported)).toEqual(['kept unknown-key a.extra', 'dropped author a']);
    expect(JSON.stringify(imported)).not.toContain('kim');
    expect((await readText('x.json', { data: [one], meta: {} })).prompts).toHaveLength(1);
  });

  test('that list names without texts are refused with what to do', async () => {
    expect(
      await refusalPair('x.json', { data: [{ name: 'a', versions: [1], labels: [], tags: [] }], meta: {} }),
    ).toEqual([
      'no-texts',
      "x.json lists prompts without their texts, as Langfuse's list of prompts does. Export them in Langfuse, or fetch each prompt.",
    ]);
  });

  test('made at home by other rules are not Langfuse’s', async () => {
    expect((await refusalPair('x.json', { greeting: { content: 'Hi' }, bye: { content: 'Ho' } }))[0]).toBe(
      'unknown-format',
    );
    expect((await refusalPair('x.json', []))[0]).toBe('unknown-format');
    expect((await refusalPair('langfuse-prompts-latest-2026-09-01.json', [], 'langfuse'))[0]).toBe('no-messages');
  });

  test('with broken entries give the others', async () => {
    const imported = await readText('x.json', [
      null,
      entry(null),
      entry([], { name: 'empty' }),
      entry('ok', { name: 'Ünïcode/Näme', labels: ['Bad Label', 3, '12', 'fine'], tags: ['t', null], config: 'none' }),
      entry([5, { type: 'placeholder' }], { name: 'broken' }),
      entry(
        Array.from({ length: 201 }, () => ({ role: 'user', content: 'a' })),
        { name: 'many' },
      ),
      entry('ok', { name: 'unicode/name' }),
    ]);
    expect(imported.prompts.map(({ name, labels, tags }) => [name, labels, tags])).toEqual([
      ['unicode/name', ['fine'], ['t']],
      ['unicode/name-2', [], []],
    ]);
    expect(lossLines(imported)).toEqual([
      'dropped entry [0]',
      'dropped entry a',
      'dropped entry empty',
      'approximated name-changed Ünïcode/Näme',
      'approximated name-changed unicode/name',
      'kept config Ünïcode/Näme.config',
      'dropped label Bad Label',
      'dropped label 12',
      'dropped message broken.prompt[0]',
      'dropped message broken.prompt[1]',
      'dropped entry broken',
      'dropped entry many',
    ]);
  });

  test('that are hostile are refused', async () => {
    expect(await refusalPair('x.json', '[{"name":"a","version":1,"prompt":"b","__proto__":{"polluted":1}}]')).toEqual([
      'json',
      'x.json is not read: It has a key named "__proto__", which is never read.',
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('with ten thousand prompts are read', async () => {
    const { prompts } = await readText(
      'x.json',
      Array.from({ length: 10_000 }, (_, index) => entry('{{a}} x', { name: `p${index}` })),
    );
    expect(prompts).toHaveLength(10_000);
  });
});

test('config maps to settings, tools and the schema of the answer; the rest is kept', async () => {
  const imported = await readText('x.json', [
    entry('a', {
      config: {
        model: 'm',
        temperature: 0.1,
        top_p: 0.2,
        stop: 'x',
        json_schema: { type: 'object' },
        tools: [{ type: 'function', function: { name: 'f' } }],
        owner: { team: 't' },
        openai_api_key: 'abc',
      },
    }),
  ]);
  const { content, metadata } = imported.prompts[0]!;
  expect(content.settings).toEqual({ model: 'm', fallbacks: [], temperature: 0.1, topP: 0.2, stop: ['x'] });
  expect(content.responseSchema).toEqual({ type: 'object' });
  expect(content.tools.map(({ name }) => name)).toEqual(['f']);
  expect(metadata).toMatchObject({ import: { values: { parameters: { owner: { team: 't' } } } } });
  expect(lossLines(imported)).toEqual([
    'refused secret [0].config.openai_api_key',
    'kept parameter:owner a.config.owner',
  ]);
});

describe('writing', () => {
  test('gives entries back as they were', async () => {
    const entries = [
      entry('Tone', {
        name: 'Tone Of Voice',
        version: 4,
        config: { model: 'm', owner: 1 },
        labels: ['production'],
        commitMessage: 'ok',
      }),
      entry('@@@langfusePrompt:name=Tone Of Voice|version=4@@@ {{größe}} {{not me}}', {
        config: { max_tokens: 4 },
        commitMessage: null,
      }),
      entry([{ role: 'user', content: 'only one' }], { name: 'chat', type: 'chat', commitMessage: null }),
      entry(
        [
          { role: 'system', content: '{{a}}' },
          { type: 'placeholder', name: 'my talk' },
        ],
        { name: 'talk', type: 'chat', tags: ['t'], commitMessage: null },
      ),
    ];
    const { prompts } = await readText('x.json', entries);
    const losses = createLosses();
    expect(langfuse.write!(prompts, losses).map(({ path, text }) => [path, JSON.parse(text)])).toEqual([
      ['langfuse-prompts-all.json', entries],
    ]);
    expect(losses.all()).toEqual([]);
  });

  test('makes files of at most 500 entries', async () => {
    const { prompts } = await readText(
      'x.json',
      Array.from({ length: 1_200 }, (_, index) => entry('a', { name: `p${index}` })),
    );
    expect(langfuse.write!(prompts, createLosses()).map(({ path, text }) => [path, JSON.parse(text).length])).toEqual([
      ['langfuse-prompts-all.json', 500],
      ['langfuse-prompts-all-2.json', 500],
      ['langfuse-prompts-all-3.json', 200],
    ]);
  });

  test('says what cannot travel', async () => {
    const { prompts } = await readText('x.json', [entry('a')]);
    const [prompt] = prompts;
    const messages = [
      { role: 'user' as const, content: '{% for x in xs %}{{ x }}{% endfor %}' },
      { role: 'user' as const, content: '{{ "{{" }}name}} {% include "b" %} {% include "a@1" %}' },
      { role: 'user' as const, content: [{ type: 'image' as const, url: 'https://a.example.test/b.png' }] },
    ];
    const losses = createLosses();
    const [file] = langfuse.write!([{ ...prompt!, content: { ...prompt!.content, messages } }], losses);
    expect(JSON.parse(file!.text)[0].prompt.map(({ content }: { content: string }) => content)).toEqual([
      '{% for x in xs %}{{ x }}{% endfor %}',
      '{{name}} @@@langfusePrompt:name=b|label=latest@@@ @@@langfusePrompt:name=a|version=1@@@',
      '[image url https://a.example.test/b.png]',
    ]);
    expect(lossLines({ losses: losses.all() })).toEqual([
      'approximated template a',
      'approximated literal-braces a',
      'approximated media a',
    ]);
  });
});
