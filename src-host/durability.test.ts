import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { build } from 'vite';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { hashText } from '../src-core/content/hash-content.ts';
import type { EditingOrder, EditingReport } from './testing/editing-child.ts';
import { temporaryFolder } from './testing/test-host.ts';

const kills = 200;
/** Every other session is killed while it opens the file and begins, the rest in the midst of editing: milliseconds. */
const longestWait = 120;

let childFile: string;

/** Children are started hundreds of times, so they are one file instead of a hundred; the code is the product's own. */
beforeAll(async () => {
  const outDir = await mkdtemp(join(process.cwd(), 'node_modules/.editing-child-'));
  const ssr = join(import.meta.dirname, 'testing/editing-child.ts');
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr, outDir, emptyOutDir: false },
    ssr: { external: ['better-sqlite3'], noExternal: true },
  });
  childFile = join(outDir, 'editing-child.js');
  return () => rm(outDir, { recursive: true, force: true });
});

/** Starts a child that waits for its order. */
function startChild(folder: string): ChildProcess {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') };
  const started = fork(childFile, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  onTestFinished(() => void started.kill('SIGKILL'));
  return started;
}

/** What children were told to be stored so far, and when each edit was typed. */
interface Promises {
  readonly versions: Map<string, string>;
  readonly typedAt: Map<number, number>;
  /** Versions that the label was moved to, in turn. */
  readonly labelled: string[];
  storedEdit: number;
}

function listen(process: ChildProcess, promises: Promises): void {
  process.on('message', (report: EditingReport) => {
    if (report.kind === 'saved') promises.versions.set(report.id, report.hash);
    if (report.kind === 'labelled') promises.labelled.push(report.version);
    if (report.kind === 'typed') promises.typedAt.set(report.edit, performance.now());
    if (report.kind === 'stored') promises.storedEdit = Math.max(promises.storedEdit, report.edit);
  });
}

async function nextSave(process: ChildProcess): Promise<void> {
  for await (const [report] of on(process, 'message', { close: ['exit'] })) if (report.kind === 'saved') return;
  throw new Error('The session ended before it saved anything.');
}

/** Opens the file as the next start would, and returns the edit that the draft shows. */
function inspect(dataDir: string, promises: Promises): number {
  const file = new SqliteDatabase(join(dataDir, 'promptdev.db'));
  try {
    expect(file.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(file.pragma('foreign_key_check')).toEqual([]);
    const tables = file
      .prepare("SELECT count(*) FROM sqlite_master WHERE name IN ('drafts', 'projects')")
      .pluck()
      .get();
    if (tables !== 2) return 0;
    const versions = file
      .prepare('SELECT id, content_hash, body FROM versions JOIN contents ON hash = content_hash')
      .all() as { id: string; content_hash: string; body: string }[];
    const stored = new Map(versions.map((row) => [row.id, row.content_hash]));
    for (const [id, hash] of promises.versions) expect(stored.get(id)).toBe(hash);
    for (const { content_hash, body } of versions.slice(-5)) expect(hashText(body)).toBe(content_hash);
    const moves = file.prepare('SELECT to_version_id FROM label_moves ORDER BY id').pluck().all();
    const known = new Set(moves);
    expect(promises.labelled.filter((version) => !known.has(version))).toEqual([]);
    // The label stands where its last move put it, and the feed knows of the last commit.
    const label = file.prepare('SELECT version_id FROM labels').pluck().get();
    expect(label).toBe(moves.at(-1));
    const rev = file.prepare('SELECT rev FROM workspace').pluck().get();
    if (moves.length > 0) expect(file.prepare('SELECT max(rev) FROM feed').pluck().get()).toBe(rev);
    const draft = file
      .prepare('SELECT content FROM draft_entries WHERE id = (SELECT entry_id FROM drafts)')
      .pluck()
      .get();
    return draft === undefined ? 0 : Number(/edit (\d+)"/.exec(String(draft))?.[1]);
  } finally {
    file.close();
  }
}

test(`${kills} kills at random moments lose no saved version, no moved label, no stored draft, and at most one second of typing`, {
  timeout: 300_000,
}, async () => {
  const folder = await temporaryFolder();
  const dataDir = join(folder, 'data');
  const promises: Promises = { versions: new Map(), typedAt: new Map(), labelled: [], storedEdit: 0 };
  let next = startChild(folder);
  for (let kill = 0; kill < kills; kill++) {
    const [current, ready] = [next, once(next, 'message')];
    next = startChild(folder);
    await ready;
    listen(current, promises);
    current.send({ dataDir, name: 'prompt', edits: 1_000_000 } satisfies EditingOrder);
    // Before the very first save there may be no file to look into.
    if (kill === 0 || kill % 2 === 1) await nextSave(current);
    await sleep(Math.random() * longestWait);
    const killedAt = performance.now();
    current.kill('SIGKILL');
    await once(current, 'close');
    const shown = inspect(dataDir, promises);
    expect(shown).toBeGreaterThanOrEqual(promises.storedEdit);
    for (const [edit, at] of promises.typedAt) if (at < killedAt - 1_000) expect(edit).toBeLessThanOrEqual(shown);
    // What was typed after the last store is gone for good, and its numbers are typed anew.
    for (const edit of promises.typedAt.keys()) promises.typedAt.delete(edit);
  }
  expect(promises.versions.size).toBeGreaterThanOrEqual(kills / 2);
});

test('two processes editing in one file at once both get all their versions', async () => {
  const folder = await temporaryFolder();
  const dataDir = join(folder, 'data');
  const sessions = ['one', 'two'].map(async (name) => {
    const process = startChild(folder);
    const promises: Promises = { versions: new Map(), typedAt: new Map(), labelled: [], storedEdit: 0 };
    listen(process, promises);
    await once(process, 'message');
    process.send({ dataDir, name, edits: 60 } satisfies EditingOrder);
    const [code] = await once(process, 'close');
    return { code, promises };
  });
  for (const { code, promises } of await Promise.all(sessions)) {
    expect(code).toBe(0);
    expect(promises.storedEdit).toBe(60);
    expect(promises.versions.size).toBe(20);
  }
});
