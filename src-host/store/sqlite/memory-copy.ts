import { readFileSync, statSync } from 'node:fs';

/** A bigger file is not held in memory. */
const mostBytes = 1024 * 1024 * 1024;

/**
 * A database file with what its write-ahead log adds to it, to be opened in memory: SQLite itself can open neither where it
 * can create nothing beside the file, as on a full disk or in a folder that is read-only. Null for one that is too big.
 */
export function readMemoryCopy(file: string): Buffer | null {
  if (statSync(file).size > mostBytes) return null;
  const log = readLog(`${file}-wal`);
  const database = withLog(readFileSync(file), log);
  // A file in memory has no log beside it; these bytes of the header say whether it has one.
  database.fill(1, 18, 20);
  return database;
}

function readLog(path: string): Buffer {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() && stats.size <= mostBytes ? readFileSync(path) : Buffer.alloc(0);
}

const headerBytes = 32;
const frameHeaderBytes = 24;

/** The pages of all whole transactions in the log (https://sqlite.org/fileformat2.html#the_write_ahead_log). */
function withLog(database: Buffer, log: Buffer): Buffer {
  if (log.length < headerBytes) return database;
  const readWord = log.readUInt32BE(0) === 0x377f0683 ? 'readUInt32BE' : 'readUInt32LE';
  const pageBytes = log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let sums: readonly [number, number] = [0, 0];
  const add = (from: number, to: number): void => {
    let [first, second] = sums;
    for (let at = from; at < to; at += 8) {
      first = (first + log[readWord](at) + second) >>> 0;
      second = (second + log[readWord](at + 4) + first) >>> 0;
    }
    sums = [first, second];
  };
  const isSum = (at: number): boolean => log.readUInt32BE(at) === sums[0] && log.readUInt32BE(at + 4) === sums[1];

  add(0, 24);
  if (!isSum(24)) return database;
  const pages: { readonly number: number; readonly data: number }[] = [];
  let committed = { size: 0, frames: 0 };
  const frameBytes = frameHeaderBytes + pageBytes;
  for (let frame = headerBytes; frame + frameBytes <= log.length; frame += frameBytes) {
    const data = frame + frameHeaderBytes;
    if (!log.subarray(frame + 8, frame + 16).equals(salt)) break;
    add(frame, frame + 8);
    add(data, data + pageBytes);
    if (!isSum(frame + 16)) break;
    pages.push({ number: log.readUInt32BE(frame), data });
    const size = log.readUInt32BE(frame + 4);
    if (size > 0) committed = { size, frames: pages.length };
  }
  if (committed.frames === 0) return database;
  const whole = Buffer.alloc(committed.size * pageBytes);
  database.copy(whole, 0, 0, Math.min(database.length, whole.length));
  for (const { number, data } of pages.slice(0, committed.frames)) {
    if (number <= committed.size) log.copy(whole, (number - 1) * pageBytes, data, data + pageBytes);
  }
  return whole;
}
