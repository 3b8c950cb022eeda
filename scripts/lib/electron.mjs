import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { cacheFile, inProject, openLog, readJson } from './project.mjs';

const day = 24 * 60 * 60 * 1_000;
const installLimitMs = 5 * 60_000;
const probeLimitMs = 3_000;

const folder = inProject('node_modules', 'electron');

/** The Electron binary when its runtime is complete, else null; the same test as Electron's own install script. */
const findBinary = () => {
  const version = readJson(`${folder}/package.json`)?.version;
  const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  if (read(`${folder}/dist/version`).replace(/^v/, '') !== version) return null;
  const binary = `${folder}/dist/${read(`${folder}/path.txt`)}`;
  return existsSync(binary) ? binary : null;
};

const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

const isBehindProxy = () => ['HTTPS_PROXY', 'https_proxy', 'ELECTRON_GET_USE_PROXY'].some((name) => process.env[name]);

/** Whether the server that has the runtime answers at all, so that an offline start does not wait for minutes. */
const isReachable = () =>
  new Promise((resolve) => {
    const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/';
    if (!mirror.startsWith('https:') || isBehindProxy()) return resolve(true);
    const request = get(mirror, { method: 'HEAD', timeout: probeLimitMs }, (response) => {
      response.destroy();
      resolve(true);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
    setTimeout(() => request.destroy(), probeLimitMs).unref();
  });

/** Tries to fetch the runtime; a failure is remembered for a day, so that the next start does not wait for it. */
const fetchRuntime = async (node, say) => {
  const version = readJson(`${folder}/package.json`)?.version;
  const memory = cacheFile('electron-unavailable.json');
  const failure = readJson(memory);
  if (failure?.version === version && Date.now() - failure.at < day) return;
  if (await isReachable()) {
    say('Fetching the Electron runtime (first start, about 110 MB)…');
    const { handle } = openLog('electron.log');
    const stdio = ['ignore', handle, handle];
    spawnSync(node, [`${folder}/install.js`], { stdio, timeout: installLimitMs, killSignal: 'SIGKILL' });
  }
  if (!findBinary()) writeFileSync(memory, JSON.stringify({ version, at: Date.now() }));
};

/** The Electron binary to start, or the sentence that says why there is none. */
export async function findElectron(node, say) {
  if (!hasDisplay()) return { kind: 'none', why: 'There is no display for a desktop window' };
  if (process.getuid?.() === 0) {
    return { kind: 'none', why: 'Electron does not run as root with its sandbox on' };
  }
  if (!findBinary()) await fetchRuntime(node, say);
  const binary = findBinary();
  if (binary) return { kind: 'found', binary };
  return { kind: 'none', why: 'The Electron runtime is not installed and could not be fetched' };
}
