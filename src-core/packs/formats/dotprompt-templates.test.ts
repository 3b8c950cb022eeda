import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { lossLines, readFiles, refusalOf, renderPrompt } from '../testing/read-and-write.ts';

async function render(template: string, values: JsonObject, schema?: unknown): Promise<string> {
  const front = JSON.stringify({ model: 'm', ...(schema !== undefined && { input: { schema } }) });
  const { prompts } = await readFiles({ 'a.prompt': `---\n${front}\n---\n${template}` });
  return renderPrompt(prompts[0]!, values).join('###');
}

const text = (first: Json) => first as string;

describe('a template in Handlebars renders as npm dotprompt 1.1.2 renders it', () => {
  test.each<[template: string, values: JsonObject, expected: string, schema?: unknown]>([
    ['{{a}} {{{a}}} {{&a}}', { a: '<&>' }, '<&> <&> <&>'],
    ['{{#if ok}}yes{{else}}no{{/if}} {{ok}}', { ok: true }, 'yes true', { ok: 'boolean' }],
    ['{{#if o}}yes{{else}}no{{/if}}', { o: {} }, 'yes', { 'o(object)': { 'a?': 'string' } }],
    ['{{#if n}}1{{else if m}}2{{else}}3{{/if}}', { n: 0, m: '' }, '3', { n: 'number', m: 'string' }],
    ['{{#if n includeZero=true}}1{{else}}2{{/if}}', { n: 0 }, '1', { n: 'number' }],
    ['{{#unless xs}}none{{else}}some{{/unless}}', { xs: [] }, 'none', { 'xs(array)': 'string' }],
    ['{{^if a}}no{{/if}}', { a: false }, 'no'],
    ['{{#each xs}}\n- {{this}}\n{{/each}}\nend', { xs: ['a', 'b'] }, '- a\n- b\nend'],
    [
      '{{#each xs}}{{@index}}:{{name}}{{#unless @last}}, {{/unless}}{{#if @first}}!{{/if}}{{/each}}',
      { xs: [{ name: 'a' }, { name: 'b' }] },
      '0:a, !1:b',
    ],
    ['{{#each m}}{{@key}}={{this}};{{/each}}', { m: { k: 'v', l: 'w' } }, 'k=v;l=w;'],
    [
      '{{#each xs as |x i|}}{{i}}.{{x.name}} of {{../t}} {{t}}|{{/each}}',
      { xs: [{ name: 'a', t: 'own' }], t: 'T' },
      '0.a of T own|',
    ],
    [
      '{{#each rows}}{{#each cells}}[{{@../index}},{{@index}} {{this}} {{../name}} {{../../t}}]{{/each}}{{/each}}',
      {
        t: 'T',
        rows: [
          { name: 'r', cells: ['a', 'b'] },
          { name: 's', cells: ['c'] },
        ],
      },
      '[0,0 a r T][0,1 b r T][1,0 c s T]',
    ],
    [
      '{{#each rows}}{{#if on}}{{../t}}{{name}}{{/if}}{{/each}}',
      { t: 'T', rows: [{ on: true, name: 'x' }, { name: 'y' }] },
      'Tx',
    ],
    ['{{#with o}}{{a}}{{../t}}{{@root.t}}{{else}}E{{/with}}', { o: { a: 1 }, t: 'T' }, '1TT'],
    ['{{#with o}}x{{else}}E{{/with}}', {}, 'E', { 'o?(object)': { a: 'string' } }],
    [
      '{{xs.length}} {{xs.[0].n}} {{o.[b c]}} {{lookup o "b c"}} {{lookup xs 1}}',
      { xs: [{ n: 1 }, 'z'], o: { 'b c': 2 } },
      '2 1 2 2 z',
    ],
    [
      '{{#ifEquals a "x"}}eq{{else}}ne{{/ifEquals}}{{#unlessEquals n 1}}ne{{else}}eq{{/unlessEquals}}',
      { a: 'x', n: 1 },
      'eqeq',
      { a: 'string', n: 'number' },
    ],
    ['{{#ifEquals n "1"}}eq{{else}}ne{{/ifEquals}}', { n: 1 }, 'ne', { n: 'number' }],
    [
      '{{json o}}|{{json s}}',
      { o: { a: [1, 'ü'] }, s: 't"' },
      '{"a":[1,"ü"]}|"t\\""',
      { 'o(object)': { 'a(array)': 'any' }, s: 'string' },
    ],
    ['{{json xs indent=2}}', { xs: [1] }, '[\n  1\n]', { 'xs(array)': 'number' }],
    ['a\\{{b}} {{! c }}x {{!-- d }} --}}y', { b: 1 }, 'a{{b}} x y'],
    ['a  {{~b~}}  c', { b: 1 }, 'a1c'],
    ['  {{#if a}}  \n  in\n  {{/if}}  \nout\n{{! gone }}\nx', { a: true }, '  in\nout\nx'],
    ['{{"lit"}}|', { lit: 'L' }, 'L|'],
    ['{{#xs}}{{n}},{{/xs}}{{^xs}}none{{/xs}}', { xs: [{ n: 1 }, { n: 2 }] }, '1,2,'],
    ['{{#each xs}}x{{else}}none{{/each}}', {}, 'none', { 'xs?(array)': 'string' }],
    [
      '{{o.items}} {{o.first-name}} {{#each o.keys}}{{this}}{{/each}}',
      { o: { items: 'I', 'first-name': 'F', keys: ['k'] } },
      'I F k',
    ],
    ['{{#each xs}}{{#each this}}{{this}}{{/each}};{{/each}}', { xs: [['a', 'b'], ['c']] }, 'ab;c;'],
    ['{{größe}} {{#each приоритет}}{{@index}}{{/each}}', { größe: 'G', приоритет: ['a'] }, 'G 0'],
    ['{ {%x%} {#y#} { {{a}} }', { a: 'A' }, '{ {%x%} {#y#} { A }'],
    [
      '{{xs}} {{#each os}}{{b}}{{n}};{{/each}}',
      { xs: ['a', 'b'], os: [{ b: false, n: null }] },
      'a,b false;',
      { 'xs(array)': 'string', 'os(array)': { b: 'boolean', 'n?': 'string' } },
    ],
  ])('%s', async (template, values, expected, schema) => {
    expect(await render(template, values, schema)).toBe(text(expected));
  });
});

describe('who speaks', () => {
  const messagesOf = async (template: string) => {
    const imported = await readFiles({ 'a.prompt': `---\nmodel: m\n---\n${template}` });
    const messages = imported.prompts[0]!.content.messages.map((message) =>
      message.placeholder === undefined
        ? `${message.role}: ${JSON.stringify(message.content)}`
        : `[${message.placeholder}]`,
    );
    return { messages, losses: lossLines(imported) };
  };

  test('text before any marker is of the user, a role without text is none, an unknown role is of the user', async () => {
    expect(await messagesOf('Hi{{role "system"}}  {{role "model"}}\nYes\n{{role "boss"}}Go')).toEqual({
      messages: ['user: "Hi"', 'assistant: "Yes"', 'user: "Go"'],
      losses: ['approximated role boss'],
    });
  });

  test('text right after the history is of the model', async () => {
    expect((await messagesOf('{{history}}And now?')).messages).toEqual(['[history]', 'assistant: "And now?"']);
  });

  test('a role in a branch opens a message whose text is in that branch', async () => {
    expect(await messagesOf('A{{#if b}}{{role "system"}}S{{else}}{{role "model"}}M{{/if}}{{role "user"}}U')).toEqual({
      messages: [
        'user: "A"',
        'system: "{% if b %}S{% endif %}"',
        'assistant: "{% if not b %}M{% endif %}"',
        'user: "U"',
      ],
      losses: ['approximated conditional-message'],
    });
  });

  test('a loop that says by itself who speaks is a placeholder; with roles that stand fast it is text', async () => {
    expect(await messagesOf('{{#each talk}}{{role speaker}}{{text}}{{/each}}{{role "user"}}Q')).toEqual({
      messages: ['[talk]', 'user: "Q"'],
      losses: ['approximated history talk'],
    });
    expect(await messagesOf('{{#each xs}}{{role "user"}}{{q}}{{role "model"}}{{a}}{{/each}}')).toEqual({
      messages: ['user: "{% for item in xs %}user: {{ item.q }}model: {{ item.a }}{% endfor %}"'],
      losses: ['approximated role-in-block user', 'approximated role-in-block model'],
    });
  });

  test('media are parts: of an input, of an address; inline bytes are dropped with their size', async () => {
    const template =
      'A {{media url=pic}} {{media url="https://x.example/a.mp3" contentType="audio/mpeg"}}{{media url="data:image/png;base64,AAAA"}}{{media url=o.pic}}';
    expect(await messagesOf(template)).toEqual({
      messages: [
        `user: ${JSON.stringify([
          { type: 'text', text: 'A ' },
          { type: 'image', input: 'pic' },
          { type: 'audio', mediaType: 'audio/mpeg', url: 'https://x.example/a.mp3' },
          { type: 'text', text: '[image: {{ o.pic }}]' },
        ])}`,
      ],
      losses: [
        'approximated media pic',
        'approximated media https://x.example/a.mp3',
        'dropped media image/png',
        'approximated media o.pic',
      ],
    });
  });

  test('sections are comments; what programs hand over are inputs', async () => {
    expect(await messagesOf('{{section "code"}}{{@auth.email}} {{@state.n}}')).toEqual({
      messages: ['user: "{# section \\"code\\" #}{{ auth.email }} {{ state.n }}"'],
      losses: ['kept section code', 'approximated context-variable @auth', 'approximated context-variable @state'],
    });
  });
});

describe('partials', () => {
  test('an include in a loop sets what the partial reads, its own partials included', async () => {
    const imported = await readFiles({
      'a.prompt': '{{#each dishes}}{{> row mark="*"}}{{/each}}',
      '_row.prompt': '{{mark}} {{title}} {{> tail}}',
      '_tail.prompt': '({{price}})\n',
    });
    expect(imported.prompts[0]!.content.messages[0]).toEqual({
      role: 'user',
      content:
        '{% for item in dishes %}{% with mark = "*", title = item.title, price = item.price %}{% include "row" %}{% endwith %}{% endfor %}',
    });
    expect(lossLines(imported)).toEqual(['approximated partial-arguments row']);
  });

  test('a partial that is not there, one without a name, and one with a context', async () => {
    const imported = await readFiles({ 'sub/a.prompt': '{{> lost user}} {{> (lookup . "x")}}\n  {{> shared/p}}\nx' });
    expect(imported.prompts[0]!.content.messages[0]!.content).toBe(
      '{% include "lost" %} \n{% filter indent("  ", true) %}{% include "shared/p" %}{% endfilter %}x',
    );
    expect(lossLines(imported)).toEqual([
      'unresolved include lost',
      'approximated partial-context lost',
      'dropped partial',
      'unresolved include shared/p',
    ]);
  });
});

describe('what is no Handlebars is refused with its line', () => {
  test.each([
    ['{{#if a}}x', /line 5: a block is never closed/],
    ['a\n{{#if a}}x{{/each}}', /line 6: \{\{\/each\}\} stands where \{\{\/if\}\} was expected/],
    ['{{a', /line 5: a tag is not complete/],
    ['{{#each a}}'.repeat(5_000) + '{{/each}}'.repeat(5_000), /nests more than 50 blocks/],
    [`{{x ${'('.repeat(500)}y${')'.repeat(500)}}}`, /nests more than 50 brackets/],
    [`{{#if a}}${'{{else if a}}'.repeat(5_000)}{{/if}}`, /more than 200 "else"/],
  ])('%s', async (template, message) => {
    const start = performance.now();
    const refused = await refusalOf({ 'a.prompt': `---\nmodel: m\nname: n\n---\n${template}` });
    expect(refused?.message).toMatch(message);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
