import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DesktopContract } from '../src-core/desktop/contract.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';
import { createDesktopEvents } from './desktop-events.ts';
import { createDesktopRouter, type NativeDialogs } from './desktop-router.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promptdev-desktop-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A person who answers every dialog the same way, and a platform that notes what it was asked to show. */
const open = (answers: { readonly path?: string | null }) => {
  const shown: string[] = [];
  const path = answers.path ?? null;
  const dialogs: NativeDialogs = {
    pickFile: async () => path,
    pickTarget: async () => path,
    reveal: (path) => shown.push(path),
  };
  const events = createDesktopEvents();
  const log = { info: () => {}, error: () => {} };
  const client = inProcessClient<DesktopContract>(createDesktopRouter(dialogs, events), { clientId: 'window', log });
  return { client, events, shown };
};

test('a text is written where the person said', async () => {
  const path = join(folder, 'out.csv');
  const { client } = open({ path });
  expect(await client.saveFile({ title: 'Save', suggestedName: 'out.csv', text: 'Grüße' })).toEqual({ path });
  expect(readFileSync(path, 'utf8')).toBe('Grüße');
});

test('a file that cannot be written is one sentence', async () => {
  const { client } = open({ path: join(folder, 'missing', 'out.txt') });
  const saving = client.saveFile({ title: 'Save', suggestedName: 'a', text: '' });
  await expect(saving).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/ENOENT\)\.$/) });
});

test('a dialog that was closed gives nothing', async () => {
  const { client } = open({ path: null });
  expect(await client.openFile({ title: 'Open' })).toBeNull();
});

test('a path is shown in the file manager', async () => {
  const { client, shown } = open({});
  await client.revealPath({ path: '/models/a.gguf' });
  expect(shown).toEqual(['/models/a.gguf']);
});

test('events that came before the window listened are not lost, and the stream ends with its signal', async () => {
  const { client, events } = open({});
  events.emit({ kind: 'files', paths: ['/models/a.gguf'] });
  const controller = new AbortController();
  const stream = await client.events(undefined, { signal: controller.signal });
  expect((await stream.next()).value).toEqual({ kind: 'files', paths: ['/models/a.gguf'] });
  const next = stream.next();
  events.emit({ kind: 'command', id: 'run.start' });
  expect((await next).value).toEqual({ kind: 'command', id: 'run.start' });
  const last = stream.next();
  controller.abort();
  expect((await last).done).toBe(true);
});
