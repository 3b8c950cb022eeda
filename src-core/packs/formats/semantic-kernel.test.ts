import { describe, expect, test } from 'vitest';
import { createSource, noFolder } from '../source.ts';
import { lossLines, readFiles, refusalOf, renderPrompt } from '../testing/read-and-write.ts';
import { semanticKernel } from './semantic-kernel.ts';

const skprompt = async (template: string, config?: unknown) =>
  readFiles({
    'Plugins/Writer/Letter/skprompt.txt': template,
    ...(config !== undefined && { 'Plugins/Writer/Letter/config.json': JSON.stringify(config) }),
  });
const yaml = async (template: string, rest = 'template_format: semantic-kernel') =>
  readFiles({ 'a.yaml': `name: A\ntemplate: ${JSON.stringify(template)}\n${rest}` });
const shown = ({ prompts }: Awaited<ReturnType<typeof readFiles>>) =>
  prompts[0]!.content.messages.map((message) =>
    message.placeholder === undefined
      ? `${message.role}: ${JSON.stringify(message.content)}`
      : `[${message.placeholder}]`,
  );

describe('the own syntax', () => {
  test.each([
    ['{{$x}} {{ $x }} {{$X}}', '{{ x }} {{ x }} {{ x }}'],
    ['{{"a }} b"}} {{\'it\\\'s\'}} {{ "{{" }}', 'a }} b it\'s {{ "{{" }}'],
    ['{{{$x}}}', '{{ "{" }}{{ x }}}'],
    ['{{x.y}} {{Plugin.Function $x name="a"}} {{f}}', '[x.y] [Plugin.Function] [f]'],
    ['{{$größe}} {{ }} {{$a b}}', '{{ "{{" }}$größe}} {{ "{{" }} }} {{ "{{" }}$a b}}'],
    ['{{$history}}\nuser: {{$user}}\n{{$if}}', '{{ history }}\nuser: {{ user }}\n{{ if_ }}'],
    ['a {{ "open', 'a {{ "{{" }} "open'],
    ['\r\nHi\r\n{% x %}', 'Hi\n{{ "{%" }} x %}'],
  ])('%j', async (template, content) => {
    expect((await skprompt(template)).prompts[0]!.content.messages).toEqual([{ role: 'user', content }]);
  });

  test('a variable of capitals that nobody declares keeps its first spelling', async () => {
    const { prompts } = await skprompt('{{$INPUT}} {{$input}}');
    expect(prompts[0]!.content.inputs.map(({ name }) => name)).toEqual(['INPUT']);
  });

  test('messages are opened by tags, with their entities decoded, images as parts', async () => {
    const imported = await skprompt(
      'lost <message role="system">a &lt; b &amp; &#99;</message>\n<message role=\'User\'><text>Look</text><image>{{$url}}</image></message><message role="assistant">{{$x}} <b></message><message role="boss">y</message>',
    );
    expect(shown(imported)).toEqual([
      'system: "a < b & c"',
      'user: [{"type":"text","text":"Look"},{"type":"image","input":"url"}]',
      'assistant: "{{ x }} <b>"',
      'user: "y"',
    ]);
    expect(lossLines(imported)).toEqual([
      'approximated role boss',
      'dropped text-outside-message',
      'approximated media url',
    ]);
  });
});

describe('Handlebars', () => {
  const handlebars = async (template: string, more = '') => yaml(template, `template_format: handlebars\n${more}`);

  test('a loop over the history is a placeholder, also where it is declared as a text', async () => {
    const imported = await handlebars(
      '<message role="system">S</message>{{#each chat}}<message role="{{this.role}}">{{this.content}}</message>{{/each}}<message role="user">{{history}}</message>',
      'input_variables: [{name: chat, description: turns}, {name: history}]',
    );
    expect(shown(imported)).toEqual(['system: "S"', '[chat]', 'user: "{{ history }}"']);
    expect(imported.prompts[0]!.content.inputs).toEqual([
      { name: 'chat', type: 'messages', required: false, description: 'turns' },
      { name: 'history', type: 'string', required: true, description: '' },
    ]);
  });

  test('message blocks, branches, and helpers that run code', async () => {
    const imported = await handlebars(
      '{{#message role="system"}}Be {{tone}}.{{/message}}{{#if vip}}<message role="user">VIP</message>{{/if}}{{#message role="user"}}{{Time-Now}} {{Search.Web q=a}}{{#if (equals a "x")}}!{{/if}}{{/message}}',
    );
    expect(shown(imported)).toEqual([
      'system: "Be {{ tone }}."',
      'user: "{% if vip %}VIP{% endif %}"',
      'user: "{{ Time_Now }} [Search.Web]{% if (a == \\"x\\") %}!{% endif %}"',
    ]);
    expect(lossLines(imported)).toContain('approximated function-call Search.Web');
  });
});

describe('Liquid stays Liquid', () => {
  const liquid = async (template: string) => yaml(template, 'template_format: liquid');

  test('tags, lines of roles, and neither', async () => {
    const tags = await liquid(
      '<message role="system">{{ a }} &amp; b</message>{% for m in talk %}<message role="{{ m.role }}">{{ m.content }}</message>{% endfor %}<message role="user">{{ q }}</message>',
    );
    expect(tags.prompts[0]!.content.syntax).toBe('liquid');
    expect(shown(tags)).toEqual(['system: "{{ a }} & b"', '[talk]', 'user: "{{ q }}"']);
    expect(shown(await liquid('Hi\nsystem:\nBe kind.\nuser: \n{{ q | upcase }}\n'))).toEqual([
      'system: "Hi"',
      'system: "Be kind."',
      'user: "{{ q | upcase }}"',
    ]);
    expect(shown(await liquid('{{ q }} user: x'))).toEqual(['user: "{{ q }} user: x"']);
  });
});

describe('configuration', () => {
  test('variables: defaults, schemas, duplicates, wrong types', async () => {
    const imported = await skprompt('{{$A}} {{$n}} {{$k}}', {
      schema: 1,
      input_variables: [
        { name: 'a', description: 'd', is_required: true, default: 'x' },
        { name: 'A' },
        { name: 'n', json_schema: '{"type":"integer"}' },
        { name: 'k', json_schema: { enum: ['s', 'l'] }, is_required: false },
        { name: 'bad', json_schema: 'nope' },
        { name: 'o', default: [1] },
        'word',
        null,
        { name: 7 },
      ],
    });
    expect(imported.prompts[0]!.content.inputs).toEqual([
      { name: 'a', type: 'string', required: false, default: 'x', description: 'd' },
      { name: 'n', type: 'number', required: true, description: '' },
      { name: 'k', type: 'enum', required: false, description: '', values: ['s', 'l'] },
      { name: 'bad', type: 'string', required: true, description: '' },
      { name: 'o', type: 'object', required: false, default: [1], description: '', schema: { type: 'array' } },
      { name: 'word', type: 'string', required: true, description: '' },
    ]);
    expect(renderPrompt(imported.prompts[0]!, { n: 3, k: 's', bad: 'b', word: 'w' })).toEqual(['x 3 s']);
  });

  test('settings of the default service, or of the only one; the rest is kept', async () => {
    const two = await skprompt('x', {
      execution_settings: {
        other: { model_id: 'm2' },
        default: { temperature: 0.1, top_k: 3, response_format: 'json' },
      },
      plugin: { x: 1 },
    });
    expect(two.prompts[0]!.content.settings).toMatchObject({ model: null, temperature: 0.1 });
    expect(two.prompts[0]!.metadata).toEqual({
      import: {
        format: 'semantic-kernel',
        values: {
          parameters: { top_k: 3 },
          execution_settings: { other: { model_id: 'm2' } },
          response_format: 'json',
          plugin: { x: 1 },
        },
      },
    });
    expect(lossLines(two)).toEqual([
      'kept parameter:top_k execution_settings.default.top_k',
      'kept execution-settings other',
      'kept parameter:response_format execution_settings.default.response_format',
      'kept unknown-key plugin',
    ]);
    const only = await skprompt('x', { execution_settings: [{ service_id: 'azure', model_id: 'gpt', max_tokens: 5 }] });
    expect(only.prompts[0]!.content.settings).toMatchObject({ model: 'gpt', maxTokens: 5 });
    const named = await skprompt('x', { execution_settings: { 'gpt-4': {} } });
    expect(named.prompts[0]!.content.settings.model).toBe('gpt-4');
    const flat = await skprompt('x', { execution_settings: { max_tokens: 7 } });
    expect(flat.prompts[0]!.content.settings.maxTokens).toBe(7);
  });

  test('a folder without a configuration, with a broken one, and one with a key', async () => {
    const none = await readFiles({ 'skprompt.txt': 'Hi {{$x}}' });
    expect(none.prompts[0]).toMatchObject({ name: 'skprompt' });
    const broken = await readFiles({ 'F/skprompt.txt': 'Hi', 'F/config.json': '{"schema": 1,}' });
    expect(broken.prompts[0]!.name).toBe('f');
    expect(broken.problems[0]!.message).toMatch(/^F\/config\.json is not valid JSON, so its settings are left out: /);
    const secret = await skprompt('x', { execution_settings: { default: { api_key: 'abcdefg123' } } });
    expect(lossLines(secret)).toEqual(['refused secret execution_settings.default.api_key']);
    expect(JSON.stringify(secret.prompts)).not.toContain('abcdefg123');
    expect((await skprompt('x')).prompts[0]!.name).toBe('writer/letter');
  });
});

describe('what a file is', () => {
  test.each([
    ['a.json', '{"template": "Hi {{$x}}", "template_format": "semantic-kernel"}'],
    ['getIntent.prompt.yaml', 'template: Hi {{$x}}\ninput_variables:\n  - name: x\n'],
  ])('%s', async (path, text) => {
    expect((await readFiles({ [path]: text })).format).toBe('semantic-kernel');
  });

  test.each([
    ['a.yaml', '_type: prompt\ntemplate: Hi {x}\ninput_variables: [x]\n', 'langchain'],
    ['a.yaml', 'template: Hi\nid: x\n', 'dakora'],
    ['a.yaml', 'template: 5\ntemplate_format: liquid\n', null],
    ['a.json', '[]', null],
  ])('%s with %j is none', async (path, text, other) => {
    expect(semanticKernel.detect(createSource({ path, text, encoding: 'utf-8' }, noFolder))).toBeNull();
    if (other !== null) expect((await readFiles({ [path]: text })).format).toBe(other);
    else expect((await refusalOf({ [path]: text }))?.message).toMatch(/in no format that is read here/);
  });

  test('refusals', async () => {
    expect((await refusalOf({ 'F/skprompt.txt': ' \n' }))?.message).toBe(
      'F/skprompt.txt has no text: nothing of it would be sent.',
    );
    const config = JSON.stringify({ template_format: 'prompty' });
    expect((await refusalOf({ 'F/skprompt.txt': 'x', 'F/config.json': config }))?.message).toBe(
      'F/skprompt.txt: the template format "prompty" is not read here.',
    );
    const broken = 'template_format: handlebars\ntemplate: |\n  a\n  {{#if x}}';
    expect((await refusalOf({ 'a.yaml': broken }))?.message).toMatch(
      /^The template of a\.yaml is no Handlebars, line 3: a block is never closed\.$/,
    );
  });
});
