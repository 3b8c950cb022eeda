import { AppError } from '../../../../src-core/scope/errors.ts';
import type { GgufReader } from './gguf-reader.ts';
import { valueTypes } from './gguf-types.ts';

/** What is kept of a metadata value; of an array its length and, when it is short and numeric, its numbers. */
type Value = string | number | bigint | boolean | { readonly length: number; readonly numbers: readonly number[] };
/** The key-value pairs of a model file. */
export type Metadata = ReadonlyMap<string, Value>;

const mostKeys = 10_000;
const mostElements = 64_000_000;
const mostNumbersKept = 1_024;

/** Reads all key-value pairs; of large arrays only the length is kept. */
export async function readMetadata(reader: GgufReader, path: string): Promise<Metadata> {
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
    await reader.skipStrings(`"${shorten(key)}"`, length);
    return { length, numbers: [] };
  }
  const bytes = bytesOfValue(type);
  if (bytes === undefined) throw unknownType(type, key, path);
  if (length > mostNumbersKept) {
    reader.skip(length * bytes);
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

/** The value of `key` when it is text. */
export function text(metadata: Metadata, key: string): string | null {
  const value = metadata.get(key);
  return typeof value === 'string' ? value : null;
}

/** The value of `key` when it is a whole number; of one number per layer, the largest. */
export function integer(metadata: Metadata, key: string): number | null {
  const value = metadata.get(key);
  const number =
    typeof value === 'object' ? Math.max(...value.numbers) : typeof value === 'boolean' ? Number.NaN : Number(value);
  return Number.isSafeInteger(number) && number >= 0 && typeof value !== 'string' ? number : null;
}

/** A name from a file, shortened for messages. */
export function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
