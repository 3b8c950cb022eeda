/**
 * Times of single writes and of what a window asks for after them, on a small library. It uses the client alone, so that it
 * runs on older commits too (`npm run bench beside`).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openHost } from '../src-host/host/host.ts';
import { clientOf, contentOf } from '../src-host/testing/host-clients.ts';

const prompts = 300;
const rounds = 200;
const longText = 'A line of instructions that a person wrote for a model, as long as most are.\n'.repeat(2_400);

/** Prints median and slowest milliseconds of each, and its processor time. */
export async function benchWrites(): Promise<void> {
  process.env.PROMPTDEV_KEYRING = 'off';
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-bench-'));
  const host = await openHost({ dataDir, withoutSamples: true });
  try {
    const client = clientOf(host, 'bench');
    const ids: string[] = [];
    await report('create a prompt', prompts, async (i) => {
      const { id } = await client.prompts.create({
        name: `folder-${i % 10}/prompt-${i}`,
        content: contentOf(`Say ${i}.`),
      });
      ids.push(id);
    });
    const [id, long] = [ids[0]!, ids[1]!];
    const revisions = new Map<string, number>();
    const saveDraft = async (promptId: string, text: string) => {
      const content = contentOf(text);
      const revision = revisions.get(promptId) ?? 0;
      revisions.set(promptId, (await client.prompts.saveDraft({ id: promptId, revision, content })).revision);
    };
    await report('save a short draft', rounds, (i) => saveDraft(id, `Say ${i} once more.`));
    await report('save a draft of 184 KB', rounds / 4, (i) => saveDraft(long, `${longText}${i}`));
    await report('open a prompt', rounds, () => client.prompts.get({ id }));
    const versions: string[] = [];
    for (let i = 0; i < 40; i += 1) {
      await saveDraft(id, `Say ${i}, and say it well.`);
      const { version, prompt } = await client.versions.save({ promptId: id });
      revisions.set(id, prompt.draft.revision);
      versions.push(version.id);
    }
    await report('save a version that changes nothing', rounds, () => client.versions.save({ promptId: id }));
    await report('list versions', rounds, () => client.versions.list({ promptId: id }));
    await report('move a label', rounds, (i) =>
      client.labels.move({ promptId: id, name: 'staging', versionId: versions[i % versions.length]! }),
    );
    await report('list labels', rounds, () => client.labels.list({ promptId: id }));
    await report('change tags', rounds, (i) => client.prompts.update({ id, changes: { tags: ['a', `b${i}`] } }));
    await report('list prompts', rounds, () => client.prompts.list({ limit: 100 }));
    await report('undo and redo', rounds / 2, async () => {
      await client.prompts.undoDraft({ id });
      await client.prompts.redoDraft({ id });
    });
    await report('list runs', rounds, () => client.runs.list({}));
    await report('list models', rounds, () => client.models.list());
  } finally {
    await host.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function report(name: string, count: number, job: (round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < count; i += 1) {
    const started = performance.now();
    await job(i);
    times.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  const sorted = times.sort((a, b) => a - b);
  const processor = (user + system) / 1_000 / count;
  console.log(
    `  ${name.padEnd(36)} median ${sorted[count >> 1]!.toFixed(2)} ms, slowest ${sorted.at(-1)!.toFixed(1)} ms, processor ${processor.toFixed(2)} ms`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchWrites();
