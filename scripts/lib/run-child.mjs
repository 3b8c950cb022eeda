import { spawn } from 'node:child_process';
import { root } from './project.mjs';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const parent = process.ppid;
const parentCheckMs = 500;

/** Runs a program in the foreground, passes signals on and resolves with how it ended. The IPC channel tells it when this process dies. */
export function runChild(file, args, { ipc = false, env = process.env, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: ipc ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    });
    const forward = (signal) => child.kill(signal);
    for (const signal of passedOn) process.on(signal, forward);
    // npm exits on SIGTERM without passing it on, which shows as another parent process.
    const orphaned = setInterval(() => process.ppid !== parent && forward('SIGTERM'), parentCheckMs);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(orphaned);
      for (const name of passedOn) process.off(name, forward);
      resolve({ code, signal });
    });
  });
}
