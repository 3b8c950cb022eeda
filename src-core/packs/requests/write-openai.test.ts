import { describe, expect, test } from 'vitest';
import { createLosses } from '../losses.ts';
import { lossLines, readText } from '../testing/read-and-write.ts';
import { writeOpenAi } from './write-openai.ts';

function chat(...messages: readonly unknown[]) {
  return { model: 'gpt-4o', messages };
}

describe('writing', () => {
  const write = async (value: unknown) => {
    const { prompts } = await readText('a.json', value);
    const losses = createLosses();
    const [file] = writeOpenAi(prompts, losses);
    return { request: JSON.parse(file!.text), path: file!.path, lines: lossLines({ losses: losses.all() }) };
  };

  test('gives a request back as it was, with what was kept', async () => {
    const request = {
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'Keep {{this}} and {%that%}.', name: 'rules' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'file', file: { file_id: 'file-1' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'one' },
      ],
      temperature: 0.5,
      max_completion_tokens: 9,
      stop: ['x'],
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'Finds', parameters: { type: 'object' }, strict: true },
        },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'r', strict: true, schema: { type: 'object' } } },
      n: 2,
    };
    expect(await write(request)).toEqual({ request, path: 'a.json', lines: [] });
  });

  test('what was kept of a message does not come back once the message is another', async () => {
    const { prompts } = await readText('a.json', chat({ role: 'user', content: 'Hi', name: 'kim' }));
    const [prompt] = prompts;
    const changed = {
      ...prompt!,
      content: { ...prompt!.content, messages: [{ role: 'user' as const, content: 'Ho' }] },
    };
    expect(JSON.parse(writeOpenAi([changed], createLosses())[0]!.text).messages).toEqual([
      { role: 'user', content: 'Ho' },
    ]);
  });

  test('a Responses request becomes a chat request', async () => {
    const { request, lines } = await write({
      model: 'm',
      instructions: 'Be short.',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Hi' },
            { type: 'input_file', file_id: 'file-1' },
          ],
        },
      ],
      reasoning: { effort: 'low' },
      truncation: 'auto',
    });
    expect(request).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be short.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'file', file: { file_id: 'file-1' } },
          ],
        },
      ],
      reasoning_effort: 'low',
    });
    expect(lines).toEqual(['dropped parameter:truncation truncation']);
  });

  test('variables, logic and placeholders of a template are losses', async () => {
    const { prompts } = await readText('a.json', chat({ role: 'user', content: 'Hi' }));
    const [prompt] = prompts;
    const messages = [
      { role: 'system' as const, content: 'In {{ language }}{# note #}, {{ "{{" }}.' },
      { placeholder: 'talk' },
      { role: 'user' as const, content: '{% if a %}b{% endif %}' },
      { role: 'user' as const, content: [{ type: 'image' as const, input: 'photo' }] },
    ];
    const losses = createLosses();
    const [file] = writeOpenAi([{ ...prompt!, content: { ...prompt!.content, messages } }], losses);
    expect(JSON.parse(file!.text).messages).toEqual([
      { role: 'system', content: 'In {{language}}, {{.' },
      { role: 'user', content: '{% if a %}b{% endif %}' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: '{{photo}}' } }] },
    ]);
    expect(lossLines({ losses: losses.all() })).toEqual([
      'approximated variable language',
      'dropped placeholder talk',
      'approximated template a',
      'approximated variable photo',
    ]);
  });
});
