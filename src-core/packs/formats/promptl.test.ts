import { describe, expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import type { Json } from '../../contract/shared.ts';
import { lossLines, promptLines, readFiles, refusalOf } from '../testing/read-and-write.ts';

function doc(body: string): Readonly<Record<string, string>> {
  return { 'x.promptl': body };
}

async function rendered(body: string, values: Readonly<Record<string, Json>> = {}): Promise<readonly string[]> {
  const { prompts } = await readFiles(doc(body));
  const { messages, problems } = renderContent(prompts[0]!.content, values, { strict: false });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return messages!.map(({ text }) => text);
}

describe('messages', () => {
  test('have roles by their tags; other text is of the system', async () => {
    expect(
      await promptLines(
        doc(
          'Be kind.\n\n<user>\n  Hi\n    {{ name }}\n</user>\nAnd <b>brief</b>.\n<message role="assistant">Yes</message><developer>D</developer>',
        ),
      ),
    ).toEqual([
      'system: Be kind.',
      'user: Hi\n  {{ name }}',
      'system: And <b>brief</b>.',
      'assistant: Yes',
      'developer: D',
      'name string required',
    ]);
  });

  test('have parts', async () => {
    const body =
      '<user><content-image>https://x.test/a.png</content-image><content-file name="a.pdf">{{ doc }}</content-file><content type="text">T</content>U<content-image>a{{ b }}</content-image></user><assistant><content-tool-call id="c" name="f" arguments={{ { a: b, n: [1, null] } }} /></assistant><tool id="c" name="f">R</tool>';
    const { prompts, losses } = await readFiles(doc(body));
    expect(prompts[0]!.content.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', url: 'https://x.test/a.png' },
          { type: 'file', input: 'doc', name: 'a.pdf' },
          { type: 'text', text: 'T' },
          { type: 'text', text: 'U' },
          { type: 'text', text: '[image: a{{ b }}]' },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool_call', id: 'c', name: 'f', arguments: '{{ ({"a": b, "n": [1, none]}) | tojson }}' }],
      },
      { role: 'tool', content: [{ type: 'tool_result', id: 'c', content: 'R', name: 'f' }] },
    ]);
    expect(lossLines(losses)).toEqual([
      'approximated media https://x.test/a.png',
      'approximated media doc',
      'approximated media image',
      'approximated tool-call f',
      'approximated tool-result c',
    ]);
  });

  test('in a loop are a conversation, in a condition they stand always', async () => {
    const body =
      '{{ for m in chat.turns }}<user>{{ m.q }}</user><assistant>{{ m.a }}</assistant>{{ endfor }}{{ if vip }}<user>V</user>{{ else }}<user>N</user>{{ endif }}';
    const { losses } = await readFiles(doc(body));
    expect((await promptLines(doc(body))).slice(0, 3)).toEqual([
      '[placeholder chat_turns]',
      'user: {% if (vip) %}V{% endif %}',
      'user: {% if not (vip) %}N{% endif %}',
    ]);
    expect(lossLines(losses)).toEqual([
      'approximated history chat.turns',
      'approximated variable-renamed chat.turns',
      'approximated conditional-message vip',
    ]);
  });

  test('of steps become prompts, behind the messages before them', async () => {
    const { prompts, losses } = await readFiles(
      doc(
        '<system>S</system><step as="one"><user>1</user></step><step isolated><user>{{ one }}</user></step><user>last</user>',
      ),
    );
    expect(
      prompts.map(({ name, title, content }) => [name, title, content.messages.map(({ content: text }) => text)]),
    ).toEqual([
      ['x/1', 'one', ['S', '1']],
      ['x/2', '', ['{{ one }}']],
      ['x/3', '', ['S', 'last']],
    ]);
    expect(lossLines(losses)).toEqual(['approximated steps']);
    expect((await readFiles(doc('<step><user>1</user></step>'))).prompts.map(({ name }) => name)).toEqual(['x']);
  });
});

describe('text', () => {
  test('with what Jinja would take for tags is printed as it is', async () => {
    expect(await rendered('<user>\\{{ a }} {% b %} {# c #} {"k": {{ x }}} \\\\ &amp;</user>', { x: 1 })).toEqual([
      '{{ a }} {% b %} {# c #} {"k": 1} \\ &amp;',
    ]);
  });

  test('has comments, which go', async () => {
    expect(await promptLines(doc('<user>a/* b {{ c }} */d<!-- e --></user>'))).toEqual(['user: ad']);
  });

  test('loses blanks at the ends of a block that stands beside blanks', async () => {
    expect(
      await rendered(
        '<user>a {{ for x in xs }} {{ x }} {{ endfor }} b[{{ for x in xs }} {{ x }} {{ endfor }}]</user>',
        { xs: ['1', '2'] },
      ),
    ).toEqual(['a 12 b[ 1  2 ]']);
  });
});

describe('expressions', () => {
  test('are those of JavaScript', async () => {
    const body = `<user>{{ a ?? b ?? "z" }}|{{ a?.b?.c ?? "-" }}|{{ xs.length > 1 && !no ? "many" : \`\${xs.length} one\` }}|{{ xs.join("+") }}|{{ "n" + 2 }}|{{ 2 ** 3 - 7 % 2 }}|{{ "x" === 'x' }}|{{ xs.includes("p") }}|{{ s.trim().toUpperCase() }}|{{ o["k l"] }}{{ o.items }}</user>`;
    expect(await rendered(body, { xs: ['p', 'q'], no: '', s: ' s ', o: { 'k l': 'v', items: 'i' } })).toEqual([
      'z|-|many|p+q|n2|7|true|true|S|vi',
    ]);
  });

  test('that Jinja has not stand in brackets', async () => {
    const { prompts, losses } = await readFiles(doc('<user>{{ xs.map(x => x.y + z) }} {{ now() }}</user>'));
    expect(prompts[0]!.content.messages).toEqual([
      { role: 'user', content: '{{ "[xs.map(x => x.y + z)]" }} {{ "[now()]" }}' },
    ]);
    expect(prompts[0]!.content.inputs.map(({ name, required }) => [name, required])).toEqual([
      ['xs', false],
      ['z', false],
    ]);
    expect(lossLines(losses)).toEqual([
      'approximated expression xs.map(x => x.y + z)',
      'approximated expression now()',
      'approximated unread-input xs, z',
    ]);
  });

  test('set names, also for later messages and out of loops', async () => {
    expect(
      await rendered(
        '{{ n = 1 }}{{ m = 2 }}<system>{{ for x in xs }}{{ n += x }}{{ endfor }}{{ n }}</system><user>{{ n++ }}{{ n }} {{ m }}</user>',
        { xs: [1, 2] },
      ),
    ).toEqual(['4', '5 2']);
  });

  test('have names that Jinja reserves, and those of Latitude', async () => {
    const { prompts } = await readFiles(
      doc('<user>{{ $now }} {{ loop }} {{ for not in xs }}{{ not }}{{ endfor }}</user>'),
    );
    expect(prompts[0]!.content.messages).toEqual([
      { role: 'user', content: '{{ now | default("") }} {{ loop_ }} {% for not_ in xs %}{{ not_ }}{% endfor %}' },
    ]);
    expect(prompts[0]!.inputSources).toMatchObject({ now: '$now', loop_: 'loop' });
  });
});

describe('the configuration', () => {
  test('has model, parameters, tools, schema and inputs', async () => {
    const yaml =
      'provider: openai\nmodel: m\ntemperature: 0.3\ntopP: 0.5\nfrequencyPenalty: 1\ntools:\n  - latitude/search\n  - f: {description: F}\n  - g: 7\nschema: {type: object}\nparameters:\n  topic: {type: text, description: About}\napiKey: literal\n';
    const { prompts, losses } = await readFiles(doc(`---\n${yaml}---\n{{ topic }}`));
    const { content } = prompts[0]!;
    expect(content.settings).toEqual({ model: 'm', fallbacks: [], temperature: 0.3, topP: 0.5 });
    expect(content.tools).toEqual([{ name: 'f', description: 'F', parameters: {} }]);
    expect(content.responseSchema).toEqual({ type: 'object' });
    expect(content.inputs).toEqual([{ name: 'topic', type: 'string', required: true, description: 'About' }]);
    expect(JSON.stringify(prompts)).not.toContain('literal');
    expect(lossLines(losses)).toEqual([
      'refused secret apiKey',
      'kept provider provider',
      'kept parameter:frequencyPenalty frequencyPenalty',
      'dropped tool latitude/search',
      'dropped tool g',
    ]);
  });

  test('may lack its first rule, stand behind a comment, and have CRLF', async () => {
    for (const text of [
      'provider: openai\nmodel: m\n---\nHi',
      '/* about */\n---\nmodel: m\n---\nHi',
      '---\r\nmodel: m\r\n---\r\nHi\r\n',
    ]) {
      const { prompts } = await readFiles(doc(text));
      expect([prompts[0]!.content.settings.model, prompts[0]!.content.messages]).toEqual([
        'm',
        [{ role: 'system', content: 'Hi' }],
      ]);
    }
  });

  test('that is no YAML is refused with its line', async () => {
    expect(await refusalOf(doc('---\nmodel: m\ntools: [\n---\nHi'))).toMatchObject({ reason: 'yaml' });
    expect((await refusalOf(doc('\n---\n- a\n---\nHi')))?.message).toBe(
      'x.promptl has a configuration that is not valid YAML, line 3: It is no mapping of keys.',
    );
  });
});

describe('included prompts', () => {
  test('get the names of prompts, with arguments', async () => {
    const { prompts, losses } = await readFiles({
      'a/x.promptl': '<system>S</system><user>U</user>\n<prompt path="../shared/Tone" level={{ 2 }} who="me" />',
      'shared/Tone.promptl': 't',
    });
    expect(prompts[0]!.content.messages).toEqual([
      { role: 'system', content: 'S\n\n{% with level = 2, who = "me" %}{% include "shared/tone" %}{% endwith %}' },
      { role: 'user', content: 'U' },
    ]);
    expect(losses).toEqual([]);
  });

  test('that are not there, or computed, are losses', async () => {
    const { losses } = await readFiles(
      doc('<user><prompt path="/../../secret" /><prompt path={{ p }} /><prompt />x</user>'),
    );
    expect(lossLines(losses)).toEqual(['unresolved include /../../secret', 'unresolved include']);
  });
});

describe('hostile documents', () => {
  test('close what is not open and leave open what is', async () => {
    const { problems, prompts } = await readFiles(doc('</user>{{ endif }}{{ else }}\n<user>a{{ if x }}b'));
    expect(prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'a{% if x %}b{% endif %}' }]);
    expect(problems).toEqual([
      { message: '"</user>" closes nothing.', line: 1 },
      { message: 'An "endif" closes nothing.', line: 1 },
      { message: 'An "else" stands in no condition and no loop.', line: 1 },
      { message: '"<user>" is never closed.', line: 2 },
      { message: '"if" is never closed.', line: 2 },
    ]);
  });

  test('without text are refused', async () => {
    expect(await refusalOf(doc('---\nmodel: m\n---\n/* only */ <user></user>'))).toMatchObject({
      reason: 'no-messages',
    });
  });

  for (const [name, text] of Object.entries({
    'deep blocks': '{{ if a }}'.repeat(5_000),
    'deep tags': '<user>'.repeat(5_000),
    'deep expressions': `<user>{{ ${'('.repeat(5_000)} }}</user>`,
    'long chains': `<user>{{ ${'a.'.repeat(5_000)}a }}</user>`,
    'many openers': '{{ " '.repeat(50_000),
    'many tags without an end': '<user '.repeat(50_000),
    'many closers': '</user>'.repeat(50_000),
    'many comments': '/*'.repeat(200_000),
    'a long first line of keys': 'a: b\n'.repeat(50_000),
    'names of objects': '<user>{{ constructor }} {{ __proto__.x }} {{ toString = 1 }}</user>',
  }))
    test(`${name} are read or refused in little time`, async () => {
      const started = performance.now();
      await refusalOf(doc(text));
      expect(performance.now() - started).toBeLessThan(3_000);
    });
});
