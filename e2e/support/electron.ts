import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type InstalledElectron =
  | { readonly kind: 'found'; readonly binary: string; readonly switches: readonly string[] }
  /** A sentence without its full stop. */
  | { readonly kind: 'none'; readonly why: string };

/** Electron as the package manager left it; nothing is fetched. */
export function findInstalledElectron(): InstalledElectron {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  const binary = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) : null;
  if (binary === null || !existsSync(binary)) return { kind: 'none', why: 'The Electron runtime is not installed' };
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY)
    return { kind: 'none', why: 'There is no display for a desktop window' };
  // Chromium's sandbox refuses root, as a container has it.
  return { kind: 'found', binary, switches: process.getuid?.() === 0 ? ['--no-sandbox'] : [] };
}
