import { type ChildProcess, fork } from 'node:child_process';
import type { EngineChannel, EngineExit } from './engine-channel.ts';

const stderrLimit = 4_000;

/** Runs an engine process as a child of this Node process. */
export function forkEngine(entry: string, env: Readonly<Record<string, string>>): EngineChannel {
  // The variable makes an Electron binary run as Node; plain Node ignores it.
  const child = fork(entry, [], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrLimit);
  });
  return {
    pid: child.pid,
    send: (message) => sendQuietly(child, message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => onceEnded(child, (code, signal) => listener({ code, signal, stderr })),
    kill: () => void child.kill('SIGKILL'),
  };
}

function sendQuietly(child: ChildProcess, message: unknown): void {
  if (!child.connected) return;
  // A process that died a moment ago makes the write fail; its exit is reported by `onExit`.
  child.send(message as object, () => undefined);
}

function onceEnded(
  child: ChildProcess,
  report: (code: EngineExit['code'], signal: EngineExit['signal']) => void,
): void {
  let reported = false;
  const end = (code: number | null, signal: string | null): void => {
    if (reported) return;
    reported = true;
    report(code, signal);
  };
  child.once('close', end);
  child.once('error', (error) => {
    if (child.pid === undefined) end(null, error.message);
  });
}
