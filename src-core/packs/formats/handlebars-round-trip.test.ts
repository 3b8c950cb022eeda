import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../content/files/decode-text.ts';
import { canonicalContent } from '../../content/hash-content.ts';
import type { PromptContentInput } from '../../contract/content.ts';
import type { Format } from '../format.ts';
import type { Imported, ImportedPrompt } from '../imported.ts';
import { createLosses } from '../losses.ts';
import { memoryFolder } from '../memory-folder.ts';
import { type InputDraft, type PromptDraft, toImportedPrompt } from '../prompt-draft.ts';
import { readSource } from '../read-source.ts';
import { createSource, type SourceFile } from '../source.ts';
import { dotprompt } from './dotprompt.ts';
import { semanticKernel } from './semantic-kernel.ts';

const cases = join(import.meta.dirname, '..', 'testing', 'cases');

async function filesOf(folder: string): Promise<ReadonlyMap<string, SourceFile>> {
  const files = new Map<string, SourceFile>();
  for (const entry of readdirSync(join(cases, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'expected.json') continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(join(cases, folder), path);
    files.set(name, { path: name, text: (await decodeText(name, readFileSync(path))).text, encoding: 'utf-8' });
  }
  return files;
}

const read = (file: SourceFile, files: ReadonlyMap<string, SourceFile>): Promise<Imported> =>
  readSource(createSource(file, memoryFolder(files)));

async function writeAndRead(format: Format, { prompts }: Imported, files: ReadonlyMap<string, SourceFile>) {
  const losses = createLosses();
  const [file] = format.write!(prompts, losses);
  const again = await read({ path: file!.path, text: file!.text, encoding: 'utf-8' }, files);
  return { again: again.prompts[0]!, losses: losses.all().map(({ kind, what, where }) => `${kind} ${what} ${where}`) };
}

const folders: Readonly<Record<string, Format>> = { dotprompt, 'semantic-kernel': semanticKernel };
for (const [folder, format] of Object.entries(folders)) {
  describe(`what is written of ${folder} reads as the same`, async () => {
    const files = await filesOf(folder);
    for (const file of files.values()) {
      const imported = await read(file, files).catch(() => null);
      if (imported === null || !format.ids.includes(imported.format)) continue;
      test(file.path, async () => {
        const { again } = await writeAndRead(format, imported, files);
        const [prompt] = imported.prompts;
        expect(JSON.parse(canonicalContent(again.content))).toEqual(JSON.parse(canonicalContent(prompt!.content)));
        expect(again).toMatchObject({ name: prompt!.name, description: prompt!.description });
        const values = (prompt!.metadata.import as { readonly values?: unknown }).values;
        expect((again.metadata.import as { readonly values?: unknown }).values).toEqual(
          folder === 'semantic-kernel' && values !== undefined ? expect.objectContaining(values) : values,
        );
      });
    }
  });
}

function promptOf(messages: PromptContentInput['messages'], more: Partial<PromptContentInput> = {}): ImportedPrompt {
  const losses = createLosses();
  const { inputs = [], settings, ...rest } = more;
  const draft = { name: 'a', messages, inputs: inputs as readonly InputDraft[], settings: settings ?? {}, ...rest };
  return toImportedPrompt(draft as PromptDraft, { format: 'none' }, losses);
}

const nothing = new Map<string, SourceFile>();
const user = (content: string) => [{ role: 'user' as const, content }];

describe('what other prompts become in Dotprompt', () => {
  test.each([
    ['a {{ x }} {{ o.p["q r"].s }} {{ xs[0] }}', 'a {{x}} {{o.p.[q r].s}} {{xs.[0]}}'],
    ['{% if a %}1{% elif not b %}2{% else %}3{% endif %}', '{{#if a}}1{{else unless b}}2{{else}}3{{/if}}'],
    [
      '{% for d in ds %}{{ loop.index0 }}{{ d }}{{ d.t }}{{ x }}{% else %}-{% endfor %}',
      '{{#each ds}}{{@index}}{{this}}{{t}}{{../x}}{{else}}-{{/each}}',
    ],
    [
      '{% for k, v in m.items() %}{{ k }}={{ v }}{% if not loop.last %},{% endif %}{% endfor %}',
      '{{#each m}}{{@key}}={{this}}{{#unless @last}},{{/unless}}{{/each}}',
    ],
    [
      '{% for r in rs %}{% for c in r.cs %}{{ r.n }}{{ c }}{% endfor %}{% endfor %}',
      '{{#each rs}}{{#each cs}}{{../n}}{{this}}{{/each}}{{/each}}',
    ],
    ['{{ "{{" }}x}} {% raw %}{{y}}{% endraw %}', '\\{{x}} \\{{y}}'],
    ['{ {{ x }} {{ "{" }}{{ x }}}', '{ {{x}} { {{~x~}} }'],
    ['{# gone #}a', 'a'],
    ['a\n{% if x %}\nb\n{% endif %}\nc', 'a\n{{!}}{{#if x}}\nb\n{{!}}{{/if}}\nc'],
    [
      '{% include "shared/rules" %}{% with a = x, b = "t" %}{% include "p" %}{% endwith %}',
      '{{> shared/rules}}{{> p a=x b="t"}}',
    ],
    ['{{ x | dump(2) }}{{ if_ }}{{ history }}{{ json }}', '{{json x indent=2}}{{if_}}{{this.history}}{{this.json}}'],
    ['{% if a == "x" and b %}{% endif %}', null],
    ['{{ x | upper }}', null],
    ['{{ a + b }}', null],
    ['{% set y = x %}{{ y }}', null],
    ['{% macro m() %}{% endmacro %}', null],
    ['{% for x in xs if x %}{% endfor %}', null],
    ['{{ loop.index }}', null],
    ['{% if %}', null],
  ])('%s', (template, expected) => {
    const losses = createLosses();
    const [file] = dotprompt.write!([promptOf(user(template))], losses);
    const body = file!.text.slice(file!.text.indexOf('{{role "user"}}') + 16).trimEnd();
    if (expected === null) {
      expect(losses.all()).toContainEqual(
        expect.objectContaining({ kind: 'refused', what: 'template', where: 'messages[0]' }),
      );
      expect(body).not.toMatch(/(?<!\\)\{\{/);
    } else {
      expect(losses.all()).toEqual([]);
      expect(body).toBe(expected);
    }
  });

  test('everything that has a place travels, the rest is named', async () => {
    const prompt = promptOf(
      [
        { role: 'developer', content: 'Be {{ tone }}.' },
        { placeholder: 'talk' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image', input: 'pic', detail: 'low' },
            { type: 'audio', url: 'https://x.example/a.mp3' },
            { type: 'file', hash: 'a'.repeat(64) },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'tool_call', name: 'f' },
            { type: 'text', text: 'Hm' },
          ],
        },
        { role: 'tool', content: [{ type: 'tool_result', content: '1' }] },
      ],
      {
        inputs: [
          { name: 'tone', type: 'enum', values: ['kind'], required: false, default: 'kind', description: 'how (so)' },
          { name: 'pic', type: 'string', description: 'a, b' },
          { name: 'größe', type: 'array<string>' },
        ],
        settings: { model: 'm', seed: 3, temperature: 1, fallbacks: ['n'], extra: { top_k: 1 } },
        tools: [{ name: 'f', description: 'd', parameters: { type: 'object', properties: {} } }, { name: 'g' }],
        samples: [{ name: 's', inputs: {} }],
      },
    );
    const losses = createLosses();
    const [file] = dotprompt.write!([prompt], losses);
    const again = await read({ path: 'a.prompt', text: file!.text, encoding: 'utf-8' }, nothing);
    expect(again.prompts[0]!.content.messages).toEqual([
      { role: 'system', content: 'Be {{ tone }}.' },
      { placeholder: 'history', optional: true },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See' },
          { type: 'image', input: 'pic' },
          { type: 'image', url: 'https://x.example/a.mp3' },
        ],
      },
      { role: 'assistant', content: 'Hm' },
    ]);
    expect(again.prompts[0]!.content).toMatchObject({
      inputs: [...prompt.content.inputs.slice(0, 3), { name: 'history' }],
      settings: { model: 'm', seed: 3, temperature: 1 },
      tools: prompt.content.tools,
    });
    expect(losses.all().map(({ kind, what, where }) => `${kind} ${what} ${where}`)).toEqual([
      'dropped fallbacks a',
      'dropped samples a',
      'dropped extra a',
      'approximated role messages[0]',
      'approximated placeholder talk',
      'dropped media-detail messages[2]',
      'approximated media messages[2]',
      'dropped media messages[2]',
      'dropped tool-call messages[3]',
      'dropped tool-result messages[4]',
    ]);
  });
});

describe('what other prompts become in Semantic Kernel', () => {
  const written = async (prompt: ImportedPrompt) => {
    const losses = createLosses();
    const [file] = semanticKernel.write!([prompt], losses);
    const again = await read({ path: file!.path, text: file!.text, encoding: 'utf-8' }, nothing);
    return { text: file!.text, again: again.prompts[0]!, losses: losses.all() };
  };

  test.each([
    ['variables alone', user('Hi {{ x }} {{ "{{" }}$y}} {'), 'semantic-kernel'],
    ['tags in the text', user('<message role="user">a & b</message> {{ x }}'), 'semantic-kernel'],
    ['another role', [{ role: 'system' as const, content: 'a < b {{ x }}' }], 'semantic-kernel'],
    ['paths and conditions', user('{{ o.a }}{% if b %}\nx\n{% endif %}'), 'handlebars'],
    ['a name of another script', user('{{ größe }}'), 'handlebars'],
    ['a placeholder', [{ placeholder: 'talk', optional: true }, ...user('{{ x }}')], 'handlebars'],
    [
      'an image',
      [
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'a' },
            { type: 'image' as const, input: 'pic' },
          ],
        },
      ],
      'semantic-kernel',
    ],
  ])('%s', async (_, messages, format) => {
    const prompt = promptOf(messages);
    const { text, again, losses } = await written(prompt);
    expect(text).toContain(`template_format: ${format}`);
    expect(losses).toEqual([]);
    // What an object without a schema is, its use tells: a loop goes over a list.
    const inputs = prompt.content.inputs.map((input) =>
      input.name === 'xs' ? { ...input, schema: { type: 'array' } } : input,
    );
    expect(again.content).toEqual({ ...prompt.content, inputs });
  });

  test('Liquid stays Liquid; settings, schemas and defaults travel', async () => {
    const prompt = promptOf([{ role: 'system', content: '{{ a | upcase }} & <b>' }, ...user('{{ n }}')], {
      syntax: 'liquid',
      inputs: [
        { name: 'a', type: 'string', required: false, default: 'x', description: 'd' },
        { name: 'n', type: 'number' },
        { name: 'k', type: 'enum', values: ['s', 'l'], required: false },
        { name: 'xs', type: 'array<string>' },
        { name: 'o', type: 'object', schema: { type: 'object', properties: { q: { type: 'string' } } } },
      ],
      settings: { model: 'gpt', topP: 0.5, stop: ['##'] },
      responseSchema: { type: 'object', properties: { ok: { type: 'boolean' } } },
    });
    const { text, again, losses } = await written(prompt);
    expect(text).toContain('template_format: liquid');
    expect(losses).toEqual([]);
    expect(again.content).toEqual(prompt.content);
  });

  test('what has no counterpart is named, and the message is left empty', async () => {
    const { losses } = await written(promptOf([...user('{{ x | upper }}'), { role: 'assistant', content: 'ok' }]));
    expect(losses).toEqual([expect.objectContaining({ kind: 'refused', what: 'template', where: 'messages[0]' })]);
  });
});
