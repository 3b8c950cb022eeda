import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Host name, start of the system and process namespace: two containers may share the first two and number alike. */
export function computer(): string {
  const read = (what: () => string): string => {
    try {
      return what().trim();
    } catch {
      // Not Linux: the name has to do.
      return '';
    }
  };
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  return [hostname(), boot, read(() => readlinkSync('/proc/self/ns/pid'))].join('/');
}

/** Whether there is a process with that id on this computer. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
