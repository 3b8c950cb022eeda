import { describe, expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import { lossLines, readText, refusalPair } from '../testing/read-and-write.ts';

function preset(promptPrefix: unknown, more: object = {}) {
  return { endpoint: 'openAI', title: 'A', promptPrefix, ...more };
}

async function read(promptPrefix: string) {
  const imported = await readText('x.json', preset(promptPrefix));
  const { content, inputSources } = imported.prompts[0]!;
  return { content, inputSources, text: content.messages[0]!.content, lines: lossLines(imported) };
}

describe('gaps', () => {
  test('are brackets in capitals, and nothing else', async () => {
    const { text } = await read(
      '[PROMPT] [TARGET LANGUAGE] [KEY-2] [ÜBERSCHRIFT] [x] [X] [1] [README](a.md) [Mixed] []',
    );
    expect(text).toBe(
      '{{ prompt }} {{ target_language }} {{ key_2 }} {{ überschrift }} [x] [X] [1] [README](a.md) [Mixed] []',
    );
  });

  test('keep their source, and one name is one input', async () => {
    const { content, inputSources, lines } = await read('[PROMPT] and [PROMPT] and [FOR]');
    expect(content.inputs.map(({ name, required }) => [name, required])).toEqual([
      ['prompt', true],
      ['for', true],
    ]);
    expect(inputSources).toEqual({ prompt: '[PROMPT]', for: '[FOR]' });
    expect(lines.slice(0, 2)).toEqual([
      'approximated bracket-placeholder [PROMPT]',
      'approximated bracket-placeholder [FOR]',
    ]);
  });

  test('that LibreChat fills in by itself may stay empty; other braces are a text', async () => {
    const { content, lines } = await read('On {{current_date}} for {{current_user}}: {{topic}} {% a %}');
    expect(content.inputs.map(({ name, required }) => [name, required])).toEqual([
      ['current_date', false],
      ['current_user', false],
    ]);
    expect(renderContent(content, { current_date: 'D' }).messages![0]!.text).toBe('On D for : {{topic}} {% a %}');
    expect(lines[0]).toBe('approximated system-variable current_date');
  });
});

describe('presets', () => {
  test('map their settings and keep the rest', async () => {
    const imported = await readText(
      'x.json',
      preset('a', {
        model: 'm',
        temperature: 3,
        maxOutputTokens: 9,
        stop: ['x'],
        top_p: 0.5,
        modelLabel: 'L',
        user: 'kim',
        tools: [],
      }),
    );
    expect(imported.prompts[0]!.content.settings).toEqual({
      model: 'm',
      fallbacks: [],
      maxTokens: 9,
      stop: ['x'],
      topP: 0.5,
    });
    expect(lossLines(imported)).toEqual([
      'kept parameter:temperature temperature',
      'kept endpoint endpoint',
      'kept modelLabel modelLabel',
      'dropped author',
    ]);
  });

  test('with examples have them as messages', async () => {
    const said = (content: unknown) => ({ content });
    const { prompts } = await readText(
      'x.json',
      preset('a', {
        examples: [{ input: said('Q {{x}}'), output: said('A') }, { input: said(''), output: said('') }, null],
      }),
    );
    expect(prompts[0]!.content.messages).toEqual([
      { role: 'system', content: 'a' },
      { role: 'user', content: 'Q {{ "{{" }}x}}' },
      { role: 'assistant', content: 'A' },
    ]);
  });

  test('of a list are prompts, and those without a text losses', async () => {
    const imported = await readText('x.json', [
      preset('a'),
      preset(null, { title: 'Empty' }),
      preset('b', { title: '' }),
      7,
    ]);
    expect(imported.prompts.map(({ name }) => name)).toEqual(['a', 'x']);
    expect(lossLines(imported)).toContain('dropped entry Empty');
  });

  test('without a text are refused', async () => {
    expect(await refusalPair('x.json', preset('  '))).toEqual([
      'no-messages',
      'The preset "A" has no text: its "promptPrefix" is empty.',
    ]);
    expect(await refusalPair('x.json', [5], 'librechat-preset')).toEqual([
      'no-messages',
      'x.json has no presets with a text.',
    ]);
  });

  test('need an endpoint and something of a preset', async () => {
    expect((await refusalPair('x.json', { endpoint: 'openAI', a: 1 }))[0]).toBe('unknown-format');
    expect((await refusalPair('x.json', { promptPrefix: 'a' }))[0]).toBe('unknown-format');
    expect((await readText('x.json', { endpoint: 'google', presetId: null, promptPrefix: 'a' })).format).toBe(
      'librechat-preset',
    );
  });

  test('never bring keys along', async () => {
    const imported = await readText('x.json', preset('a', { apiKey: 'abcdef' }));
    expect(JSON.stringify(imported)).not.toContain('abcdef');
    expect(lossLines(imported)[0]).toBe('refused secret apiKey');
  });

  test('that are hostile are refused', async () => {
    const deep = `{"endpoint":"openAI","promptPrefix":"a","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(await refusalPair('x.json', deep)).toEqual([
      'too-deep',
      'x.json is not read: It nests more than 100 levels deep.',
    ]);
  });
});
