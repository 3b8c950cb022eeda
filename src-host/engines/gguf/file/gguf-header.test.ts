import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { type WrittenModel, writeGguf, writeRandomModel, writeVocabularyOnly } from '../testing/gguf-writer.ts';
import { readGgufHeader, unreadable } from './gguf-header.ts';
import { hashFile } from './hash-file.ts';

const starter = fileURLToPath(new URL('../../../../resources/models/promptdev-starter.gguf', import.meta.url));
const starterQ8 = fileURLToPath(new URL('../../../../resources/models/promptdev-starter-q8_0.gguf', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'promptdev-gguf-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The error that reading `path` ends in. */
async function refusal(path: string): Promise<AppError> {
  const error: unknown = await readGgufHeader(path).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error(`Expected an AppError for ${path}, got ${String(error)}.`);
}

async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const tokenizer: WrittenModel['metadata'] = [
  [
    'tokenizer.ggml.tokens',
    { kind: 'raw', bytes: Buffer.from([9, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x61]) },
  ],
];
const small: WrittenModel = {
  metadata: [
    ['general.architecture', { kind: 'string', value: 'llama' }],
    ['llama.context_length', { kind: 'uint32', value: 128 }],
    ['llama.embedding_length', { kind: 'uint32', value: 64 }],
    ['llama.block_count', { kind: 'uint32', value: 1 }],
    ...tokenizer,
  ],
  tensors: [
    { name: 'a', shape: [64, 2], type: 'F16' },
    { name: 'b', shape: [64], type: 'F32' },
  ],
};

async function written(name: string, model: WrittenModel): Promise<string> {
  const path = join(folder, name);
  await writeGguf(path, model);
  return path;
}

describe('the header of a sound file', () => {
  it('gives what the model card of the starter model says', async () => {
    const header = await readGgufHeader(starter);
    expect(header).toMatchObject({
      name: 'PromptDev Starter',
      architecture: 'llama',
      quantisation: 'F16',
      parameters: 3_607_296,
      contextLength: 512,
      blockCount: 5,
      embeddingLength: 256,
      headCount: 8,
      headCountKv: 8,
      vocabularySize: 1_280,
      license: 'apache-2.0',
    });
    expect(header.chatTemplate).toContain('<|im_start|>');
  });

  it('counts the same parameters whatever the quantisation', async () => {
    const [half, eight] = await Promise.all([readGgufHeader(starter), readGgufHeader(starterQ8)]);
    expect(eight.quantisation).toBe('Q8_0');
    expect(eight.parameters).toBe(half.parameters);
  });

  it('names the commonest tensor type when the file does not name its quantisation', async () => {
    const header = await readGgufHeader(
      await written('unnamed.gguf', {
        ...small,
        tensors: [
          { name: 'a', shape: [64, 64], type: 'F16' },
          { name: 'b', shape: [64], type: 'F32' },
        ],
      }),
    );
    expect(header.quantisation).toBe('F16');
    expect(header.parameters).toBe(64 * 64 + 64);
  });

  it('reads what the tests write', async () => {
    const path = join(folder, 'random.gguf');
    await writeRandomModel(path, { blocks: 2, width: 128, feedForward: 256, contextLength: 1_024 }, starter);
    expect(await readGgufHeader(path)).toMatchObject({
      architecture: 'llama',
      blockCount: 2,
      contextLength: 1_024,
      vocabularySize: 1_280,
    });
  });
});

describe('a file that is no usable model ends in a sentence that says why', () => {
  it('a missing file', async () => {
    const error = await refusal(join(folder, 'nothing.gguf'));
    expect(error.code).toBe('not_found');
    expect(error.message).toContain('There is no file at');
  });

  it('a folder', async () => {
    const path = join(folder, 'folder.gguf');
    await mkdir(path);
    expect(await refusal(path)).toMatchObject({
      code: 'invalid',
      message: `${path} is a folder; choose the .gguf file in it.`,
    });
  });

  it('a file that the system does not let us read', () => {
    const error = unreadable('/models/secret.gguf', Object.assign(new Error('no'), { code: 'EACCES' }));
    expect(error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('/models/secret.gguf may not be read'),
    });
  });

  it('an empty file', async () => {
    const path = await fileOf('empty.gguf', new Uint8Array());
    expect((await refusal(path)).message).toBe(`${path} is empty.`);
  });

  it('random bytes', async () => {
    const path = await fileOf('random-bytes.gguf', randomBytes(4_096).fill(0x41, 0, 4));
    expect((await refusal(path)).message).toContain('is not a GGUF file');
  });

  it('a file cut off in its weights names both sizes', async () => {
    const bytes = await readFile(starter);
    const path = await fileOf('cut.gguf', bytes.subarray(0, bytes.length / 2));
    const error = await refusal(path);
    expect(error.code).toBe('invalid');
    expect(error.message).toContain(`promises ${bytes.length} bytes, but the file has ${bytes.length / 2} bytes`);
  });

  it('a file cut off in its header', async () => {
    const path = await fileOf('cut-header.gguf', (await readFile(starter)).subarray(0, 1_000));
    expect((await refusal(path)).message).toContain('is cut off');
  });

  it('a vocabulary without weights', async () => {
    const path = join(folder, 'vocabulary.gguf');
    await writeVocabularyOnly(path, starter);
    expect((await refusal(path)).message).toContain('holds only a vocabulary');
  });

  it('an unknown version, and a file for big-endian machines', async () => {
    expect((await refusal(await written('v9.gguf', { ...small, version: 9 }))).message).toContain('of version 9');
    expect((await refusal(await written('big.gguf', { ...small, version: 0x03000000 }))).message).toContain(
      'big-endian',
    );
  });

  it('the same key twice', async () => {
    const path = await written('twice.gguf', {
      ...small,
      metadata: [...small.metadata, ['general.architecture', { kind: 'string', value: 'gpt2' }]],
    });
    expect((await refusal(path)).message).toContain('"general.architecture" twice');
  });

  it('a tensor with five dimensions, or more values than any file holds', async () => {
    const five = await written('five.gguf', {
      ...small,
      tensors: [{ name: 'a', shape: [1, 1, 1, 1, 1], type: 'F16' }],
    });
    expect((await refusal(five)).message).toContain('5 dimensions');
    const bytes = await readFile(await written('huge.gguf', small));
    const at = bytes.indexOf(Buffer.from([64, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]));
    bytes.writeBigUInt64LE(2n ** 63n, at + 8);
    expect((await refusal(await fileOf('huge.gguf', bytes))).message).toContain('tensor "a" has');
  });

  it('a projector, an adapter, an embedding model, a part of a split model', async () => {
    const with_ = (key: string, value: WrittenModel['metadata'][number][1]): WrittenModel => ({
      ...small,
      metadata: [...small.metadata.filter(([known]) => known !== key), [key, value]],
    });
    const text = (value: string) => ({ kind: 'string', value }) as const;
    expect((await refusal(await written('p.gguf', with_('general.architecture', text('clip'))))).message).toContain(
      'image part',
    );
    expect((await refusal(await written('l.gguf', with_('general.type', text('adapter'))))).message).toContain('LoRA');
    expect(
      (await refusal(await written('e.gguf', with_('general.architecture', text('nomic-bert'))))).message,
    ).toContain('embedding model');
    expect(
      (await refusal(await written('s.gguf', with_('split.count', { kind: 'uint32', value: 3 })))).message,
    ).toContain('one of 3 parts');
  });
});

describe('a damaged header', () => {
  it('is read or refused with an AppError, quickly, whatever is changed in it', async () => {
    const whole = await readFile(starter);
    const header = whole.subarray(0, 65_536);
    const path = join(folder, 'mutated.gguf');
    const change = fc.record({ at: fc.nat({ max: 45_000 }), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) });
    const size = fc.oneof(fc.constant(whole.length), fc.nat({ max: whole.length }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), size, async (changes, length) => {
        const bytes = Buffer.from(header);
        for (const { at, bytes: patch } of changes) bytes.set(patch, at);
        await writeFile(path, bytes);
        // The weights are a sparse part of the file, because only the header is read.
        await truncate(path, length);
        const before = process.cpuUsage();
        const outcome = await readGgufHeader(path).catch((error: unknown) => error);
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1_000).toBeLessThan(1_000);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ name: 'AppError', code: 'invalid' });
        else expect(outcome).toMatchObject({ sizeBytes: length });
      }),
      { numRuns: 300 },
    );
  });

  it('with millions of strings is read in bounded time', async () => {
    const strings = 4_000_000;
    const start = Buffer.alloc(24 + 8 + 1 + 4 + 4 + 8);
    start.write('GGUF');
    start.writeUInt32LE(3, 4);
    start.writeBigUInt64LE(1n, 8);
    start.writeBigUInt64LE(1n, 16);
    start.writeBigUInt64LE(1n, 24);
    start.write('k', 32);
    start.writeUInt32LE(9, 33);
    start.writeUInt32LE(8, 37);
    start.writeBigUInt64LE(BigInt(strings), 41);
    const path = await fileOf('strings.gguf', Buffer.concat([start, Buffer.alloc(strings * 8)]));
    // Processor time, which does not depend on the load of the machine.
    const before = process.cpuUsage();
    expect((await refusal(path)).message).toContain('is cut off');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(3_000);
  });

  it('cannot make the reader allocate what it merely claims', async () => {
    const bytes = Buffer.from((await readFile(starter)).subarray(0, 4_096));
    bytes.writeBigUInt64LE(15n * 1024n * 1024n, 24);
    const path = await fileOf('greedy.gguf', bytes);
    const before = process.memoryUsage().arrayBuffers;
    expect((await refusal(path)).message).toContain('is cut off');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
  });
});

describe('the hash of a file', () => {
  it('is its SHA-256, with progress that ends at one', async () => {
    const path = await fileOf('hashed', new TextEncoder().encode('abc'));
    const seen: number[] = [];
    expect(await hashFile(path, (fraction) => seen.push(fraction))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(seen.at(-1)).toBe(1);
  });

  it('is refused for a missing file', async () => {
    await expect(hashFile(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'not_found' });
  });
});
