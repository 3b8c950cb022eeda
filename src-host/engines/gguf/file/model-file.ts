import { stat } from 'node:fs/promises';
import type { GgufInfo, LocalTarget } from '../../../../src-core/ports.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { type GgufHeader, readGgufHeader, unreadable } from './gguf-header.ts';
import { hashFile } from './hash-file.ts';

/** Knows which bytes are behind a path, so that a run never names a hash that it did not use. */
export interface ModelFiles {
  inspect(path: string, onProgress?: (fraction: number) => void): Promise<GgufInfo>;
  /** The header of the target's file; throws `conflict` when it is not the file that was added. */
  verify(target: LocalTarget): Promise<GgufHeader>;
}

interface Identity {
  readonly size: number;
  readonly changed: number;
  readonly sha256: string;
}

/**
 * Hashing more than this would delay a load; a larger file is hashed when it is added and only its size and times are
 * compared while this host runs.
 */
const quicklyHashed = 256 * 1024 * 1024;

export function createModelFiles(): ModelFiles {
  const known = new Map<string, Identity>();

  const hash = async (path: string, onProgress?: (fraction: number) => void): Promise<string> => {
    const before = await stamp(path);
    const sha256 = await hashFile(path, onProgress);
    known.set(path, { ...before, sha256 });
    return sha256;
  };

  return {
    async inspect(path, onProgress) {
      const header = await readGgufHeader(path);
      return { ...header, sha256: await hash(path, onProgress) };
    },
    async verify({ path, sha256 }) {
      const header = await readGgufHeader(path);
      const now = await stamp(path);
      const before = known.get(path);
      const same = before !== undefined && before.size === now.size && before.changed === now.changed;
      if (!same && before === undefined && now.size > quicklyHashed) return header;
      const actual = same ? before.sha256 : await hash(path);
      if (actual === sha256) return header;
      throw new AppError(
        'conflict',
        `${path} is no longer the file that was added as this model: add it again to use the new one.`,
      );
    },
  };
}

async function stamp(path: string) {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, changed: mtimeMs };
  } catch (error) {
    throw unreadable(path, error);
  }
}
