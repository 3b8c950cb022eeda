import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../../src-host/loopback/open-window.ts';

/** What Playwright needs to start a browser. */
export interface Browser {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The browser of this computer, else the Chromium that an npm package brings, so that the tests need no system package. */
export async function findBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const installed = findChromium();
  if (installed) return { executablePath: installed, args, env: {} };
  const folder = await unpackChromium();
  return {
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'],
    env: { FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}

/** Unpacks once into `.cache`; under another name first, because several test runs may start at the same time. */
const unpackChromium = async (): Promise<string> => {
  const cache = join(root, '.cache');
  const folder = join(cache, `chromium-${chromiumVersion()}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const unpacked = mkdtempSync(join(cache, 'chromium-unpacking-'));
  const { TMPDIR } = process.env;
  // The package unpacks into the folder for temporary files and has no setting for another.
  process.env.TMPDIR = unpacked;
  const { default: chromium } = await import('@sparticuz/chromium');
  await chromium.executablePath();
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  // Its own configuration looks for the fonts in /tmp, and a Chromium that finds none dies on the first text.
  writeFileSync(join(unpacked, 'fonts', 'fonts.conf'), fontConfig(folder));
  try {
    renameSync(unpacked, folder);
  } catch {
    // Another test run was faster.
    rmSync(unpacked, { recursive: true, force: true });
  }
  return folder;
};

const fontConfig = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts', 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts', 'cache')}</cachedir>
</fontconfig>
`;

const chromiumVersion = (): string => {
  // The package does not export its package.json.
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const file = join(dirname(dirname(entry)), 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};
