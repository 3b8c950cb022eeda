import { describe, expect, test } from 'vitest';
import { createRemoteEngine } from '../remote-engine.ts';
import { targetOf } from '../testing/drive.ts';
import { startScriptedEndpoint } from '../testing/scripted-endpoint.ts';
import { createModelListReader } from './model-list.ts';

async function read(text: string, pieceLength = text.length): Promise<readonly string[] | null> {
  const reader = createModelListReader();
  for (let start = 0; start < text.length; start += pieceLength) reader.push(text.slice(start, start + pieceLength));
  return (await reader.end())?.map(({ model }) => model) ?? null;
}

describe('a list of models', () => {
  const tricky = JSON.stringify({
    object: 'list',
    meta: { data: [{ id: 'not-this' }], note: 'data' },
    data: [
      { id: 'b', tags: ['x', { id: 'inner' }], about: 'a } ] " \\ brace' },
      null,
      7,
      'text',
      ['nested'],
      { id: 'ä"\\{[', object: 'model' },
      { id: 'a' },
      { id: 'b' },
      { name: 'without id' },
    ],
    more: [{ id: 'nor-this' }],
  });

  test.each([1, 2, 3, 7, 16, 1_000])('in pieces of %i characters is read as JSON would read it', async (length) => {
    expect(await read(tricky, length)).toEqual(['a', 'b', 'without id', 'ä"\\{[']);
    expect(await read('[{"id":"z"},{"id":"y"}]', length)).toEqual(['y', 'z']);
  });

  test.each(['null', '{"hello":1}', 'Ollama is running', '{"data":{"id":"a"}}', '"data"', '7'])(
    '%s is none',
    async (text) => {
      expect(await read(text, 3)).toBeNull();
    },
  );

  test.each(['{"data":[{"id":"a"}', '[{"id":"a"', '{"data":[{"id":"a",}]}', ']', '{"data":[{"id":"a'])(
    '%s is broken JSON',
    async (text) => {
      await expect(read(text, 5)).rejects.toBeInstanceOf(SyntaxError);
    },
  );

  test('of 200 000 models leaves others their turn', async () => {
    const ids = Array.from({ length: 200_000 }, (_, index) => `vendor-${(index * 7_919) % 200_000}/model`);
    const endpoint = await startScriptedEndpoint({
      list: {
        kind: 'raw',
        contentType: 'application/json',
        body: JSON.stringify({ data: ids.map((id) => ({ id, object: 'model' })) }),
      },
    });
    const engine = createRemoteEngine();
    let longest = 0;
    let before = process.threadCpuUsage();
    // Processor time between two turns, which does not depend on the load of the machine.
    const timer = setInterval(() => {
      const { user, system } = process.threadCpuUsage(before);
      before = process.threadCpuUsage();
      longest = Math.max(longest, (user + system) / 1_000);
    }, 5);
    const check = await engine.check(targetOf(endpoint.baseUrl, '', { timeoutMs: 30_000 }));
    clearInterval(timer);
    engine.dispose();
    await endpoint.close();
    expect(check.kind === 'ok' && check.models.length).toBe(200_000);
    expect(check.kind === 'ok' && check.models[0]?.model).toBe('vendor-0/model');
    // The exact figure is measured in a bench; this bound fails when the slices are removed.
    expect(longest).toBeLessThan(1_000);
  });
});
