import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createModelFiles } from '../engines/gguf/file/model-file.ts';
import { openRegular, readRegular } from './regular-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'promptdev-files-'));
  await mkdir(join(folder, 'folder'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the bytes of a regular file come back, also through a link', async () => {
  await writeFile(join(folder, 'text'), 'prénom 名前');
  await symlink(join(folder, 'text'), join(folder, 'link'));
  expect((await readRegular(join(folder, 'link'))).toString()).toBe('prénom 名前');
});

test('a missing file stays a missing file', async () => {
  await expect(readRegular(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test.skipIf(process.platform === 'win32')(
  'what is no regular file is refused with a sentence and never waited for',
  async () => {
    const socket = join(folder, 'socket');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    const refused = [
      ['folder', 'a folder; choose a file in it'],
      ['pipe', 'a named pipe; choose a regular file'],
      ['socket', 'a socket; choose a regular file'],
      ['/dev/zero', 'a device; choose a regular file'],
      ['/dev/tty', 'a device; choose a regular file'],
    ] as const;
    for (const [name, kind] of refused) {
      const path = name.startsWith('/') ? name : join(folder, name);
      const failure = { code: 'invalid', message: `${path} is ${kind}.` };
      await expect(readRegular(path)).rejects.toMatchObject(failure);
      await expect(openRegular(path)).rejects.toMatchObject(failure);
    }
    server.close();
  },
);

test.skipIf(process.platform === 'win32')(
  'pipes given as models are refused at once, however many, and other files are read meanwhile',
  async () => {
    const files = createModelFiles();
    const pipe = join(folder, 'pipe');
    const target = { id: 'x', path: pipe, sha256: '', contextSize: null, gpu: 'cpu', threads: null } as const;
    const tries = Array.from({ length: 8 }, () => files.inspect(pipe));
    const refused = { code: 'invalid', message: expect.stringContaining('a named pipe') };
    for (const outcome of await Promise.allSettled([...tries, files.verify(target)]))
      expect(outcome).toMatchObject({ status: 'rejected', reason: refused });
    expect((await readRegular(join(folder, 'text'))).length).toBeGreaterThan(0);
  },
);

describe.skipIf(process.platform !== 'linux')('a pipe that a shell made for the process', () => {
  test('is read to its end', async () => {
    const script = `import { readRegular } from ${JSON.stringify(join(import.meta.dirname, 'regular-file.ts'))}; process.stdout.write(await readRegular(process.argv[1]));`;
    const command = `exec "$0" --input-type=module -e "$1" <(sleep 0.1; echo from a command)`;
    const child = spawn('bash', ['-c', command, process.execPath, script]);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    const [code] = await once(child, 'close');
    expect([code, text]).toEqual([0, 'from a command\n']);
  });
});
