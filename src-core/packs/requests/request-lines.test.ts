import { describe, expect, test } from 'vitest';
import { lossLines, readText } from '../testing/read-and-write.ts';

function chat(...messages: readonly unknown[]) {
  return { model: 'gpt-4o', messages };
}

describe('batches and lines to train with', () => {
  const request = (index: number, more: object = {}) =>
    JSON.stringify({
      custom_id: `row-${index}`,
      url: '/v1/chat/completions',
      body: { ...chat({ role: 'system', content: 'Sort.' }, { role: 'user', content: `Item {{${index}}}` }), ...more },
    });

  test('bad lines and requests without messages are losses, the rest is read', async () => {
    const lines = [
      request(1),
      '{"custom_id": ',
      JSON.stringify({ custom_id: 'e', url: '/v1/embeddings', body: { model: 'm', input: 'a' } }),
      JSON.stringify({ custom_id: 'n', body: { messages: [] } }),
      request(2),
    ];
    const { prompts, losses } = await readText('x.jsonl', lines.join('\n'));
    expect(prompts.map(({ name }) => name)).toEqual(['row-1', 'row-2']);
    expect(lossLines({ losses })).toEqual(['dropped row line 2', 'dropped row line 3', 'dropped row line 4']);
    expect(losses[0]!.line).toBe(2);
  });

  test('more than 200 that differ in one text are one prompt with a dataset', async () => {
    const { prompts, data } = await readText(
      'sort.jsonl',
      Array.from({ length: 300 }, (_, index) => request(index)).join('\n'),
    );
    expect(prompts.map(({ name, content }) => [name, content.messages])).toEqual([
      [
        'sort',
        [
          { role: 'system', content: 'Sort.' },
          { role: 'user', content: '{{ text }}' },
        ],
      ],
    ]);
    expect(prompts[0]!.content.inputs.map(({ name, type }) => [name, type])).toEqual([['text', 'string']]);
    expect(data?.columns).toEqual(['custom_id', 'text']);
    expect(data?.rows).toHaveLength(300);
    expect(data?.rows[7]).toEqual({ custom_id: 'row-7', text: 'Item {{7}}' });
  });

  test('more than 200 that differ in more are the first 200', async () => {
    const lines = Array.from({ length: 201 }, (_, index) => request(index, { temperature: index / 300 }));
    const { prompts, losses, data } = await readText('x.jsonl', lines.join('\n'));
    expect(prompts).toHaveLength(200);
    expect(data).toBeNull();
    expect(lossLines({ losses })).toEqual(['dropped row line 201']);
  });

  test('lines to train with are a dataset', async () => {
    const row = {
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Ho', weight: 0 },
      ],
    };
    const { prompts, data, losses } = await readText(
      'x.jsonl',
      [row, { ...row, tools: [] }]
        .map((each) => JSON.stringify(each))
        .concat('{', '{"messages": 1}')
        .join('\n'),
    );
    expect(prompts).toEqual([]);
    expect(data).toEqual({ columns: ['messages', 'tools'], rows: [row, { ...row, tools: [] }], delimiter: null });
    expect(lossLines({ losses })).toEqual(['dropped row line 3', 'dropped row line 4']);
  });
});
