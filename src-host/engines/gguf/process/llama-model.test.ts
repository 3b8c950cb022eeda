import { afterAll, beforeAll, expect, test } from 'vitest';
import { starterPath } from '../testing/engine-driver.ts';
import type { TextMessage } from '../text-messages.ts';
import { type LoadedModel, loadModel } from './llama-model.ts';
import { protocolVersion } from './protocol.ts';

let kept: LoadedModel;
/** Answers of a model without a cached prompt. */
const fresh = new Map<readonly TextMessage[], string>();
beforeAll(async () => {
  for (const prompt of [capital, dialogue, start]) {
    const model = await load(1);
    fresh.set(prompt, (await answer(model, prompt)).text);
    await model.dispose();
  }
  kept = await load(2);
});
afterAll(() => kept.dispose());

/** The starter model in this process. */
function load(sequences: number): Promise<LoadedModel> {
  const fixed = { path: starterPath, gpu: 'cpu', contextSize: 512, threads: 1, maxThreads: 1 } as const;
  return loadModel(
    { kind: 'load', version: protocolVersion, sequences, ...fixed },
    { onProgress: () => undefined, onThreads: () => undefined },
  );
}

/** An answer and the processor time of its first token, which does not depend on the load of the machine. */
async function answer(model: LoadedModel, messages: readonly TextMessage[], signal = new AbortController().signal) {
  let text = '';
  let firstMs = 0;
  const started = process.cpuUsage();
  const command = {
    kind: 'generate',
    id: 1,
    messages,
    sampling: { temperature: 0, maxTokens: 24 },
    responseSchema: null,
  };
  await model.generate({ ...command, kind: 'generate' }, signal, {
    onPrepared: () => undefined,
    onStart: () => undefined,
    onText(more) {
      const { user, system } = process.cpuUsage(started);
      firstMs ||= (user + system) / 1_000;
      text += more;
    },
  });
  return { text, firstMs };
}

const rules = Array.from({ length: 24 }, (_, line) => `Rule ${line}: be kind and brief.`).join('\n');
const asked = (text: string): TextMessage[] => [
  { role: 'system', content: rules },
  { role: 'user', content: text },
];
const story = asked('Tell me a tiny story about a fox.');
const capital = asked('What is the capital of France?');
const greeting = asked('Say hello to Ada.');
const dialogue: TextMessage[] = [
  ...greeting,
  { role: 'assistant', content: 'Hello, Ada!' },
  ...asked('And to Bo?').slice(1),
];
const start: TextMessage[] = [{ role: 'system', content: rules.slice(0, 200) }, ...asked('Say hello to Ada.').slice(1)];

test('a prompt that begins as an earlier one did is answered exactly as by a model that has read nothing', async () => {
  for (const prompt of [story, capital, dialogue, greeting, dialogue, start, story, dialogue, capital]) {
    const { text } = await answer(kept, prompt);
    expect(text).not.toBe('');
    expect(text).toBe(fresh.get(prompt) ?? text);
  }
});

test('so is one that follows a run that was cancelled while it read or while it wrote', async () => {
  for (const afterMs of [0, 15, 60]) {
    const stop = new AbortController();
    const cancelled = answer(kept, story, stop.signal).catch(() => 'cancelled');
    setTimeout(() => stop.abort(), afterMs);
    await cancelled;
    expect((await answer(kept, capital)).text).toBe(fresh.get(capital));
  }
});

test('what is common is not read again, also when other runs went between', async () => {
  const first = await answer(kept, [{ role: 'system', content: rules.replaceAll('kind', 'wise') }, ...story.slice(1)]);
  await answer(kept, [{ role: 'user', content: 'What is the capital of France?' }]);
  const times = [];
  for (const name of ['Ada', 'Bo', 'Cy']) {
    const messages = [{ role: 'system', content: rules.replaceAll('kind', 'wise') } as const, ...asked(name).slice(1)];
    times.push((await answer(kept, messages)).firstMs);
  }
  expect(Math.min(...times)).toBeLessThan(first.firstMs / 2);
});
