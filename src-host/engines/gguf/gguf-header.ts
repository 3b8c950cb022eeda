import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../../../src-core/errors.ts';
import type { GgufInfo } from '../../../src-core/ports.ts';
import { createGgufReader, type GgufReader, truncated } from './gguf-reader.ts';
import { fileTypes, tensorTypes, valueTypes } from './gguf-types.ts';

/** Everything about a model file except its hash. */
export type GgufHeader = Omit<GgufInfo, 'sha256'>;

/** What is kept of a metadata value; of an array its length and, when it is short and numeric, its numbers. */
type Value = string | number | bigint | boolean | { readonly length: number; readonly numbers: readonly number[] };
type Metadata = ReadonlyMap<string, Value>;

interface Tensors {
  readonly parameters: bigint;
  /** Bytes by name of type. */
  readonly bytesByType: ReadonlyMap<string, bigint>;
}

const magic = 0x46554747;
const mostKeys = 10_000;
const mostTensors = 100_000;
const mostElements = 64_000_000;
const mostNumbersKept = 1_024;

/** Reads and checks the header of a GGUF file without native code; every failure is an AppError with a sentence. */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const handle = await openFile(path);
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

async function openFile(path: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  const stat = await handle.stat();
  if (stat.isFile()) return handle;
  await handle.close();
  if (stat.isDirectory()) throw new AppError('invalid', `${path} is a folder; choose the .gguf file in it.`);
  throw new AppError('invalid', `${path} is not a regular file; choose a .gguf file.`);
}

/** Why a file cannot be opened, as an AppError. */
export function unreadable(path: string, error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('not_found', `There is no file at ${path}.`);
  if (code === 'EISDIR') return new AppError('invalid', `${path} is a folder; choose the .gguf file in it.`);
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

async function readMetadata(reader: GgufReader, path: string): Promise<Metadata> {
  const keys = await reader.count('metadata keys', mostKeys);
  const metadata = new Map<string, Value>();
  for (let index = 0; index < keys; index++) {
    const key = await reader.string('a metadata key');
    if (metadata.has(key))
      throw new AppError('invalid', `${path} has the metadata key "${shorten(key)}" twice, so the file is damaged.`);
    metadata.set(key, await readValue(reader, await reader.u32(), key, path));
  }
  return metadata;
}

async function readValue(reader: GgufReader, type: number, key: string, path: string): Promise<Value> {
  if (type === valueTypes.string) return reader.string(`"${shorten(key)}"`);
  if (type === valueTypes.array) return readArray(reader, key, path);
  const bytes = bytesOfValue(type);
  if (bytes === undefined) throw unknownType(type, key, path);
  return scalar(await reader.take(bytes), 0, type);
}

async function readArray(reader: GgufReader, key: string, path: string): Promise<Value> {
  const type = await reader.u32();
  const length = await reader.count(`elements of "${shorten(key)}"`, mostElements);
  if (type === valueTypes.string) {
    for (let index = 0; index < length; index++) await reader.skipString(`"${shorten(key)}"`);
    return { length, numbers: [] };
  }
  const bytes = bytesOfValue(type);
  if (bytes === undefined) throw unknownType(type, key, path);
  if (length > mostNumbersKept) {
    await reader.skip(length * bytes);
    return { length, numbers: [] };
  }
  const view = await reader.take(length * bytes);
  return { length, numbers: Array.from({ length }, (_, index) => Number(scalar(view, index * bytes, type))) };
}

function unknownType(type: number, key: string, path: string): AppError {
  return new AppError(
    'invalid',
    `${path} has a value of the unknown type ${type} under "${shorten(key)}", so the file is damaged or too new.`,
  );
}

function bytesOfValue(type: number): number | undefined {
  switch (type) {
    case valueTypes.uint8:
    case valueTypes.int8:
    case valueTypes.bool:
      return 1;
    case valueTypes.uint16:
    case valueTypes.int16:
      return 2;
    case valueTypes.uint32:
    case valueTypes.int32:
    case valueTypes.float32:
      return 4;
    case valueTypes.uint64:
    case valueTypes.int64:
    case valueTypes.float64:
      return 8;
    default:
      return undefined;
  }
}

function scalar(view: DataView, at: number, type: number): number | bigint | boolean {
  switch (type) {
    case valueTypes.uint8:
      return view.getUint8(at);
    case valueTypes.int8:
      return view.getInt8(at);
    case valueTypes.bool:
      return view.getUint8(at) !== 0;
    case valueTypes.uint16:
      return view.getUint16(at, true);
    case valueTypes.int16:
      return view.getInt16(at, true);
    case valueTypes.uint32:
      return view.getUint32(at, true);
    case valueTypes.int32:
      return view.getInt32(at, true);
    case valueTypes.float32:
      return view.getFloat32(at, true);
    case valueTypes.uint64:
      return view.getBigUint64(at, true);
    case valueTypes.int64:
      return view.getBigInt64(at, true);
    default:
      return view.getFloat64(at, true);
  }
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

function text(metadata: Metadata, key: string): string | null {
  const value = metadata.get(key);
  return typeof value === 'string' ? value : null;
}

/** A whole number; of one number per layer, the largest. */
function integer(metadata: Metadata, key: string): number | null {
  const value = metadata.get(key);
  const number =
    typeof value === 'object' ? Math.max(...value.numbers) : typeof value === 'boolean' ? Number.NaN : Number(value);
  return Number.isSafeInteger(number) && number >= 0 && typeof value !== 'string' ? number : null;
}

function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
