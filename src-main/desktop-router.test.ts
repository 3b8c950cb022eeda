import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DesktopContract } from '../src-core/desktop/contract.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';
import { createDesktopEvents } from './desktop-events.ts';
import { createDesktopRouter, type Desk } from './desktop-router.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promptdev-desktop-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A person who answers every dialog the same way, and a platform that notes what it was asked to show. */
const open = (answers: { readonly path?: string | null; readonly leave?: boolean }) => {
  const opened: string[] = [];
  const path = answers.path ?? null;
  const desk: Desk = {
    pickFile: async () => path,
    pickTarget: async () => path,
    confirmLeaving: async () => answers.leave ?? false,
    reveal: (shown) => opened.push(shown),
    openExternal: async (url) => void opened.push(url),
  };
  const events = createDesktopEvents();
  const log = { info: () => {}, error: () => {} };
  const client = inProcessClient<DesktopContract>(createDesktopRouter(desk, events), { clientId: 'window', log });
  return { client, events, opened };
};

test('a file is written where the person said, as text or as bytes', async () => {
  const path = join(folder, 'out.bin');
  const { client } = open({ path });
  const file = { title: 'Save', suggestedName: 'out.bin' };
  expect(await client.saveFile({ ...file, content: { kind: 'text', text: 'Grüße' } })).toEqual({ path });
  expect(readFileSync(path, 'utf8')).toBe('Grüße');
  await client.saveFile({ ...file, content: { kind: 'bytes', base64: 'AAEC/w==' } });
  expect([...readFileSync(path)]).toEqual([0, 1, 2, 255]);
});

test('a file that cannot be written is one sentence', async () => {
  const { client } = open({ path: join(folder, 'missing', 'out.txt') });
  const saving = client.saveFile({ title: 'Save', suggestedName: 'a', content: { kind: 'text', text: '' } });
  await expect(saving).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/ENOENT\)\.$/) });
});

test('a dialog that was closed gives nothing', async () => {
  const { client } = open({ path: null });
  expect(await client.openFile({ title: 'Open' })).toBeNull();
});

test('only https addresses leave the application, and only when the person says so', async () => {
  const willing = open({ leave: true });
  expect(await willing.client.openExternal({ url: 'https://example.com/a' })).toEqual({ opened: true });
  expect(willing.opened).toEqual(['https://example.com/a']);
  for (const url of ['file:///etc/passwd', 'http://example.com', 'javascript:alert(1)', 'smb://host/share']) {
    await expect(willing.client.openExternal({ url })).rejects.toMatchObject({ code: 'invalid' });
  }
  const wary = open({ leave: false });
  expect(await wary.client.openExternal({ url: 'https://example.com' })).toEqual({ opened: false });
  expect(wary.opened).toEqual([]);
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
