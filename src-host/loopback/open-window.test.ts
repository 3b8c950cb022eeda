import { expect, test } from 'vitest';
import { type Desktop, findOpener } from './open-window.ts';

const url = 'http://127.0.0.1:4321/?code=x';
const desktop = (change: Partial<Desktop>): Desktop => ({
  platform: 'linux',
  env: { DISPLAY: ':0', PATH: '/usr/local/bin:/usr/bin' },
  exists: () => false,
  ...change,
});

test('a browser of the Chromium family opens a window of its own with a profile in the data directory', () => {
  const opener = findOpener(url, '/data', desktop({ exists: (file) => file === '/usr/bin/chromium' }));
  expect(opener?.file).toBe('/usr/bin/chromium');
  expect(opener?.args.slice(0, 2)).toEqual([`--app=${url}`, '--user-data-dir=/data/browser']);
});

test('without one the default browser opens a tab', () => {
  expect(findOpener(url, '/data', desktop({}))).toEqual({ file: 'xdg-open', args: [url] });
  expect(findOpener(url, '/data', desktop({ platform: 'darwin' }))).toEqual({ file: 'open', args: [url] });
  expect(findOpener(url, '/data', desktop({ platform: 'win32', env: {} }))?.args.at(-1)).toBe(url);
});

test('without a display nothing is opened', () => {
  expect(findOpener(url, '/data', desktop({ env: { PATH: '/usr/bin' }, exists: () => true }))).toBeNull();
});

test('macOS and Windows keep their browsers where they keep them', () => {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  expect(findOpener(url, '/data', desktop({ platform: 'darwin', exists: (file) => file === mac }))?.file).toBe(mac);
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
  const env = { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' };
  const windows = desktop({ platform: 'win32', env, exists: (file) => file === edge });
  expect(findOpener(url, '/data', windows)?.file).toBe(edge);
});
