import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { contentSchema, type PromptContent } from '../src-core/contract/content.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

/** A picture of one pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const textOnly = {
  kind: 'answer',
  rejects: { part: 'image_url', message: 'image_url is not supported by this model.' },
} as const;

async function hostWithEndpoint() {
  const endpoint = await startScriptedEndpoint({ models: { 'text-only': textOnly } });
  onTestFinished(() => endpoint.close());
  const dataDir = await temporaryFolder();
  const opened = await openTestHost(dataDir);
  await opened.client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl, maxRetries: 1, timeoutMs: 5_000 });
  return { ...opened, endpoint, dataDir };
}

const whole = (hash: string): PromptContent =>
  contentSchema.parse({
    messages: [
      { role: 'system', content: 'Be kind.', extra: { cache: true } },
      { placeholder: 'history', optional: true },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What does {{ name }} zanzibar show?' },
          { type: 'image', hash, name: 'cat.png' },
          { type: 'image', input: 'photo' },
        ],
      },
    ],
    inputs: [
      { name: 'name', type: 'string' },
      { name: 'photo', type: 'string', required: false },
      { name: 'history', type: 'messages', required: false },
    ],
    settings: { model: 'lab/echo', extra: { top_k: 40, model: 'other' } },
    extra: { imported: { from: 'elsewhere' } },
  });
const history = [
  { role: 'user', content: 'Hi {{ name }}' },
  { role: 'assistant', content: [{ type: 'tool_call', id: 'c1', name: 'look_up', arguments: '{}' }] },
  { role: 'tool', content: [{ type: 'tool_result', id: 'c1', content: 'found' }] },
];

test('a content of parts goes whole through draft, undo, version, diff, copy and search', async () => {
  const { client } = await openTestHost();
  const { hash } = await client.blobs.add({ data: png });
  const content = whole(hash);
  const { id, draft } = await client.prompts.create({ name: 'parts', content });
  expect(draft.content).toEqual(content);
  const { version } = await client.versions.save({ promptId: id, note: '' });
  expect((await client.versions.find({ ref: 'parts@1' })).content).toEqual(content);

  const shorter = { ...content, messages: content.messages.slice(0, 1) };
  const { revision } = (await client.prompts.get({ id })).draft;
  await client.prompts.saveDraft({ id, revision, content: shorter });
  const { diff, patch, rendered } = await client.versions.diff({
    before: { kind: 'version', versionId: version.id },
    after: { kind: 'draft', promptId: id },
  });
  expect(diff.messages.map(({ kind }) => kind)).toEqual(['same', 'removed', 'removed']);
  expect(patch).toContain(`-[image hash ${hash} name=cat.png]`);
  expect(rendered).toEqual([]);
  expect((await client.prompts.draftSteps({ id })).items[0]?.summary).toBe(
    'Removed placeholder `history`, removed user message',
  );
  expect((await client.prompts.undoDraft({ id })).content).toEqual(content);
  expect((await client.prompts.duplicate({ id })).draft.content).toEqual(content);
  expect((await client.versions.blame({ id: version.id })).map(({ role }) => role)).toEqual([
    'system',
    'placeholder',
    'user',
  ]);
  for (const word of ['zanzibar', 'history', 'cat.png'])
    expect((await client.library.search({ query: word })).items.map(({ name }) => name)).toContain('parts');
});

test('a run sends the bytes of a hash, and stores and tells of the hash alone', async () => {
  const { client, endpoint, dataDir } = await hostWithEndpoint();
  const { hash, size, mediaType } = await client.blobs.add({ data: png, mediaType: 'image/jpeg' });
  expect({ size, mediaType }).toEqual({ size: Buffer.from(png, 'base64').length, mediaType: 'image/png' });
  const inputs = { name: 'it', history, photo: 'https://example.com/cat.png' };
  const { id } = await client.runs.start({ content: whole(hash), inputs });
  const run = await finishedRun(client, id);
  expect(run).toMatchObject({ status: 'succeeded', error: null });
  const { body } = endpoint.requests.at(-1)!;
  expect(body.messages).toEqual([
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hi {{ name }}' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look_up', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'found' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What does it zanzibar show?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
        { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } },
      ],
    },
  ]);
  expect(body).toMatchObject({ model: 'echo', top_k: 40 });
  expect(run.messages.at(-1)?.content).toContainEqual({ type: 'image', hash, name: 'cat.png' });
  expect((await client.runs.get({ id })).messages).toEqual(run.messages);
  expect(JSON.stringify(run)).not.toContain(png.slice(0, 40));
  expect(await readFile(join(dataDir, 'host.log'), 'utf8').catch(() => '')).not.toContain(png.slice(0, 40));
});

test('a comparison runs rows of messages and images, also as text, and one that cannot take them fails alone', async () => {
  const { client, endpoint } = await hostWithEndpoint();
  const { hash } = await client.blobs.add({ data: png });
  const { id } = await client.comparisons.start({
    prompts: [{ content: whole(hash), name: 'parts' }],
    models: ['lab/echo', 'lab/text-only', 'starter'],
    rows: [
      { name: 'one', history },
      { name: 'two', history: JSON.stringify(history) },
    ],
  });
  for await (const _ of await client.comparisons.watch({ id })) {
    // Until it has ended.
  }
  const runs = (await client.runs.list({ comparisonId: id })).items;
  const of = (model: string) => runs.filter((run) => run.model === model);
  expect(of('lab/echo').map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  const [one, two] = endpoint.requests.filter(({ body }) => body.model === 'echo').map(({ body }) => body.messages);
  expect(one?.slice(0, 4)).toEqual(two?.slice(0, 4));
  for (const run of of('lab/text-only'))
    expect(run.error).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^lab\/text-only does not take the images of this prompt/),
    });
  for (const run of of('starter'))
    expect(run.error?.message).toBe(
      'starter takes text only; a message of the role user has an image: take it out, or choose a remote model that takes it.',
    );
});

test('a hash without bytes, or of something that is no image, fails the run with a sentence, before anything is sent', async () => {
  const { client, endpoint } = await hostWithEndpoint();
  const text = await client.blobs.add({ data: Buffer.from('<svg/>').toString('base64'), mediaType: 'image/svg+xml' });
  const errorOf = async (hash: string) => {
    const content = whole(hash);
    const { id } = await client.runs.start({ content, inputs: { name: 'it' } });
    return (await finishedRun(client, id)).error;
  };
  expect(await errorOf('0'.repeat(64))).toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^The bytes of the image 000000000000… are not in this workspace/),
  });
  expect((await errorOf(text.hash))?.message).toBe(
    'The image of a message is stored as image/svg+xml; PNG, JPEG, GIF and WebP can be sent as image, anything as a file.',
  );
  expect(endpoint.requests).toEqual([]);
});

test('nothing is sent when every message is an optional placeholder without a value', async () => {
  const { client } = await hostWithEndpoint();
  const content = contentSchema.parse({ messages: [{ placeholder: 'history', optional: true }] });
  await expect(client.runs.start({ content, model: 'lab/echo' })).rejects.toThrow(/^There is nothing to send/);
});

test('a blob is stored once, read back, and refused with a sentence when it is too large, empty or no base64', async () => {
  const { client, host } = await openTestHost();
  const first = await client.blobs.add({ data: png });
  expect(await client.blobs.add({ data: png, mediaType: 'image/png' })).toEqual(first);
  expect(await host.database.selectFrom('blobs').select('hash').execute()).toEqual([{ hash: first.hash }]);
  expect(await client.blobs.get({ hash: first.hash })).toEqual({ ...first, data: png });
  const nobody = '0'.repeat(64);
  expect(await client.blobs.describe({ hashes: [nobody, first.hash, first.hash] })).toEqual([first]);
  expect(await client.blobs.describe({ hashes: [] })).toEqual([]);
  await expect(client.blobs.get({ hash: '0'.repeat(64) })).rejects.toThrow(/There is no blob 000000000000…/);
  await expect(client.blobs.add({ data: '' })).rejects.toThrow(/at least one byte/);
  await expect(client.blobs.add({ data: 'not base64!' })).rejects.toThrow(/must be base64/);
  const large = Buffer.alloc(20 * 1024 * 1024 + 1, 7).toString('base64');
  await expect(client.blobs.add({ data: large })).rejects.toThrow(
    'A blob has at most 20 MB, and this has 20,971,521 bytes.',
  );
  await expect(client.blobs.add({ data: 'A'.repeat(40_000_000) })).rejects.toThrow('A blob has at most 20 MB.');
});

test('tokens are counted of the text of parts', async () => {
  const { client } = await openTestHost();
  const parts = [
    { type: 'image' as const, url: 'https://example.com/cat.png' },
    { type: 'text' as const, text: 'Hello there' },
  ];
  const count = (content: string | typeof parts) =>
    client.models.countTokens({ id: 'starter', messages: [{ role: 'user', content: content as string }] });
  expect(await count(parts)).toEqual(await count('Hello there'));
});

test('tokens are counted of messages that a run would take, and a part in the wrong role is told as the run tells it', async () => {
  const { client } = await hostWithEndpoint();
  const call = { type: 'tool_call' as const, name: 'find', arguments: '{}' };
  const messages = [{ role: 'user' as const, content: [call] }];
  const sentence = 'A message of the role user has a tool call; only an assistant message can.';
  const counted = client.models.countTokens({ id: 'starter', messages });
  await expect(counted).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(sentence) });
  const run = client.runs.start({ content: contentSchema.parse({ messages }), model: 'starter' });
  await expect(run).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(sentence) });
  const fitting = [{ role: 'assistant' as const, content: [call] }];
  expect((await client.models.countTokens({ id: 'starter', messages: fitting })).counts).toHaveLength(1);
});

test('a blob goes with the last prompt or run that has it, and not before', async () => {
  const { client, host } = await hostWithEndpoint();
  const { hash } = await client.blobs.add({ data: png });
  const isThere = async () => (await host.database.selectFrom('blobs').select('hash').execute()).length === 1;
  const ids: string[] = [];
  for (const name of ['one', 'two']) {
    const { id } = await client.prompts.create({ name, content: whole(hash) });
    await client.versions.save({ promptId: id, note: '' });
    ids.push(id);
  }
  const { id: run } = await client.runs.start({ promptId: ids[0]!, inputs: { name: 'it' } });
  await finishedRun(client, run);
  const purge = async (id: string) => {
    await client.prompts.setStatus({ ids: [id], status: 'trashed' });
    await client.prompts.purge({ ids: [id] });
  };
  await purge(ids[0]!);
  expect(await isThere()).toBe(true);
  await purge(ids[1]!);
  expect(await isThere()).toBe(true);
  await client.runs.remove({ ids: [run] });
  expect(await isThere()).toBe(false);
});
