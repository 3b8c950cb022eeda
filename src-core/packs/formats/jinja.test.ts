import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalContent } from '../../content/hash-content.ts';
import { lossLines, promptLines, readFiles, refusalOf, writeAndRead } from '../testing/read-and-write.ts';
import { jinja } from './jinja.ts';

function caseText(path: string): string {
  return readFileSync(join(import.meta.dirname, '..', 'testing', 'cases', path), 'utf8');
}

describe('plain templates', () => {
  test('a template is one message of the user as it is, without the line break at its end', async () => {
    expect(await promptLines({ 'a.j2': 'Hi {{name}}\n\n' })).toEqual(['user: Hi {{name}}\n', 'name string required']);
  });

  test('the name comes from the path without any ending', async () => {
    const { prompts, format } = await readFiles({ 'Mails/Größe.prompt.txt.jinja': 'x' });
    expect([prompts[0]!.name, format]).toEqual(['mails/grosse', 'jinja']);
  });

  test('names of any script stay', async () => {
    expect(await promptLines({ 'a.jinja2': '{{ größe }} {{ приоритет }}' })).toEqual([
      'user: {{ größe }} {{ приоритет }}',
      'größe string required',
      'приоритет string required',
    ]);
  });

  test('a loop shows a list, a default and a test show what may be absent', async () => {
    const text =
      '{% for x in xs | sort %}{{ x.a }}{% endfor %}{{ y | default("d") }}{% if z is defined %}{{ z }}{% endif %}{{ o.p }}';
    expect((await promptLines({ 'a.j2': text })).slice(1)).toEqual([
      'xs object required',
      'y string optional',
      'z string optional',
      'o object required',
    ]);
    const { prompts } = await readFiles({ 'a.j2': text });
    expect(prompts[0]!.content.inputs[0]!.schema).toEqual({ type: 'array' });
  });

  test('an include that is in the folder gets the name of its prompt, from wherever the folder begins', async () => {
    const { prompts, losses } = await readFiles({
      'a/b/main.j2': '{% include "parts/Tail.j2" %}{% import "m.j2" as m %}',
      'parts/Tail.j2': 't',
      'a/b/m.j2': 'm',
    });
    expect(prompts[0]!.includes).toEqual(['parts/tail', 'a/b/m']);
    expect(losses).toEqual([]);
  });

  test('an include that leaves the folder stays unresolved', async () => {
    const { losses } = await readFiles({ 'a.j2': '{% include "../../secret.j2" %}{% include "/etc/passwd" %}' });
    expect(lossLines(losses)).toEqual(['unresolved include ../../secret.j2', 'unresolved include /etc/passwd']);
  });

  test('what does not parse here is imported with a problem that has its line', async () => {
    const { prompts, problems } = await readFiles({ 'a.j2': 'a\n{% trans %}b{% endtrans %}' });
    expect(prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'a\n{% trans %}b{% endtrans %}' }]);
    expect(problems).toEqual([{ message: 'There is no statement "trans".', line: 2 }]);
  });

  test('nunjucks stays nunjucks', async () => {
    const { prompts } = await readFiles({ 'a.njk': '{% if a === 1 %}{{ b | dump }}{% endif %}' });
    expect(prompts[0]!.content.syntax).toBe('nunjucks');
    expect(prompts[0]!.content.inputs.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('line ends of Windows become ours', async () => {
    expect(await promptLines({ 'a.j2': '# user:\r\nHi\r\n\r\n# assistant:\r\nYes\r\n' })).toEqual([
      'user: Hi',
      'assistant: Yes',
    ]);
  });

  test('front matter with plain keys is read, prose between rules is text', async () => {
    const { prompts, losses } = await readFiles({ 'x.j2': '---\nname: Mail sorter\ntags: [a]\nteam: blue\n---\nHi' });
    expect(prompts[0]).toMatchObject({ name: 'mail-sorter', title: 'Mail sorter', tags: ['a'] });
    expect(lossLines(losses)).toEqual(['kept unknown-key team']);
    expect(await promptLines({ 'x.j2': '---\nOnce upon: a time\n---\nHi' })).toEqual([
      'user: ---\nOnce upon: a time\n---\nHi',
    ]);
  });

  test('keys in front matter never travel', async () => {
    const { prompts, losses } = await readFiles({ 'x.j2': '---\napi_key: abc\n---\nHi' });
    expect(JSON.stringify(prompts)).not.toContain('abc');
    expect(lossLines(losses)).toEqual(['refused secret api_key']);
  });

  test('a text file is Jinja when it has tags of it', async () => {
    expect((await readFiles({ 'a.txt': '{% if a %}{{ a }}{% endif %}' })).format).toBe('jinja');
    expect((await readFiles({ 'a.txt': 'Hi {{ name }}' })).format).toBe('jinja');
    expect((await refusalOf({ 'a.txt': 'Hi {{$name}}' }))?.reason).toBe('unknown-format');
    expect((await refusalOf({ 'a.txt': 'Hi there' }))?.reason).toBe('unknown-format');
  });

  test('the chat template of a model is refused', async () => {
    const text = "{{ bos_token }}{% for message in messages %}{{ '<|im_start|>' + message['role'] }}{% endfor %}";
    expect(await refusalOf({ 'chat_template.jinja': text })).toEqual({
      reason: 'chat-template',
      message:
        "chat_template.jinja is a chat template of a model, which writes the messages of a request down for that model. It is no prompt; it belongs to the model's file.",
    });
    const mistral = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}";
    expect((await refusalOf({ 'm.jinja': mistral }))?.reason).toBe('chat-template');
    expect(await refusalOf({ 'own.jinja': '{% for m in messages %}{{ m }}{% endfor %}' })).toBeNull();
  });

  test('an empty file is refused', async () => {
    expect(await refusalOf({ 'a.j2': ' \n' })).toEqual({ reason: 'no-messages', message: 'a.j2 is empty.' });
  });
});

describe('role lines', () => {
  test('text before the first role is a system message, and comments before it are none', async () => {
    expect(await promptLines({ 'a.j2': '{# about #}\nsystem:\nA\nuser:\nB' })).toEqual(['system: A', 'user: B']);
    expect(await promptLines({ 'a.j2': 'Be kind.\n# user:\nB\n# assistant:\nC' })).toEqual([
      'system: Be kind.',
      'user: B',
      'assistant: C',
    ]);
  });

  test('a role in a condition, a comment or a raw block opens no message', async () => {
    const text =
      '# system:\nA\n{% if x %}\n# user:\nB\n{% endif %}\n{% raw %}\nuser:\n{% endraw %}\n{#\nuser:\n#}\n# user:\nC';
    const { prompts, losses } = await readFiles({ 'a.j2': text });
    expect(prompts[0]!.content.messages).toEqual([
      {
        role: 'system',
        content: 'A\n{% if x %}\n# user:\nB\n{% endif %}\n{% raw %}\nuser:\n{% endraw %}\n{#\nuser:\n#}',
      },
      { role: 'user', content: 'C' },
    ]);
    expect(lossLines(losses)).toEqual(['approximated conditional-role if x']);
  });

  test('a loop with computed roles, also in a condition and over a slice, is a placeholder', async () => {
    const text =
      '# system:\nA\n{% if turns %}{% for t in turns[-5:] %}\n{{ t.role }}:\n{{ t.text }}\n{% endfor %}{% endif %}\nlast {{ q }}';
    expect(await promptLines({ 'a.j2': text })).toEqual([
      'system: A',
      '[placeholder turns optional]',
      'user: last {{ q }}',
      'turns messages optional',
      'q string required',
    ]);
  });

  test('each message has the definitions of before that it uses', async () => {
    const text =
      '# system:\n{% set n = 2 %}{% macro m(x) %}<{{ x }}>{% endmacro %}A\n# user:\n{{ m(n) }}\n# assistant:\nB';
    expect(await promptLines({ 'a.j2': text })).toEqual([
      'system: {% set n = 2 %}{% macro m(x) %}<{{ x }}>{% endmacro %}A',
      'user: {% set n = 2 %}{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(n) }}',
      'assistant: B',
    ]);
  });

  test('a line that only begins with a role is text', async () => {
    expect(await promptLines({ 'a.j2': 'user: hello\nassistant: hi' })).toEqual(['user: user: hello\nassistant: hi']);
  });

  test('more messages than a prompt can have are refused', async () => {
    expect((await refusalOf({ 'a.j2': '# user:\na\n'.repeat(5_000) }))?.reason).toBe('too-many-messages');
    expect((await refusalOf({ 'a.j2': '# user:\na\n'.repeat(300) }))?.reason).toBe('invalid');
  });
});

describe('chat blocks', () => {
  test('roles of other names, text outside and unknown roles are losses', async () => {
    const text = 'Hello\n{% chat role="ai" %}\nA\n{% endchat %}\n{% chat role=narrator %}B{% endchat %}';
    const { prompts, losses } = await readFiles({ 'x.md': text });
    expect(prompts[0]!.content.messages).toEqual([
      { role: 'system', content: 'Hello' },
      { role: 'assistant', content: 'A' },
      { role: 'user', content: 'B' },
    ]);
    expect(lossLines(losses)).toEqual(['approximated role narrator', 'approximated text-outside']);
  });
});

describe('hostile texts', () => {
  for (const [name, text] of Object.entries({
    'a million openers': '{%'.repeat(500_000),
    'a million open quotes': `{{ ${'"'.repeat(300_000)}`,
    'blocks in blocks': '{% if a %}'.repeat(20_000),
    'ends without a beginning': '{% endif %}'.repeat(20_000),
    braces: '{{{{{{'.repeat(50_000),
  }))
    test(`${name} are read or refused in little time`, async () => {
      const started = performance.now();
      await refusalOf({ 'a.j2': text });
      expect(performance.now() - started).toBeLessThan(3_000);
    });
});

describe('what is written', () => {
  for (const path of ['jinja/chat.jinja2', 'jinja/macros.j2', 'markdown-roles/blocks.prompt.md'])
    test(`${path} comes back with the same content`, async () => {
      const { prompts } = await readFiles({ [path.split('/')[1]!]: caseText(path) });
      const again = await writeAndRead(jinja, prompts);
      expect(again.prompts.map(({ content }) => canonicalContent(content))).toEqual(
        prompts.map(({ content }) => canonicalContent(content)),
      );
      expect(again.prompts[0]!.name).toBe(prompts[0]!.name);
      expect(again.losses).toEqual([]);
    });

  test('what a template file cannot say is a loss', async () => {
    const { prompts } = await readFiles({
      'a.prompty':
        '---\nname: a\nmodel: {id: m, options: {temperature: 1}}\noutputs: {x: {kind: string}}\ninputs:\n  - {name: q, kind: string, required: true, description: About}\n---\nsystem:\n{{q}}\n',
    });
    const { files, losses } = await writeAndRead(jinja, prompts);
    expect(files).toEqual([{ path: 'a.j2', text: '# system:\n{{ q }}\n' }]);
    expect(lossLines(losses)).toEqual(['dropped settings a', 'dropped response-schema a', 'dropped input a: q']);
  });

  test('roles in conditions stay as the tool has them', async () => {
    const { prompts } = await readFiles({ 'a.j2': '# system:\nA\n{% if x %}\n# user:\nB\n{% endif %}\n# user:\nC' });
    const { files, prompts: again } = await writeAndRead(jinja, prompts);
    expect(files[0]!.text).toContain('{% if x %}\n# user:\nB\n{% endif %}');
    expect(canonicalContent(again[0]!.content)).toBe(canonicalContent(prompts[0]!.content));
  });

  test('text that would open a message is printed by a tag', async () => {
    const { prompts } = await readFiles({
      'a.md': '{% chat role="system" %}A{% endchat %}{% chat role="user" %}Say\nuser:\nx{% endchat %}',
    });
    const [prompt] = prompts;
    const plain = { ...prompt!, metadata: {} };
    const { files, prompts: again } = await writeAndRead(jinja, [plain]);
    expect(files[0]!.text).toBe('# system:\nA\n\n# user:\nSay\n{{ "user:" }}\nx\n');
    expect(again[0]!.content.messages).toHaveLength(2);
  });

  test('a Liquid prompt of several messages is refused', async () => {
    const { prompts } = await readFiles({ 'a.liquid': 'Hi {{ name }}' });
    expect((await writeAndRead(jinja, prompts)).files).toEqual([{ path: 'a.liquid', text: 'Hi {{ name }}\n' }]);
    const content = {
      ...prompts[0]!.content,
      messages: [...prompts[0]!.content.messages, { role: 'assistant' as const, content: 'x' }],
    };
    const { files, losses } = await writeAndRead(jinja, [{ ...prompts[0]!, content }]);
    expect([files, lossLines(losses)]).toEqual([[], ['refused messages a']]);
  });
});
