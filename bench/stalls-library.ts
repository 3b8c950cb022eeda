/** The longest time for which search, blame and diff block the event loop; the goal is 100 ms. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { contentSchema } from '../src-core/contract/content.ts';
import { openHost } from '../src-host/host/host.ts';
import { clientOf } from '../src-host/testing/host-clients.ts';
import { fillLibrary } from './library.ts';

type Client = ReturnType<typeof clientOf>;

const longLines = 60_000;
const longVersions = 12;

/** Prints the longest stall of the event loop and the whole time of each scenario; the client runs in the same process. */
export async function benchLibraryStalls(): Promise<void> {
  process.env.PROMPTDEV_KEYRING = 'off';
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-bench-'));
  try {
    await (await openHost({ dataDir, withoutSamples: true })).close();
    fillLibrary(join(dataDir, 'promptdev.db'), 2);
    const host = await openHost({ dataDir, withoutSamples: true });
    const client = clientOf(host, 'bench');
    console.log('10000 prompts × 2 versions of 120 words');
    await stallsOfSearch(client);
    console.log(`${longVersions} versions of ${longLines} lines`);
    await stallsOfHistory(client);
    await host.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function stallsOfSearch(client: Client): Promise<void> {
  const letters = Array.from({ length: 400 }, (_, i) => String.fromCharCode(97 + (i % 26)));
  const common =
    'answer customer refund reply german order word zebra question polite short summary language tone step';
  const searches: readonly (readonly [string, string])[] = [
    ['one letter', 'a'],
    ['400 one-letter words', letters.join(' ')],
    [
      '400 quoted letters',
      letters
        .map((letter) => `"${letter}"`)
        .join(' ')
        .slice(0, 1_000),
    ],
    ['one word of 400 letters and dashes', letters.join('-')],
    ['fifteen words that all prompts say', common],
    ['the start of fifteen such words', common.replaceAll(/(\w\w)\w+/g, '$1')],
    ['a phrase of such words', `"${common}"`],
  ];
  for (const [name, search] of searches) {
    await report(`list: ${name}`, () => client.prompts.list({ search, limit: 100 }));
    await report(`search everything: ${name}`, () => client.library.search({ query: search, limit: 50 }));
    await report(`runs: ${name}`, () => client.runs.list({ search }));
  }
}

async function stallsOfHistory(client: Client): Promise<void> {
  const lines = Array.from({ length: longLines }, (_, i) => `${i}. Answer in at most ${i % 97} words.`);
  const contentOf = (version: number) =>
    contentSchema.parse({
      messages: [
        { role: 'user', content: lines.map((line, i) => (i % 500 === version ? `${line} !` : line)).join('\n') },
      ],
    });
  const { id } = await client.prompts.create({ name: 'long', content: contentOf(0) });
  let { revision } = (await client.prompts.get({ id })).draft;
  const versions: string[] = [];
  for (let version = 1; version <= longVersions; version += 1) {
    const content = contentOf(version);
    const saved = async () => {
      ({ revision } = await client.prompts.saveDraft({ id, revision, content }));
    };
    await (version === longVersions ? report('save the draft', saved) : saved());
    const save = async () => {
      const { version, prompt } = await client.versions.save({ promptId: id });
      versions.push(version.id);
      revision = prompt.draft.revision;
    };
    await (version === longVersions ? report('save a version', save) : save());
  }
  const [first, last] = [versions[0]!, versions.at(-1)!];
  await report('blame', () => client.versions.blame({ id: last }));
  await report('list versions', () => client.versions.list({ promptId: id, limit: 100 }));
  await report('diff', () =>
    client.versions.diff({
      before: { kind: 'version', versionId: first },
      after: { kind: 'version', versionId: last },
    }),
  );
  await report('where used', () => client.library.whereUsed({ id }));
}

async function report(name: string, job: () => Promise<unknown>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // The monitor measures from tick to tick, so it needs one before and one after the work.
  await sleep(20);
  const started = performance.now();
  await job();
  const took = performance.now() - started;
  await sleep(20);
  delay.disable();
  console.log(
    `  ${name.padEnd(56)} longest stall ${(delay.max / 1e6).toFixed(0)} ms of ${took.toFixed(0)} ms (goal 100 ms)`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchLibraryStalls();
