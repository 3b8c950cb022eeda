import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../src-core/contract/runs.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { openHost } from './host/host.ts';
import { clientOf, contentOf, eventually, finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

async function hostWithEndpoint() {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const opened = await openTestHost();
  await opened.client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl, maxRetries: 1, timeoutMs: 2_000 });
  return { ...opened, endpoint };
}

test('a run on the starter model streams and stores exactly what it ran, on what, and how it went', async () => {
  const { client } = await openTestHost();
  const content = contentOf('You are {{ mood }}. Say hello.', {
    inputs: [{ name: 'mood', type: 'string' }],
    settings: { temperature: 0, maxTokens: 24, model: 'starter' },
  });
  const { id } = await client.runs.start({ content, inputs: { mood: 'happy' } });
  const events: RunEvent[] = [];
  for await (const event of await client.runs.watch({ id })) events.push(event);
  const streamed = events.flatMap((event) => (event.kind === 'delta' ? [event.text] : [])).join('');
  const run = await client.runs.get({ id });
  expect(run.output).toBe(streamed);
  expect(run.output.length).toBeGreaterThan(0);
  expect(run).toMatchObject({
    status: 'succeeded',
    model: 'starter',
    content,
    inputs: { mood: 'happy' },
    cost: 0,
    error: null,
  });
  expect(run.messages).toEqual([{ role: 'user', content: 'You are happy. Say hello.' }]);
  expect(run.sampling).toEqual({ temperature: 0, maxTokens: 24 });
  expect(run.modelIdentity).toMatchObject({ kind: 'gguf', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(run.inputTokens).toBeGreaterThan(5);
  expect(run.outputTokens).toBeGreaterThan(0);
  expect(run.ttftMs!).toBeLessThanOrEqual(run.latencyMs!);
});

test('a watcher that comes late gets what it has not seen and then the rest', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.runs.start({
    content: contentOf('one two three four five six seven'),
    model: 'lab/slow',
  });
  const seen = await eventually(async () => {
    const [first] = await takeDeltas(client, id, 0, 1);
    return first;
  });
  const rest = await takeDeltas(client, id, seen.text.length, Number.POSITIVE_INFINITY);
  const run = await client.runs.get({ id });
  expect(seen.text + rest.map((delta) => delta.text).join('')).toBe(run.output);
  expect(rest[0]?.offset).toBe(seen.text.length);
});

async function takeDeltas(client: ReturnType<typeof clientOf>, id: string, after: number, count: number) {
  const deltas: Extract<RunEvent, { kind: 'delta' }>[] = [];
  for await (const event of await client.runs.watch({ id, after })) {
    if (event.kind === 'delta') deltas.push(event);
    if (deltas.length >= count) break;
  }
  return deltas;
}

test('leaving the watch does not end the run', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.runs.start({ content: contentOf('a b c d e f'), model: 'lab/slow' });
  await takeDeltas(client, id, 0, 1);
  const run = await eventually(async () => {
    const current = await client.runs.get({ id });
    return current.finishedAt === null ? null : current;
  });
  expect(run.status).toBe('succeeded');
});

test('cancel keeps what had arrived', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.runs.start({ content: contentOf('x'), model: 'lab/endless' });
  await takeDeltas(client, id, 0, 1);
  // Its model never ends by itself.
  await client.runs.cancel({ id });
  const run = await finishedRun(client, id);
  expect(run.status).toBe('cancelled');
  expect(run.output.length).toBeGreaterThan(0);
});

test('a failed run says why and keeps its partial output', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.runs.start({ content: contentOf('one two three'), model: 'lab/die-midstream' });
  const run = await finishedRun(client, id);
  expect(run.status).toBe('failed');
  expect(run.error?.code).toBe('unavailable');
  expect(run.output.length).toBeGreaterThan(0);
});

test('a fallback model takes over and the run says which one failed and why', async () => {
  const { client } = await hostWithEndpoint();
  const content = contentOf('hello there', {
    settings: { model: 'lab/fail-500', fallbacks: ['lab/nothing-here', 'lab/echo'] },
  });
  const { id } = await client.runs.start({ content });
  const run = await finishedRun(client, id);
  expect(run.status).toBe('succeeded');
  expect(run.model).toBe('lab/echo');
  expect(run.output).toContain('hello there');
  expect(run.attempts.map((attempt) => attempt.model)).toEqual(['lab/fail-500', 'lab/nothing-here']);
});

test('a prompt that cannot be rendered is refused before anything runs, with every problem', async () => {
  const { client } = await openTestHost();
  const content = contentOf('{{ n }}', {
    inputs: [
      { name: 'n', type: 'number' },
      { name: 'flag', type: 'boolean' },
    ],
  });
  const failure = client.runs.start({ content, inputs: { n: 'many', flag: 'yes' }, model: 'starter' });
  await expect(failure).rejects.toMatchObject({ code: 'invalid' });
  await expect(failure).rejects.toThrow(/"n".*number.*many/);
  expect((await client.runs.list({})).total).toBe(0);
});

test('an unknown model fails with a sentence', async () => {
  const { client } = await openTestHost();
  const { id } = await client.runs.start({ content: contentOf('x'), model: 'nowhere/model' });
  expect((await finishedRun(client, id)).error?.message).toMatch(/There is no model "nowhere\/model"/);
});

test('runs are listed newest first, paged, filtered and found by their output', async () => {
  const { client, host } = await hostWithEndpoint();
  for (const word of ['apple', 'banana', 'cherry']) {
    const { id } = await client.runs.start({ content: contentOf(word), model: 'lab/echo' });
    await finishedRun(client, id);
  }
  const { id: failed } = await client.runs.start({ content: contentOf('x'), model: 'lab/fail-400' });
  await finishedRun(client, failed);
  const first = await client.runs.list({ limit: 3 });
  expect(first.total).toBe(4);
  expect(first.items[0]?.id).toBe(failed);
  const second = await client.runs.list({ limit: 3, cursor: first.nextCursor! });
  expect(second.items.map((run) => run.excerpt)).toEqual([expect.stringContaining('apple')]);
  expect(second.nextCursor).toBeNull();
  expect((await client.runs.list({ status: 'failed' })).total).toBe(1);
  expect((await client.runs.list({ model: 'lab/echo' })).total).toBe(3);
  const found = await eventually(async () => {
    const page = await client.runs.list({ search: 'banan' });
    return page.total > 0 && page;
  });
  expect(found.items.map((run) => run.excerpt)).toEqual([expect.stringContaining('banana')]);
  expect(host.dataDir).toBeTruthy();
});

test('closing the host stops its runs and the next one finds them ended', async () => {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const dataDir = await temporaryFolder();
  const first = await openHost({ dataDir, withoutSamples: true });
  const client = clientOf(first);
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const { id } = await client.runs.start({ content: contentOf('x'), model: 'lab/endless' });
  await takeDeltas(client, id, 0, 1);
  await first.close();
  const { client: later } = await openTestHost(dataDir);
  const run = await later.runs.get({ id });
  expect(run.status).toBe('cancelled');
  expect(run.output.length).toBeGreaterThan(0);
});

test('a score is kept and can be taken back', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.runs.start({ content: contentOf('x'), model: 'lab/echo' });
  await finishedRun(client, id);
  await client.runs.score({ id, score: 1 });
  expect((await client.runs.get({ id })).score).toBe(1);
  await client.runs.score({ id, score: null });
  expect((await client.runs.get({ id })).score).toBeNull();
});

test.each(['thinks', 'thinks-in-tags'])(
  'what a model thinks first (%s) is streamed and kept apart from its answer',
  async (model) => {
    const { client } = await hostWithEndpoint();
    const { id } = await client.runs.start({ content: contentOf('What is it?'), model: `lab/${model}` });
    const texts = { delta: '', reasoning: '' };
    for await (const event of await client.runs.watch({ id }))
      if (event.kind === 'delta' || event.kind === 'reasoning')
        texts[event.kind] = texts[event.kind].slice(0, event.offset) + event.text;
    const run = await client.runs.get({ id });
    expect(run).toMatchObject({ status: 'succeeded', output: 'Forty-two.', excerpt: 'Forty-two.' });
    expect(run.reasoning).toMatch(/^The question is short/);
    expect(run.reasoningTokens).toBe(model === 'thinks' ? 11 : null);
    expect(texts).toEqual({ delta: run.output, reasoning: run.reasoning });
  },
);

test('thoughts that a kill or a cancel cuts off are kept as far as they came', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.runs.start({ content: contentOf('Think'), model: 'lab/thinks-endlessly' });
  for await (const event of await client.runs.watch({ id })) if (event.kind === 'reasoning') break;
  await client.runs.cancel({ id });
  const run = await finishedRun(client, id);
  expect(run).toMatchObject({ status: 'cancelled', output: '' });
  expect(run.reasoning).toMatch(/^word0 /);
});

test('an answer is checked against the response schema of its prompt, and a run without one is not', async () => {
  const { client } = await hostWithEndpoint();
  const responseSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const runOn = async (text: string, parts: Partial<Parameters<typeof contentOf>[1]> = { responseSchema }) => {
    const { id } = await client.runs.start({ content: contentOf(text, parts), model: 'lab/echo' });
    return (await finishedRun(client, id)).schemaProblems;
  };
  expect(await runOn('{"city":"Bergen"}')).toEqual([]);
  expect(await runOn('{"city":7}')).toEqual(['city must be of type "string", not "number".']);
  expect(await runOn('Bergen')).toEqual([expect.stringContaining('text where JSON was expected')]);
  expect(await runOn('{"city":7}', {})).toBeNull();
});

test('a run that only calls tools shows the calls where others show their text', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.runs.start({ content: contentOf('Weather?'), model: 'lab/tools' });
  expect(await finishedRun(client, id)).toMatchObject({
    output: '',
    excerpt: 'calls get_weather({"city":"Bergen"})',
    schemaProblems: null,
  });
});
