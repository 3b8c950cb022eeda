import { execFileSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { smallDisk, whyNoMount } from '../src-host/testing/full-disk.ts';
import { type Program, programIn } from './testing/program.ts';

/** A data directory with the samples, closed as it should be, to be copied. */
let model: string;
let uncheckpointed: string;

beforeAll(async () => {
  model = await mkdtemp(join(tmpdir(), 'promptdev-disk-'));
  expect((await programIn(model)(['list'])).code).toBe(0);
  uncheckpointed = await mkdtemp(join(tmpdir(), 'promptdev-disk-'));
  // An open connection keeps the last change in the WAL, as after a kill.
  await mkdir(join(uncheckpointed, 'live'));
  const live = join(uncheckpointed, 'live', 'promptdev.db');
  await copyFile(join(model, 'data', 'promptdev.db'), live);
  const sqlite = new SqliteDatabase(live);
  sqlite.prepare("UPDATE prompts SET title = 'Only in the log' WHERE name = 'samples/greeting'").run();
  for (const name of ['promptdev.db', 'promptdev.db-wal'])
    await copyFile(join(uncheckpointed, 'live', name), join(uncheckpointed, name));
  await copyFile(join(model, 'data', 'device.db'), join(uncheckpointed, 'device.db'));
  sqlite.close();
}, 60_000);

afterAll(async () => {
  for (const folder of [model, uncheckpointed]) await rm(folder, { recursive: true, force: true });
});

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-disk-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const reading: readonly (readonly [string[], RegExp])[] = [
  [['list'], /samples\/greeting/],
  [['list', '--json'], /"name": "samples\/greeting"/],
  [['show', 'samples/greeting'], /greeting for \{\{ name \}\}/],
  [['history', 'samples/greeting'], /^v1 /m],
  [['log'], /samples\/greeting@1/],
  [['search', 'greeting'], /samples\/greeting/],
  [['diff', 'samples/greeting@1', 'samples/greeting'], /No differences/],
  [['render', 'samples/greeting', '--input', 'name=Ada'], /Ada/],
  [['label', 'samples/greeting'], /latest/],
  [['models', 'list'], /starter +built in .*context \d+$/m],
];
const writing: readonly string[][] = [
  ['create', 'fresh', '--file', '-'],
  ['save', 'samples/greeting', '--file', '-'],
  ['label', 'samples/greeting@1', 'staging'],
  ['run', 'samples/greeting', '--model', 'starter', '--input', 'name=Ada'],
  ['models', 'add-endpoint', 'lab', '--url', 'http://127.0.0.1:9/v1'],
  ['serve'],
];

async function checkReads(promptdev: Program): Promise<void> {
  for (const [args, said] of reading) {
    const { code, stdout, stderr } = await promptdev(args);
    expect({ args, code, error: /error|space|read-only/.exec(stderr) }).toEqual({ args, code: 0, error: null });
    expect(stdout + stderr).toMatch(said);
  }
}

async function checkWrites(promptdev: Program, why: RegExp): Promise<void> {
  for (const args of writing) {
    const { code, stdout, stderr } = await promptdev(args, 'Hello');
    expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(why);
  }
}

/** What opening stumbles over early, and what late, when engines and the lease are there already. */
test.each([
  ['no database', (file: string) => writeFile(file, 'no database at all '.repeat(500)), /not a PromptDev database/],
  [
    'a database without models',
    async (file: string) => {
      const sqlite = new SqliteDatabase(file);
      sqlite.exec('DROP TABLE local_models');
      sqlite.close();
    },
    /no such table: local_models/,
  ],
] as const)(
  'a device.db that is %s ends a command with a sentence, and the next one works when it is mended',
  async (_, damage, why) => {
    const folder = await temporary();
    await mkdir(join(folder, 'data'));
    for (const name of ['promptdev.db', 'device.db'])
      await copyFile(join(model, 'data', name), join(folder, 'data', name));
    const promptdev = programIn(folder);
    const args = ['run', 'samples/greeting', '--model', 'starter', '--input', 'name=Ada'];
    const file = join(folder, 'data', 'device.db');
    await damage(file);
    const { code, stdout, stderr } = await promptdev(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(why);
    await copyFile(join(model, 'data', 'device.db'), file);
    expect(await promptdev(args)).toMatchObject({ code: 0 });
  },
  60_000,
);

const noMount = whyNoMount();

describe.skipIf(noMount !== null)(`every command that reads${noMount === null ? '' : ` (skipped: ${noMount})`}`, () => {
  test.each([
    ['closed', () => join(model, 'data'), ['promptdev.db', 'device.db'], 'A first prompt'],
    ['left by a kill', () => uncheckpointed, ['promptdev.db', 'promptdev.db-wal', 'device.db'], 'Only in the log'],
  ] as const)(
    'works on a full disk and in a read-only folder, on a file that was %s',
    async (_, from, names, says) => {
      const disk = smallDisk();
      const link = await temporary();
      await symlink(disk.folder, join(link, 'data'));
      const promptdev = programIn(link);
      for (const name of names) await copyFile(join(from(), name), join(disk.folder, name));
      execFileSync('mount', ['-o', 'remount,ro', disk.folder]);
      await checkReads(promptdev);
      expect((await promptdev(['show', 'samples/greeting'])).stdout).toContain(says);
      await checkWrites(promptdev, /read-only|cannot be opened/);
      execFileSync('mount', ['-o', 'remount,rw', disk.folder]);
      await writeFile(join(disk.folder, 'filler'), '');
      execFileSync('sh', ['-c', 'dd if=/dev/zero of=filler bs=1k 2>/dev/null || true'], { cwd: disk.folder });
      await checkReads(promptdev);
      expect((await promptdev(['show', 'samples/greeting'])).stdout).toContain(says);
      await checkWrites(promptdev, /is (on a disk that is )?full/);
    },
    120_000,
  );
});

async function pipe(path: string): Promise<void> {
  execFileSync('mkfifo', [path]);
}

describe.skipIf(process.platform === 'win32')('what is no database file is refused at once, by every command', () => {
  const kinds: readonly (readonly [string, (file: string) => Promise<unknown>, RegExp])[] = [
    ['a named pipe', pipe, /promptdev\.db is a named pipe/],
    ['a folder', (file) => mkdir(file), /promptdev\.db is a folder/],
    [
      'a socket',
      async (file) => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(file, resolve));
        onTestFinished(() => void server.close());
      },
      /promptdev\.db is a socket/,
    ],
    ['a link to itself', (file) => symlink(file, file), /promptdev\.db is a symbolic link that leads back to itself/],
    [
      'a link to nothing',
      (file) => symlink('none', file),
      /promptdev\.db is a symbolic link to a file that is not there/,
    ],
    ['a device', (file) => symlink('/dev/zero', file), /promptdev\.db is a device/],
    ['a text', (file) => writeFile(file, 'hello'.repeat(100)), /promptdev\.db is not a PromptDev database/],
    ['beside a pipe for a log', (file) => pipe(`${file}-wal`), /promptdev\.db-wal is a named pipe/],
    ['beside a folder for an index', (file) => mkdir(`${file}-shm`), /promptdev\.db-shm is a folder/],
  ];
  test.each(kinds)(
    '%s',
    async (_, make, why) => {
      const folder = await temporary();
      await mkdir(join(folder, 'data'));
      await make(join(folder, 'data', 'promptdev.db'));
      const promptdev = programIn(folder);
      for (const args of [...reading.map(([each]) => each), ...writing]) {
        const { code, stdout, stderr } = await promptdev(args, 'Hello');
        expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
        expect(stderr.trim().split('\n')).toHaveLength(1);
        expect(stderr).toMatch(why);
      }
    },
    60_000,
  );

  test.skipIf(process.getuid?.() !== 0)(
    'a file that this user may not read (skipped where tests have one user)',
    async () => {
      const folder = await temporary();
      await mkdir(join(folder, 'data'));
      await copyFile(join(model, 'data', 'promptdev.db'), join(folder, 'data', 'promptdev.db'));
      await chmod(join(folder, 'data', 'promptdev.db'), 0o600);
      for (const path of [folder, join(folder, 'data')]) await chown(path, 65_534, 65_534);
      const promptdev = programIn(folder);
      for (const args of [['list'], ['models', 'list'], ['run', 'samples/greeting']]) {
        const { code, stderr } = await promptdev(args, '', { uid: 65_534, gid: 65_534 });
        expect({ args, code }).toEqual({ args, code: 1 });
        expect(stderr).toMatch(/promptdev\.db is not readable for this user\. Change its permissions/);
      }
    },
  );

  test('a pipe in the place of the log of a host is not waited for', async () => {
    const folder = await temporary();
    await mkdir(join(folder, 'data'));
    await pipe(join(folder, 'data', 'host.log'));
    expect((await programIn(folder)(['list'])).stdout).toContain('samples/greeting');
  });
});

test('a list of models has the price of cached tokens where there is one', async () => {
  const folder = await temporary();
  const promptdev = programIn(folder);
  await promptdev(['models', 'add-endpoint', 'lab', '--url', 'http://127.0.0.1:9/v1']);
  const sqlite = new SqliteDatabase(join(folder, 'data', 'promptdev.db'));
  const add = sqlite.prepare(
    `INSERT INTO remote_models (id, endpoint_id, model, title, price, never_send, added_at)
      SELECT ?, id, ?, '', ?, '[]', added_at FROM endpoints`,
  );
  const price = { inputPerMillion: 2, outputPerMillion: 8 };
  add.run('lab/cached', 'cached', JSON.stringify({ ...price, cachedInputPerMillion: 0.5 }));
  add.run('lab/plain', 'plain', JSON.stringify(price));
  sqlite.close();
  const { stdout } = await promptdev(['models', 'list']);
  expect(stdout).toMatch(/^lab\/cached +remote +\$2 in \(\$0\.5 cached\), \$8 out per million tokens$/m);
  expect(stdout).toMatch(/^lab\/plain +remote +\$2 in, \$8 out per million tokens$/m);
});
