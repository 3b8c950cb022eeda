// `npm start`: installs and builds when needed, then opens the workbench. Plain JavaScript without dependencies, because any
// Node from 18 on must be able to run it on a fresh clone.
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { findElectron } from './lib/electron.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { cacheFile, inProject, root, Sentence } from './lib/project.mjs';
import { runChild } from './lib/run-child.mjs';
import { findNode } from './lib/runtime.mjs';

const help = `npm start                        opens the workbench
npm start -- --loopback          serves it on 127.0.0.1 and opens a browser window

  --port N        port of the loopback host; any free one unless given
  --data-dir DIR  where prompts, runs and models are kept
  --no-open       prints the address and opens nothing`;

const say = (line) => process.stdout.write(`${line}\n`);

/** Relative paths are relative to where the person typed the command, not to the project's root. */
const typedIn = process.env.INIT_CWD ?? process.cwd();

const options = {
  loopback: { type: 'boolean', default: false },
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  'no-open': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

const readArguments = () => {
  try {
    return parseArgs({ options, allowPositionals: false }).values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}\n`);
    process.exit(2);
  }
};

/** A window that exits within this time could not start: no usable sandbox, a missing library. */
const startLimitMs = 10_000;

const startElectron = async (binary, args) => {
  const startedAt = Date.now();
  const { code, signal } = await runChild(binary, [root, ...args]);
  const cameUp = code === 0 || signal === 'SIGINT' || signal === 'SIGTERM' || Date.now() - startedAt > startLimitMs;
  return { cameUp, code: code ?? 0 };
};

const startLoopback = async (node, args) => {
  const { code, signal } = await runChild(node, [inProject('out', 'main', 'serve.js'), ...args], {
    ipc: true,
    // Compiled code is kept, so that the next start has a fifth less to do.
    env: { ...process.env, INIT_CWD: typedIn, NODE_COMPILE_CACHE: cacheFile('compiled') },
  });
  return code ?? (signal === 'SIGKILL' ? 137 : 1);
};

const main = async () => {
  const values = readArguments();
  if (values.help) {
    say(help);
    return 0;
  }
  ensureInstalled(say);
  const node = findNode();
  ensureBuilt(node, say);
  const dataDir = values['data-dir'] === undefined ? [] : ['--data-dir', values['data-dir']];
  const loopback = [
    ...dataDir,
    ...(values.port === undefined ? [] : ['--port', values.port]),
    ...(values['no-open'] ? ['--no-open'] : []),
  ];
  if (values.loopback || values.port !== undefined || values['no-open']) return startLoopback(node, loopback);
  const electron = await findElectron(node, say);
  if (electron.kind === 'found') {
    const { cameUp, code } = await startElectron(electron.binary, dataDir);
    if (cameUp) return code;
    electron.why = `Electron stopped at once (exit code ${code})`;
  }
  say(`${electron.why}, so the workbench is served for a browser window instead.`);
  return startLoopback(node, loopback);
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Sentence ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
