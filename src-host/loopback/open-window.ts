import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** A program that opens an address. */
export interface Opener {
  readonly file: string;
  readonly args: readonly string[];
}

/** What the choice of a browser depends on. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly exists: (file: string) => boolean;
}

const thisDesktop: Desktop = { platform: process.platform, env: process.env, exists: existsSync };

const linuxBrowsers = [
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const macBrowsers = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const windowsBrowsers = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

const browserPlaces = ({ platform, env }: Desktop): readonly string[] => {
  if (platform === 'darwin') return macBrowsers.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
    return roots.flatMap((root) => windowsBrowsers.map((browser) => `${root}\\${browser}`));
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return linuxBrowsers.flatMap((name) => folders.map((folder) => join(folder, name)));
};

const defaultOpeners: Readonly<Record<string, Opener>> = {
  darwin: { file: 'open', args: [] },
  // The empty string is the window title, which `start` expects as its first quoted argument.
  win32: { file: 'cmd.exe', args: ['/c', 'start', ''] },
};

/** Chrome, Chromium or Edge as installed on this computer, or null. */
export function findChromium(desktop: Desktop = thisDesktop): string | null {
  return browserPlaces(desktop).find(desktop.exists) ?? null;
}

/**
 * How to show the address here: a window of its own in Chrome, Chromium or Edge with a profile in the data directory, else a
 * tab of the default browser; null where there is no display.
 */
export function findOpener(url: string, dataDir: string, desktop: Desktop = thisDesktop): Opener | null {
  const { platform, env } = desktop;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return null;
  const browser = findChromium(desktop);
  if (browser) {
    const args = [`--app=${url}`, `--user-data-dir=${join(dataDir, 'browser')}`, '--no-first-run'];
    return { file: browser, args: [...args, '--no-default-browser-check'] };
  }
  const { file, args } = defaultOpeners[platform] ?? { file: 'xdg-open', args: [] };
  return { file, args: [...args, url] };
}

/** Starts the opener without waiting for it; false when there is none or it cannot be started. */
export function openWindow(url: string, dataDir: string): Promise<boolean> {
  const opener = findOpener(url, dataDir);
  if (!opener) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(opener.file, opener.args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}
