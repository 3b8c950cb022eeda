/**
 * The cost of the remote engine per call, at concurrency 16 against an endpoint that takes 20 ms per answer. Prints
 * wall time per call beyond the ideal, and processor time per call, beside `node:http` without an engine, the OpenAI
 * SDK's own streaming, and the SDK on undici, which our client replaces.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { OpenAI } from 'openai';
import { Agent, fetch as undiciFetch } from 'undici';
import { createRemoteEngine } from '../src-host/engines/openai/remote-engine.ts';
import { startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';

const concurrency = 16;
const answerMs = 20;
const warmUp = 320;
const calls = 992;
const model = `delay-${answerMs}`;
const messages = [{ role: 'user' as const, content: 'The quick brown fox jumps over the lazy dog once again.' }];

/** The endpoint is a separate process, so that its work is not measured. */
async function serve(): Promise<void> {
  const endpoint = await startScriptedEndpoint();
  process.send?.(endpoint.baseUrl);
}

async function measure(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['--serve'], { execArgv: process.execArgv });
  try {
    const [baseUrl] = (await once(child, 'message')) as [string];
    console.log(`${calls} calls, concurrency ${concurrency}, ${answerMs} ms per answer`);
    for (const [name, call] of Object.entries(contestants(baseUrl))) await report(name, call);
  } finally {
    child.kill();
  }
}

function contestants(baseUrl: string): Readonly<Record<string, () => Promise<unknown>>> {
  const engine = createRemoteEngine();
  const target = {
    endpoint: 'bench',
    baseUrl,
    model,
    apiKey: 'none',
    maxConcurrency: concurrency,
    timeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    neverSend: [],
    maxRetries: 0,
  };
  const sdk = new OpenAI({ baseURL: baseUrl, apiKey: 'none', maxRetries: 0, logLevel: 'off' });
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const onUndici = new OpenAI({
    baseURL: baseUrl,
    apiKey: 'none',
    maxRetries: 0,
    logLevel: 'off',
    fetch: (url, init) =>
      undiciFetch(url as string, { ...(init as object), dispatcher }) as unknown as Promise<Response>,
  });
  const agent = new http.Agent({ keepAlive: true });
  const { signal } = new AbortController();
  return {
    'node:http alone': () => bareCall(`${baseUrl}/chat/completions`, agent),
    'remote engine': () => drain(engine.generate(target, { messages, sampling: {} }, signal)),
    'OpenAI SDK on undici': async () =>
      drain(
        await onUndici.chat.completions.create({
          model,
          messages,
          stream: true,
          stream_options: { include_usage: true },
        }),
      ),
    'OpenAI SDK streaming': async () =>
      drain(
        await sdk.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } }),
      ),
  };
}

async function report(name: string, call: () => Promise<unknown>): Promise<void> {
  await runAll(call, warmUp);
  const started = performance.now();
  const processor = process.cpuUsage();
  await runAll(call, calls);
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(processor);
  const ideal = (calls / concurrency) * answerMs;
  const perCall = (user + system) / 1_000 / calls;
  console.log(
    `${name.padEnd(22)} ${wall.toFixed(0).padStart(5)} ms = ${(wall / ideal).toFixed(2)} x ideal, ${perCall.toFixed(2)} ms of processor time per call`,
  );
}

async function runAll(call: () => Promise<unknown>, count: number): Promise<void> {
  let started = 0;
  const worker = async () => {
    while (started < count) {
      started += 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}

function bareCall(url: string, agent: http.Agent): Promise<void> {
  const body = JSON.stringify({ model, messages, stream: true, stream_options: { include_usage: true } });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', resolve);
      response.once('error', reject);
    });
    request.once('error', reject);
    request.end(body);
  });
}

await (process.argv.includes('--serve') ? serve() : measure());
process.exitCode = 0;
