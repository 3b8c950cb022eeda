/**
 * The cost of the engine process against node-llama-cpp called directly in one process, and the speed when other
 * programs keep every core busy.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import type { LocalEngine, LocalTarget } from '../src-core/ports.ts';
import { createLocalEngine } from '../src-host/engines/gguf/local-engine.ts';
import { starterPath, targetOf } from '../src-host/engines/gguf/testing/engine-driver.ts';
import { writeRandomModel } from '../src-host/engines/gguf/testing/gguf-writer.ts';

/** One way to generate; `generate` resolves when the last token has arrived. */
export interface LocalWay {
  readonly name: string;
  generate(prompt: string, tokens: number): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens one more way for the model that `target` names, as in through the host and its WebSocket. */
export type OpenLocalWay = (target: LocalTarget) => Promise<LocalWay>;

const self = fileURLToPath(import.meta.url);
const prompt = 'Tell me a story.';
const tokens = 512;
const rounds = 9;
/** Models that never stop by themselves; the small one has the shape of the starter model. */
const models = [
  { name: 'starter-sized (3.6 M)', blocks: 5, width: 256, feedForward: 512, contextLength: 1_024 },
  { name: 'medium (64 M)', blocks: 8, width: 768, feedForward: 2_048, contextLength: 1_024 },
];

/** Prints tokens per second of every way, interleaved round by round, and how each compares with the direct one. */
export async function benchLocal(more: readonly OpenLocalWay[] = []): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-bench-'));
  try {
    for (const { name, ...shape } of models) {
      const path = join(folder, 'model.gguf');
      await writeRandomModel(path, shape, starterPath);
      console.log(`${name}: ${tokens} tokens, 1 thread, median of ${rounds} rounds`);
      await compare(path, [openDirect, openEngine, ...more]);
    }
    await benchBusy();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(path: string, opens: readonly OpenLocalWay[]): Promise<void> {
  const engine = createLocalEngine();
  const target = { ...(await targetOf(engine, 'bench', path)), threads: 1 };
  const ways: LocalWay[] = [];
  try {
    for (const open of opens) ways.push(await open(target));
    const speeds = new Map(ways.map(({ name }) => [name, [] as number[]]));
    for (let round = -1; round < rounds; round++) {
      // Every other round in the other order, so that no way always comes after the same one.
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const started = performance.now();
        await way.generate(prompt, tokens);
        const speed = (tokens * 1_000) / (performance.now() - started);
        if (round >= 0) speeds.get(way.name)?.push(speed);
      }
    }
    const direct = speeds.get(String(ways[0]?.name)) ?? [];
    for (const [name, list] of speeds) {
      // Compared within each round, because other load slows both alike.
      const share = median(list.map((speed, round) => speed / (direct[round] ?? speed)));
      console.log(
        `  ${name.padEnd(40)} ${median(list).toFixed(0).padStart(6)} tokens/s  ${(share * 100).toFixed(1)} %`,
      );
    }
  } finally {
    for (const way of ways) await way.close();
    await engine.dispose();
  }
}

/** node-llama-cpp in a process that does nothing else. */
const openDirect: OpenLocalWay = async ({ path }) => {
  const child = fork(self, ['--direct', path]);
  await once(child, 'message');
  return {
    name: 'node-llama-cpp directly',
    async generate(text, count) {
      child.send({ text, count });
      await once(child, 'message');
    },
    close: () => end(child),
  };
};

const openEngine: OpenLocalWay = async (target) => {
  const engine = createLocalEngine();
  await engine.load(target);
  return {
    name: 'through the engine process',
    generate: (text, count) => drain(engine, target, text, count),
    close: engine.dispose,
  };
};

async function drain(engine: LocalEngine, target: LocalTarget, text: string, count: number): Promise<number> {
  const request = {
    messages: [{ role: 'user', content: text }] as const,
    sampling: { temperature: 0, maxTokens: count },
  };
  let generated = 0;
  for await (const event of engine.generate(target, request, new AbortController().signal)) {
    if (event.kind === 'usage') generated = event.outputTokens ?? 0;
  }
  return generated;
}

/** The starter model while as many busy loops run as there are cores: measured threads against fixed ones. */
async function benchBusy(): Promise<void> {
  const cores = availableParallelism();
  console.log(`starter model, ${cores} cores all kept busy by others`);
  const loops = Array.from({ length: cores }, () => fork(self, ['--busy']));
  try {
    for (const threads of [null, 1, cores]) {
      const engine = createLocalEngine();
      const target = { ...(await targetOf(engine, 'starter', starterPath)), threads };
      await engine.load(target);
      const chosen = engine.state('starter');
      const started = performance.now();
      let generated = 0;
      while (performance.now() - started < 3_000)
        generated += await drain(engine, target, 'Tell me a tiny story about a fox.', 64);
      const speed = (generated * 1_000) / (performance.now() - started);
      const after = engine.state('starter');
      const counts = [chosen, after].map((state) => (state.kind === 'ready' ? state.threads : 0)).join(' -> ');
      console.log(
        `  ${(threads === null ? 'measured threads' : `threads: ${threads}`).padEnd(40)} ${speed.toFixed(0).padStart(6)} tokens/s  threads ${counts}`,
      );
      await engine.dispose();
    }
  } finally {
    for (const loop of loops) await end(loop);
  }
}

async function serveDirect(path: string): Promise<void> {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 0 });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ contextSize: model.trainContextSize, threads: 1 });
  const sequence = context.getSequence();
  process.on('message', async ({ text, count }: { readonly text: string; readonly count: number }) => {
    await sequence.clearHistory();
    const start = model.tokenize(`<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`, true);
    let left = count;
    let said = '';
    for await (const token of sequence.evaluate(start, { temperature: 0 })) {
      said += model.detokenize([token]);
      if (--left === 0) break;
    }
    process.send?.(said.length);
  });
  process.send?.('ready');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const [task, path] = process.argv.slice(2);
if (task === '--direct' && path !== undefined) await serveDirect(path);
if (task === '--busy') for (;;) Math.sqrt(Math.random());
if (process.argv[1] === self && task === undefined) await benchLocal();
