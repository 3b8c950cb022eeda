/** The time to the first token of a new long prompt, and of one with the same beginning as an earlier one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalEngine, LocalTarget } from '../src-core/ports.ts';
import { createLocalEngine } from '../src-host/engines/gguf/local-engine.ts';
import { starterPath, targetOf } from '../src-host/engines/gguf/testing/engine-driver.ts';
import { writeRandomModel } from '../src-host/engines/gguf/testing/gguf-writer.ts';

const shape = { blocks: 8, width: 512, feedForward: 1_536, contextLength: 4_096 };
const shared = Array.from({ length: 60 }, (_, line) => `Line ${line} of a long introduction that all share.`).join(
  '\n',
);
const rounds = 5;

/** Prints the time to the first token of both, on a model of some 30 million weights. */
export async function benchPrefix(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-bench-'));
  const engine = createLocalEngine();
  try {
    const path = join(folder, 'model.gguf');
    await writeRandomModel(path, shape, starterPath);
    const target = { ...(await targetOf(engine, 'bench', path)), threads: 1 };
    await engine.load(target);
    const first = await askFirst(engine, target, `${shared}\nQuestion 0`);
    console.log(
      `${first.tokens} tokens, read for the first time: ${first.milliseconds.toFixed(0)} ms to the first token`,
    );
    const later: number[] = [];
    for (let round = 1; round <= rounds; round++)
      later.push((await askFirst(engine, target, `${shared}\nQuestion ${round}`)).milliseconds);
    const median = later.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
    console.log(`the same start, another end: ${median.toFixed(0)} ms (median of ${rounds})`);
  } finally {
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function askFirst(engine: LocalEngine, target: LocalTarget, text: string) {
  const request = { messages: [{ role: 'user', content: text }] as const, sampling: { temperature: 0, maxTokens: 4 } };
  const started = performance.now();
  let milliseconds = 0;
  let tokens = 0;
  for await (const event of engine.generate(target, request, new AbortController().signal)) {
    if (event.kind === 'delta' && milliseconds === 0) milliseconds = performance.now() - started;
    if (event.kind === 'usage') tokens = event.inputTokens ?? 0;
  }
  return { milliseconds, tokens };
}
