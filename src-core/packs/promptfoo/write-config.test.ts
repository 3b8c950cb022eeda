import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalContent, normaliseContent } from '../../content/hash-content.ts';
import type { PromptContentInput } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import { promptfoo } from '../formats/promptfoo.ts';
import type { Imported, ImportedPrompt } from '../imported.ts';
import { createLosses } from '../losses.ts';
import { readFiles } from '../testing/read-and-write.ts';

/** Reads, writes, and reads again what was written. */
async function roundTrip(
  files: Readonly<Record<string, string>>,
): Promise<readonly [Imported, Imported, readonly string[]]> {
  const first = await readFiles(files);
  const losses = createLosses();
  const written = promptfoo.write!(first.prompts, losses);
  const again = await readFiles(Object.fromEntries(written.map(({ path, text }) => [path, text])));
  return [first, again, losses.all().map(({ kind, what, where }) => `${kind} ${what} ${where}`)];
}

async function expectSame(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const [first, again, losses] = await roundTrip(files);
  expect(again.prompts.map(({ content }) => JSON.parse(canonicalContent(content)))).toEqual(
    first.prompts.map(({ content }) => JSON.parse(canonicalContent(content))),
  );
  // Without a description prompts are named after their file, which has another name now.
  if (first.prompts[0]!.description === '') return losses;
  expect(again.prompts.map(({ name, description }) => [name, description])).toEqual(
    first.prompts.map(({ name, description }) => [name, description]),
  );
  return losses;
}

function config(value: unknown): Readonly<Record<string, string>> {
  return { 'promptfooconfig.yaml': JSON.stringify(value) };
}

/** A prompt that comes from elsewhere. */
function own(name: string, content: PromptContentInput, more: Partial<ImportedPrompt> = {}): ImportedPrompt {
  return {
    ...{ name, title: '', description: '', tags: [], labels: [], versions: [], active: true, includes: [] },
    ...{ inputSources: {}, metadata: {}, content: normaliseContent(content), ...more },
  };
}

function filesOf(folder: string, below = ''): Readonly<Record<string, string>> {
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  return Object.assign(
    {},
    ...entries.map((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? filesOf(folder, path) : { [path]: readFileSync(join(folder, path), 'utf8') };
    }),
  );
}

describe('what was read and written reads the same again', () => {
  const files = filesOf(join(import.meta.dirname, '../testing/cases/promptfoo'));
  for (const name of ['promptfooconfig.yaml', 'aliases.yaml', 'openai-evals-export.yaml'])
    test(`the case ${name}`, async () => {
      await expectSame({ [name]: files[name]!, ...files });
    });

  test('chats with parts, calls, results, placeholders and keys of one provider', async () => {
    const chat = [
      { role: 'system', content: 'Quote " and \\ {{ "x" }} {{ rules | dump }}\n\n', cache: true },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'See' },
          { type: 'image_url', image_url: { url: '{{picture}}', detail: 'low' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'image', source: { media_type: 'image/jpeg', data: '{{photo}}' } },
          { type: 'input_audio', input_audio: { data: '{{sound}}', format: 'wav' } },
        ],
      },
      { role: 'user', content: [{ type: 'file', file: { file_url: 'https://example.com/a.pdf', filename: 'a.pdf' } }] },
      {
        role: 'assistant',
        content: 'Wait',
        tool_calls: [{ id: 'c', function: { name: 'look', arguments: '{"a":"{{ q }}"}' } }],
      },
      { role: 'tool', tool_call_id: 'c', name: 'look', content: 'done\n' },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'r' }] },
    ];
    const looped =
      '[{"role":"system","content":"Say \\"{{ a | join(", ") }}\\""},{% for m in history %}{"role":"{{m.role}}","content":"x"},{% endfor %}{"role":"user","content":{{ q | dump }}}]';
    expect(
      await expectSame(
        config({ description: 'Parts', prompts: [JSON.stringify(chat), looped], providers: ['openai:x'] }),
      ),
    ).toEqual(['approximated history parts/2']);
  });

  test('texts that a file of texts would cut, and texts that would be taken for a chat', async () => {
    const prompts = [
      'a\n---\nb',
      ' blank around ',
      '',
      '[{"role":"user","content":"{{ x }}"}]',
      '{"q": "{{q}}"}',
      '{% raw %}{{ x }}{% endraw %} {{ "{{" }}',
      '- role: x',
    ];
    expect(await expectSame(config({ prompts, providers: ['echo'], tests: [{ vars: { x: 1, q: 'a' } }] }))).toEqual([]);
  });

  test('providers for some prompts, with parameters, tools, schemas and what is kept of them', async () => {
    const tool = { type: 'function', function: { name: 'book', description: 'Books', parameters: { type: 'object' } } };
    const format = { type: 'json_schema', json_schema: { name: 'n', strict: true, schema: { type: 'object' } } };
    await expectSame(
      config({
        description: 'Shops / all',
        prompts: [
          { label: 'short', raw: 'S {{x}}', config: { temperature: 0, seed: 4 } },
          { label: 'long:de', raw: 'L {{x}}' },
          { id: 'by-id', label: 'other', raw: 'O' },
        ],
        providers: [
          {
            id: 'openai:a',
            label: 'A',
            prompts: ['short', 'other'],
            config: { top_p: 0.5, n: 2, tools: [tool, { type: 'web_search' }], response_format: format, apiHost: 'x' },
          },
          {
            id: 'openai:b',
            prompts: ['long'],
            config: { max_tokens: 5, stop: ['x'], response_format: { type: 'json_object' }, passthrough: { top_k: 4 } },
          },
          'openai:c',
        ],
        evaluateOptions: { repeat: 2 },
        redteam: { plugins: ['x'] },
      }),
    );
  });

  test('tests in their forms, with lists, files and scenarios', async () => {
    const base = {
      prompts: ['{{a}} {{b}} {{#}}', '{% if flag %}{{ n }}{% endif %}{% for x in xs %}{{x}}{% endfor %}'],
      providers: ['echo'],
      defaultTest: { vars: { b: 'B' }, assert: [{ type: 'latency', threshold: 5 }] },
      scenarios: [{ config: [{ vars: { a: 's' } }], tests: [{ vars: { flag: true, n: 1 } }] }],
    };
    const tests = [
      { vars: { a: ['1', '2'], xs: [1], flag: false }, assert: [{ type: 'equals', value: 'x' }] },
      { description: 'second', vars: { a: 'May {{b}}?', n: 2 }, threshold: 0.5 },
    ];
    const [first, again] = await roundTrip(config({ ...base, tests }));
    expect([again.tests, again.sharedAsserts]).toEqual([first.tests, first.sharedAsserts]);
    await expectSame(config({ ...base, tests }));
    const filed = {
      ...config({ ...base, tests: ['file://t.csv', ...tests] }),
      't.csv': 'a,xs,__expected\n"q, ""r""",z,contains: q\n',
    };
    const [whole, later] = await roundTrip(filed);
    expect([later.tests, later.sharedAsserts]).toEqual([whole.tests, whole.sharedAsserts]);
    await expectSame(filed);
  });

  test('a config without tests or models, and one whose tests are too many to keep', async () => {
    await expectSame(config({ prompts: ['Only {{x}}'], providers: [], tests: [] }));
    const rows = Array.from({ length: 3_000 }, (_, index) => `row ${index},${'long '.repeat(10)}`);
    await expectSame({
      ...config({ prompts: ['{{a}}', '{{b}} {{c}}'], providers: ['echo'], tests: 'file://r.csv' }),
      'r.csv': `a,b\n${rows.join('\n')}\n`,
    });
  });
});

test("a prompt of one's own is written with a test that shows its inputs, and what cannot travel is told", () => {
  const losses = createLosses();
  const prompt = own(
    'desk/refund',
    {
      messages: [{ role: 'user', content: 'Dear {{ name }}, {{ n | round(2) }} {{ missing is none }}' }],
      inputs: [
        { name: 'name', type: 'string', description: 'Of the customer' },
        { name: 'n', type: 'number', default: 3 },
        { name: 'kind', type: 'enum', values: ['a', 'b'] },
      ],
      settings: { model: 'local/x', fallbacks: ['local/y'], temperature: 0 },
    },
    { labels: ['production'], description: 'Answers' },
  );
  const files = promptfoo.write!([prompt], losses);
  expect(files.map(({ path }) => path)).toEqual(['promptfooconfig.yaml', 'prompts/desk/refund.txt']);
  expect(files[0]!.text).toBe(
    [
      '# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json',
      'description: Answers',
      'prompts:',
      '  - id: file://prompts/desk/refund.txt',
      'providers:',
      '  - id: local/x',
      '    config:',
      '      temperature: 0',
      'tests:',
      '  - vars:',
      '      name: ""',
      '      n: 3',
      '      kind: a',
      '',
    ].join('\n'),
  );
  expect(losses.all().map(({ kind, what, where }) => `${kind} ${what} ${where}`)).toEqual([
    'dropped fallbacks desk/refund',
    'dropped labels desk/refund',
    'dropped input desk/refund.name',
    'dropped input desk/refund.n',
    'dropped input desk/refund.kind',
    'approximated template desk/refund',
  ]);
});

test('a changed model leaves behind what was kept of the one before, and names of files are never the same', async () => {
  const { prompts } = await readFiles(
    config({
      prompts: ['Hi {{x}}'],
      providers: [{ id: 'openai:a', label: 'A', config: { apiHost: 'h', temperature: 1 } }],
    }),
  );
  const [prompt] = prompts;
  const changed = {
    ...prompt!,
    content: { ...prompt!.content, settings: { ...prompt!.content.settings, model: 'openai:b' } },
  };
  const files = promptfoo.write!([prompt!, changed], createLosses());
  expect(files.map(({ path }) => path)).toEqual([
    'promptfooconfig.yaml',
    'prompts/promptfooconfig.txt',
    'prompts/promptfooconfig-2.txt',
  ]);
  const again = await readFiles(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  expect(again.prompts).toHaveLength(2);
  const kept = (index: number) => (again.prompts[index]!.metadata.import as JsonObject).values as JsonObject;
  expect(kept(0).provider).toEqual({ id: 'openai:a', label: 'A', config: { apiHost: 'h' } });
  expect(again.prompts[0]!.content.settings.model).toBe('openai:a');
});
