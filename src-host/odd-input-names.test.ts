import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connectWebSocket } from '../src-core/client/connect.ts';
import type { Client } from '../src-core/client/connection.ts';
import { parseRows } from '../src-core/comparisons/parse-rows.ts';
import { renderContent } from '../src-core/content/templates/render-content.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { contentOf, eventually, finishedRun, openTestHost } from './testing/test-host.ts';
import { serveWebSocket } from './transports/serve-calls.ts';

/** Names that every object of JavaScript has something under. */
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
const inputs = names.map((name) => ({ name, type: 'string' as const }));
/** Written as a file has it: in a literal "__proto__" would mean something else. */
const values = (word: string) => JSON.parse(`{${names.map((name) => `"${name}":"${word} ${name}"`).join(',')}}`);
const shown = (word: string) => names.map((name) => `[${word} ${name}]`).join('');

test.each(['jinja', 'liquid', 'nunjucks'] as const)('a prompt in %s reads inputs of any name', async (syntax) => {
  const content = contentOf(names.map((name) => `[{{ ${name} }}]`).join(''), { syntax, inputs } as never);
  const { messages, problems, usedInputs } = renderContent(content, values('a'));
  expect(problems).toEqual([]);
  expect(messages?.[0]?.text).toBe(shown('a'));
  expect(new Set(usedInputs)).toEqual(new Set(names));
  expect(renderContent(content, {}).problems.map(({ code, input }) => [code, input])).toEqual(
    names.map((name) => ['input_missing', name]),
  );
});

/** The client of a real host over a real socket, where an object is written down and read again. */
async function socketClient(): Promise<Client> {
  const { host } = await openTestHost();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => serveWebSocket(host.router, socket, { clientId: 'window', log: host.log }));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = connectWebSocket(() => new WebSocket(`ws://127.0.0.1:${port}`));
  onTestFinished(() => {
    connection.close();
    server.close();
  });
  return connection.client;
}

test('values for inputs of any name reach previews, drafts, versions, runs, rows and what is exported', async () => {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const client = await socketClient();
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const template = names.map((name) => `[{{ ${name} }}]`).join('');
  const content = contentOf(template, { inputs, samples: [{ name: 'first', inputs: values('sample') }] });

  expect((await client.prompts.render({ content, inputs: values('preview') })).messages?.[0]?.content).toBe(
    shown('preview'),
  );
  const { id, draft } = await client.prompts.create({ name: 'odd', content });
  expect(draft.content).toEqual(content);
  const { version } = await client.versions.save({ promptId: id });
  const stored = await client.versions.get({ id: version.id });
  expect(Object.entries(stored.content.samples[0]!.inputs).sort()).toEqual(Object.entries(values('sample')).sort());

  const run = await client.runs.start({ promptId: id, model: 'lab/echo', inputs: values('run') });
  const finished = await finishedRun(client, run.id);
  expect(finished.messages[0]?.content).toBe(shown('run'));
  expect(Object.entries(finished.inputs).sort()).toEqual(Object.entries(values('run')).sort());

  const csv = `${names.join(',')}\n${names.map((name) => `csv ${name}`).join(',')}`;
  const rows = [csv, JSON.stringify(values('json')), `- ${JSON.stringify(values('yaml'))}`].flatMap((text) => {
    const parsed = parseRows(text, inputs as never);
    expect(parsed.problems).toEqual([]);
    expect(parsed.columns).toEqual(names);
    return parsed.rows.map((row) => {
      expect(row.problems).toEqual([]);
      return row.values;
    });
  });
  const comparison = await client.comparisons.start({
    prompts: [{ promptId: id, name: 'odd' }] as never,
    models: ['lab/echo'],
    rows,
  });
  const ended = await eventually(async () => {
    const { items } = await client.runs.list({});
    const cells = items.filter((item) => item.id !== run.id);
    return cells.length === 3 && cells.every(({ status }) => status === 'succeeded') && cells;
  });
  const sent = await Promise.all(
    ended.map(async (cell) => (await client.runs.get({ id: cell.id })).messages[0]?.content),
  );
  expect(sent.sort()).toEqual(['csv', 'json', 'yaml'].map(shown));
  expect((await client.comparisons.get({ id: comparison.id })).rows.map((row) => Object.keys(row).sort())).toEqual(
    rows.map(() => names.toSorted()),
  );
});

test('an object that holds a member "__proto__" keeps it', async () => {
  const client = await socketClient();
  const content = contentOf('{{ data.__proto__ }} {{ data.list[0].__proto__ }}', {
    syntax: 'nunjucks',
    inputs: [{ name: 'data', type: 'object' }],
  } as never);
  const data = JSON.parse('{"__proto__":"one","list":[{"__proto__":"two"}]}');
  expect((await client.prompts.render({ content, inputs: { data } })).messages?.[0]?.content).toBe('one two');
  await expect(client.prompts.render({ content, inputs: { data: 1n } as never })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('"data" is of type bigint'),
  });
});
