import { createHash } from 'node:crypto';
import { openModelFile, unreadable } from './gguf-header.ts';

const chunkBytes = 1024 * 1024;

/** Hex SHA-256 of a file of any size, read piece by piece; `onProgress` gets fractions from 0 to 1. */
export async function hashFile(path: string, onProgress?: (fraction: number) => void): Promise<string> {
  try {
    const handle = await openModelFile(path);
    try {
      const { size } = await handle.stat();
      const hash = createHash('sha256');
      const chunk = Buffer.allocUnsafe(chunkBytes);
      for (let done = 0; ; ) {
        const { bytesRead } = await handle.read(chunk, 0, chunkBytes, null);
        if (bytesRead === 0) break;
        hash.update(chunk.subarray(0, bytesRead));
        done += bytesRead;
        onProgress?.(Math.min(1, done / size));
      }
      return hash.digest('hex');
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}
