import type { FileHandle } from 'node:fs/promises';
import type { GgufInfo } from '../../../../src-core/ports.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { openRegular } from '../../../files/regular-file.ts';
import { integer, type Metadata, readMetadata, shorten, text } from './gguf-metadata.ts';
import { createGgufReader, type GgufReader, truncated } from './gguf-reader.ts';
import { fileTypes, tensorTypes } from './gguf-types.ts';

/** Everything about a model file except its hash. */
export type GgufHeader = Omit<GgufInfo, 'sha256'>;

interface Tensors {
  readonly parameters: bigint;
  /** Bytes by name of type. */
  readonly bytesByType: ReadonlyMap<string, bigint>;
}

const magic = 0x46554747;
const mostTensors = 100_000;

/** Reads and checks the header of a GGUF file without native code; every failure is an AppError with a sentence. */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const handle = await openModelFile(path);
  try {
    const { size } = await handle.stat();
    const reader = createGgufReader(handle, size, path);
    const tensorCount = await readStart(reader, size, path);
    const metadata = await readMetadata(reader, path);
    checkPurpose(metadata, tensorCount, path);
    const tensors = await readTensors(reader, tensorCount, alignmentOf(metadata, path), size, path);
    return describe(metadata, tensors, size, path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'unavailable',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      undefined,
      error,
    );
  } finally {
    await handle.close();
  }
}

/** Opens a model's file, which is a regular one; throws an AppError that says why it cannot be read. */
export async function openModelFile(path: string): Promise<FileHandle> {
  try {
    return await openRegular(path, { folder: 'choose the .gguf file in it', other: 'choose a .gguf file' });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Why a file cannot be opened, as an AppError. */
export function unreadable(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('not_found', `There is no file at ${path}.`);
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError('denied', `${path} may not be read: change its permissions or choose another file.`);
  return new AppError(
    'unavailable',
    `${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    undefined,
    error,
  );
}

/** Magic, version and the number of tensors. */
async function readStart(reader: GgufReader, size: number, path: string): Promise<number> {
  if (size === 0) throw new AppError('invalid', `${path} is empty.`);
  if (size < 4 || (await reader.u32()) !== magic) {
    throw new AppError('invalid', `${path} is not a GGUF file: it does not begin with the letters GGUF.`);
  }
  const version = await reader.u32();
  if (version === 0x03000000 || version === 0x02000000) {
    throw new AppError('invalid', `${path} is a big-endian GGUF file; this machine needs the little-endian one.`);
  }
  if (version !== 2 && version !== 3) {
    throw new AppError('invalid', `${path} is a GGUF file of version ${version}; versions 2 and 3 can be read.`);
  }
  return reader.count('tensors', mostTensors);
}

/** Refuses what is a GGUF file but not a model that can answer. */
function checkPurpose(metadata: Metadata, tensorCount: number, path: string): void {
  const architecture = text(metadata, 'general.architecture') ?? '';
  const purpose = text(metadata, 'general.type') ?? 'model';
  if (purpose === 'adapter')
    throw new AppError('invalid', `${path} is a LoRA adapter, not a whole model: add the model that it was made for.`);
  if (purpose === 'mmproj' || architecture === 'clip') {
    throw new AppError('invalid', `${path} is the image part of a model: add the text model that it belongs to.`);
  }
  if (/(^|-)bert(-|$)/.test(architecture)) {
    throw new AppError('invalid', `${path} is an embedding model (${architecture}), which cannot write text.`);
  }
  const parts = integer(metadata, 'split.count') ?? 1;
  if (parts > 1) {
    throw new AppError(
      'invalid',
      `${path} is one of ${parts} parts of a model: join them with "llama-gguf-split --merge" and add the result.`,
    );
  }
  if (tensorCount === 0)
    throw new AppError('invalid', `${path} holds only a vocabulary and no weights, so it cannot generate text.`);
}

function alignmentOf(metadata: Metadata, path: string): bigint {
  const alignment = integer(metadata, 'general.alignment') ?? 32;
  const sound = alignment >= 1 && alignment <= 65_536 && (alignment & (alignment - 1)) === 0;
  if (!sound)
    throw new AppError(
      'invalid',
      `${path} aligns its weights to ${alignment} bytes, which is no power of two, so the file is damaged.`,
    );
  return BigInt(alignment);
}

async function readTensors(
  reader: GgufReader,
  tensorCount: number,
  alignment: bigint,
  size: number,
  path: string,
): Promise<Tensors> {
  const names = new Set<string>();
  const bytesByType = new Map<string, bigint>();
  let parameters = 0n;
  let end = 0n;
  for (let index = 0; index < tensorCount; index++) {
    const tensor = await readTensor(reader, alignment, path);
    if (names.has(tensor.name))
      throw new AppError('invalid', `${path} has the tensor "${shorten(tensor.name)}" twice, so the file is damaged.`);
    names.add(tensor.name);
    parameters += tensor.elements;
    bytesByType.set(tensor.type, (bytesByType.get(tensor.type) ?? 0n) + tensor.bytes);
    if (tensor.offset + tensor.bytes > end) end = tensor.offset + tensor.bytes;
  }
  const start = ((BigInt(reader.position) + alignment - 1n) / alignment) * alignment;
  if (start + end > BigInt(size)) throw truncated(path, size, start + end);
  return { parameters, bytesByType };
}

async function readTensor(reader: GgufReader, alignment: bigint, path: string) {
  const name = await reader.string('a tensor name');
  const damaged = (what: string): AppError =>
    new AppError('invalid', `${path} is damaged: the tensor "${shorten(name)}" ${what}.`);
  const dimensions = await reader.u32();
  if (dimensions > 4) throw damaged(`has ${dimensions} dimensions, at most 4 are possible`);
  let elements = 1n;
  let row = 1n;
  for (let index = 0; index < dimensions; index++) {
    const length = await reader.u64();
    if (index === 0) row = length;
    elements *= length;
  }
  if (elements <= 0n || elements > 2n ** 53n) throw damaged(`has ${elements} values`);
  const number = await reader.u32();
  const type = tensorTypes.get(number);
  if (type === undefined) throw damaged(`has the type ${number}, which llama.cpp does not know`);
  if (row % BigInt(type.blockSize) !== 0n) throw damaged(`has rows of ${row} values, which ${type.name} cannot store`);
  const offset = await reader.u64();
  if (offset % alignment !== 0n) throw damaged(`begins at ${offset}, between two steps of ${alignment} bytes`);
  return {
    name,
    elements,
    type: type.name,
    offset,
    bytes: (elements / BigInt(type.blockSize)) * BigInt(type.blockBytes),
  };
}

function describe(metadata: Metadata, tensors: Tensors, size: number, path: string): GgufHeader {
  const architecture = text(metadata, 'general.architecture');
  if (architecture === null || architecture === '')
    throw new AppError('invalid', `${path} does not say which architecture it has.`);
  const needed = (name: string): number => {
    const value = integer(metadata, `${architecture}.${name}`);
    if (value !== null && value > 0) return value;
    throw new AppError(
      'invalid',
      `${path} does not say its ${name.replaceAll('_', ' ')}, so it is no text model or damaged.`,
    );
  };
  const vocabulary = metadata.get('tokenizer.ggml.tokens');
  if (typeof vocabulary !== 'object' || vocabulary.length === 0)
    throw new AppError('invalid', `${path} has no tokenizer, so it is no text model.`);
  const headCount = integer(metadata, `${architecture}.attention.head_count`) ?? 0;
  const headLength = integer(metadata, `${architecture}.attention.key_length`);
  return {
    path,
    sizeBytes: size,
    name: text(metadata, 'general.name'),
    architecture,
    parameters: Number(tensors.parameters),
    quantisation:
      fileTypes.get((integer(metadata, 'general.file_type') ?? -1) & ~1_024) ?? commonest(tensors.bytesByType),
    contextLength: needed('context_length'),
    chatTemplate: text(metadata, 'tokenizer.chat_template'),
    blockCount: needed('block_count'),
    embeddingLength: needed('embedding_length'),
    headCount,
    headCountKv: integer(metadata, `${architecture}.attention.head_count_kv`) ?? headCount,
    ...(headLength !== null && { headLength }),
    vocabularySize: vocabulary.length,
    license: text(metadata, 'general.license'),
  };
}

function commonest(bytesByType: ReadonlyMap<string, bigint>): string {
  const [first] = [...bytesByType].sort(([, a], [, b]) => (a < b ? 1 : -1));
  return first?.[0] ?? 'unknown';
}
