import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { valueTypes } from '../file/gguf-types.ts';

/** A metadata value to write; `raw` is a type number and its bytes, as copied from another file. */
export type WrittenValue =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'uint32'; readonly value: number }
  | { readonly kind: 'float32'; readonly value: number }
  | { readonly kind: 'raw'; readonly bytes: Buffer };

export interface WrittenTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: 'F32' | 'F16';
}

export interface WrittenModel {
  readonly metadata: readonly (readonly [key: string, value: WrittenValue])[];
  readonly tensors: readonly WrittenTensor[];
  /** For files with wrong headers. */
  readonly version?: number;
}

export interface RandomModelShape {
  readonly blocks: number;
  /** A multiple of 64, the length of a head. */
  readonly width: number;
  readonly feedForward: number;
  readonly contextLength: number;
  /** Names of tensors to leave out, for a file that only llama.cpp refuses. */
  readonly without?: readonly string[];
}

const alignment = 32;
const typeNumbers = { F32: 0, F16: 1 } as const;
const typeBytes = { F32: 4, F16: 2 } as const;
const headLength = 64;

/** A model of the llama architecture that says random things with the tokenizer of `tokenizerFrom`; returns its size in bytes. */
export async function writeRandomModel(path: string, shape: RandomModelShape, tokenizerFrom: string): Promise<number> {
  const source = await readFile(tokenizerFrom);
  const tokenizer = copyKeys(source, 'tokenizer.');
  const vocabulary = vocabularySizeOf(tokenizer);
  const tensors = llamaTensors(shape, vocabulary).filter(({ name }) => !shape.without?.includes(name));
  return writeGguf(path, { metadata: [...describe(shape, vocabulary), ...tokenizer], tensors });
}

/** The tokenizer of `tokenizerFrom` in a file without weights. */
export async function writeVocabularyOnly(path: string, tokenizerFrom: string): Promise<number> {
  const source = await readFile(tokenizerFrom);
  return writeGguf(path, {
    metadata: [...copyKeys(source, 'general.'), ...copyKeys(source, 'llama.'), ...copyKeys(source, 'tokenizer.')],
    tensors: [],
  });
}

/** Writes any GGUF file, valid or not; weights are small random numbers. */
export async function writeGguf(path: string, model: WrittenModel): Promise<number> {
  const header = encodeHeader(model);
  const out = createWriteStream(path);
  const write = async (bytes: Buffer): Promise<void> => {
    if (!out.write(bytes)) await once(out, 'drain');
  };
  await write(pad(header));
  for (const tensor of model.tensors) await writeWeights(tensor, write);
  out.end();
  await once(out, 'finish');
  return out.bytesWritten;
}

function describe(
  { blocks, width, feedForward, contextLength }: RandomModelShape,
  vocabulary: number,
): WrittenModel['metadata'] {
  const text = (value: string): WrittenValue => ({ kind: 'string', value });
  const whole = (value: number): WrittenValue => ({ kind: 'uint32', value });
  return [
    ['general.architecture', text('llama')],
    ['general.name', text('Random Weights')],
    ['general.file_type', whole(1)],
    ['llama.context_length', whole(contextLength)],
    ['llama.embedding_length', whole(width)],
    ['llama.block_count', whole(blocks)],
    ['llama.feed_forward_length', whole(feedForward)],
    ['llama.attention.head_count', whole(width / headLength)],
    ['llama.attention.head_count_kv', whole(width / headLength)],
    ['llama.rope.dimension_count', whole(headLength)],
    ['llama.attention.layer_norm_rms_epsilon', { kind: 'float32', value: 1e-5 }],
    ['llama.vocab_size', whole(vocabulary)],
  ];
}

function llamaTensors({ blocks, width, feedForward }: RandomModelShape, vocabulary: number): readonly WrittenTensor[] {
  const matrix = (name: string, columns: number, rows: number): WrittenTensor => ({
    name,
    shape: [columns, rows],
    type: 'F16',
  });
  const norm = (name: string): WrittenTensor => ({ name, shape: [width], type: 'F32' });
  const layers = Array.from({ length: blocks }, (_, block) => [
    norm(`blk.${block}.attn_norm.weight`),
    ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].map((part) => matrix(`blk.${block}.${part}.weight`, width, width)),
    norm(`blk.${block}.ffn_norm.weight`),
    matrix(`blk.${block}.ffn_gate.weight`, width, feedForward),
    matrix(`blk.${block}.ffn_up.weight`, width, feedForward),
    matrix(`blk.${block}.ffn_down.weight`, feedForward, width),
  ]);
  return [matrix('token_embd.weight', width, vocabulary), ...layers.flat(), norm('output_norm.weight')];
}

function encodeHeader({ metadata, tensors, version = 3 }: WrittenModel): Buffer {
  let offset = 0;
  const infos = tensors.map(({ name, shape, type }) => {
    const info = [string(name), u32(shape.length), ...shape.map(u64), u32(typeNumbers[type]), u64(offset)];
    offset += align(bytesOf({ shape, type }));
    return Buffer.concat(info);
  });
  const values = metadata.map(([key, value]) => Buffer.concat([string(key), encodeValue(value)]));
  return Buffer.concat([
    Buffer.from('GGUF'),
    u32(version),
    u64(tensors.length),
    u64(metadata.length),
    ...values,
    ...infos,
  ]);
}

function encodeValue(value: WrittenValue): Buffer {
  switch (value.kind) {
    case 'string':
      return Buffer.concat([u32(valueTypes.string), string(value.value)]);
    case 'uint32':
      return Buffer.concat([u32(valueTypes.uint32), u32(value.value)]);
    case 'float32': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(value.value);
      return Buffer.concat([u32(valueTypes.float32), bytes]);
    }
    case 'raw':
      return value.bytes;
  }
}

/** Random weights of the size that keeps a transformer's numbers in range; one mebibyte of them, over and over. */
async function writeWeights(tensor: WrittenTensor, write: (bytes: Buffer) => Promise<void>): Promise<void> {
  const block = tensor.type === 'F32' ? ones() : randomHalves();
  const total = bytesOf(tensor);
  for (let written = 0; written < total; written += block.length)
    await write(block.subarray(0, Math.min(block.length, total - written)));
  await write(Buffer.alloc(align(total) - total));
}

const blockBytes = 1024 * 1024;

function ones(): Buffer {
  return Buffer.from(new Float32Array(blockBytes / 4).fill(1).buffer);
}

/** The same numbers every time, so that tests are repeatable. */
function randomHalves(): Buffer {
  const halves = new Uint16Array(blockBytes / 2);
  let random = 1;
  for (let index = 0; index < halves.length; index++) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    // Exponents 8 to 10 of 16-bit floats: magnitudes from 0.008 to 0.06, with a random sign.
    halves[index] = ((random >>> 31) << 15) | ((8 + ((random >>> 28) % 3)) << 10) | ((random >>> 16) & 0x3ff);
  }
  return Buffer.from(halves.buffer);
}

/** The raw key-value pairs of a valid file whose keys begin with `prefix`. */
function copyKeys(file: Buffer, prefix: string): readonly (readonly [string, WrittenValue])[] {
  const copied: (readonly [string, WrittenValue])[] = [];
  let at = 24;
  for (let left = Number(file.readBigUInt64LE(16)); left > 0; left--) {
    const keyLength = Number(file.readBigUInt64LE(at));
    const key = file.toString('utf8', at + 8, at + 8 + keyLength);
    const start = at + 8 + keyLength;
    at = endOfValue(file, start + 4, file.readUInt32LE(start));
    if (key.startsWith(prefix)) copied.push([key, { kind: 'raw', bytes: file.subarray(start, at) }]);
  }
  return copied;
}

function endOfValue(file: Buffer, at: number, type: number): number {
  if (type === valueTypes.string) return at + 8 + Number(file.readBigUInt64LE(at));
  if (type !== valueTypes.array) return at + fixedBytes(type);
  const elementType = file.readUInt32LE(at);
  let end = at + 12;
  for (let left = Number(file.readBigUInt64LE(at + 4)); left > 0; left--) end = endOfValue(file, end, elementType);
  return end;
}

function fixedBytes(type: number): number {
  const bytes = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }[type];
  if (bytes === undefined) throw new Error(`The source file has a value of the unknown type ${type}.`);
  return bytes;
}

function vocabularySizeOf(tokenizer: readonly (readonly [string, WrittenValue])[]): number {
  const tokens = tokenizer.find(([key]) => key === 'tokenizer.ggml.tokens')?.[1];
  if (tokens?.kind !== 'raw') throw new Error('The source file has no tokens.');
  // Type, type of the elements, then their number.
  return Number(tokens.bytes.readBigUInt64LE(8));
}

function bytesOf({ shape, type }: Pick<WrittenTensor, 'shape' | 'type'>): number {
  return shape.reduce((product, length) => product * length, typeBytes[type]);
}

function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function pad(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(align(bytes.length) - bytes.length)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
