import { expect, onTestFinished, test } from 'vitest';
import type { ChatMessage } from '../../../src-core/ports.ts';
import { type LoadedModel, loadModel } from './llama-model.ts';
import { protocolVersion } from './protocol.ts';
import { starterPath } from './testing/engine-driver.ts';

/** The starter model in this process, with a context of its own that has read nothing yet. */
async function load(sequences = 1): Promise<LoadedModel> {
  const model = await loadModel(
    {
      kind: 'load',
      version: protocolVersion,
      path: starterPath,
      gpu: 'cpu',
      contextSize: 512,
      sequences,
      threads: 1,
      maxThreads: 1,
    },
    { onProgress: () => undefined, onThreads: () => undefined },
  );
  onTestFinished(() => model.dispose());
  return model;
}

/** Answers, and says how long the first token took. */
async function answer(model: LoadedModel, messages: readonly ChatMessage[], signal = new AbortController().signal) {
  let text = '';
  let firstMs = 0;
  const started = performance.now();
  const command = {
    kind: 'generate',
    id: 1,
    messages,
    sampling: { temperature: 0, maxTokens: 24 },
    responseSchema: null,
  };
  await model.generate({ ...command, kind: 'generate' }, signal, {
    onStart: () => undefined,
    onText(more) {
      firstMs ||= performance.now() - started;
      text += more;
    },
  });
  return { text, firstMs };
}

const rules = Array.from({ length: 24 }, (_, line) => `Rule ${line}: be kind and brief.`).join('\n');
const asked = (text: string): ChatMessage[] => [
  { role: 'system', content: rules },
  { role: 'user', content: text },
];
const story = asked('Tell me a tiny story about a fox.');
const capital = asked('What is the capital of France?');
const greeting = asked('Say hello to Ada.');
const dialogue: ChatMessage[] = [
  ...greeting,
  { role: 'assistant', content: 'Hello, Ada!' },
  ...asked('And to Bo?').slice(1),
];
const start: ChatMessage[] = [{ role: 'system', content: rules.slice(0, 200) }, ...asked('Say hello to Ada.').slice(1)];

test('a prompt that begins as an earlier one did is answered exactly as by a model that has read nothing', async () => {
  const fresh = new Map<readonly ChatMessage[], string>();
  for (const prompt of [story, capital, greeting, dialogue, start])
    fresh.set(prompt, (await answer(await load(), prompt)).text);
  const kept = await load();
  for (const prompt of [story, capital, story, greeting, dialogue, greeting, start, dialogue]) {
    const { text } = await answer(kept, prompt);
    expect(text).not.toBe('');
    expect(text).toBe(fresh.get(prompt));
  }
});

test('so is one that follows a run that was cancelled while it read or while it wrote', async () => {
  const fresh = (await answer(await load(), capital)).text;
  const kept = await load();
  for (const afterMs of [0, 15, 60]) {
    const stop = new AbortController();
    const cancelled = answer(kept, story, stop.signal).catch(() => 'cancelled');
    setTimeout(() => stop.abort(), afterMs);
    await cancelled;
    expect((await answer(kept, capital)).text).toBe(fresh);
  }
});

test('what is common is not read again, also when other runs went between', async () => {
  const model = await load(2);
  const first = await answer(model, story);
  await answer(model, [{ role: 'user', content: 'What is the capital of France?' }]);
  const times = [];
  for (const text of ['Say hello to Ada.', 'Say hello to Bo.', 'Say hello to Cy.'])
    times.push((await answer(model, asked(text))).firstMs);
  expect(Math.min(...times)).toBeLessThan(first.firstMs / 2);
});
