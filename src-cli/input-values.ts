import type { Command } from 'commander';
import { decodeText } from '../src-core/content/files/decode-text.ts';
import {
  isWrittenObject,
  parseWrittenJson,
  parseWrittenYaml,
  settleValues,
  type WrittenJson,
  WrittenNumber,
} from '../src-core/content/inputs/written-json.ts';
import type { InputDeclaration } from '../src-core/contract/content.ts';
import { canonicalInputName } from '../src-core/contract/input-name.ts';
import type { JsonObject } from '../src-core/contract/shared.ts';
import { AppError } from '../src-core/scope/errors.ts';
import { readRegular, readStream } from '../src-host/files/regular-file.ts';
import { UsageError } from './exit.ts';
import { createOutput } from './output.ts';

/** The options that give input values; later ones win over earlier ones. */
export interface InputOptions {
  readonly inputs?: string;
  readonly vars?: string;
  readonly input?: readonly string[];
}

/** Adds `--inputs FILE`, `--vars JSON` and `--input NAME=VALUE` to a command. */
export function addInputOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  return command
    .option('--vars <json>', 'input values as a JSON object, or @file')
    .option('--inputs <file>', 'input values from a JSON or YAML file; - reads standard input')
    .option(
      '--input <name=value>',
      "one input value as text; can be repeated and is read as the input's type",
      collect,
    );
}

/** The input values of all options; for an input that is declared as text, a number keeps its digits as written. */
export async function readInputs(
  { inputs, vars, input = [] }: InputOptions,
  declared: readonly InputDeclaration[],
): Promise<JsonObject> {
  return {
    ...(inputs === undefined
      ? {}
      : parseObject(await readText(inputs), '--inputs', /\.ya?ml$/i.test(inputs), declared)),
    ...(await readVars(vars, declared)),
    ...Object.fromEntries(input.map(readAssignment)),
  };
}

async function readVars(option: string | undefined, declared: readonly InputDeclaration[]): Promise<JsonObject> {
  if (option === undefined) return {};
  if (!option.startsWith('@')) return parseObject(option, '--vars', false, declared);
  return parseObject(await readText(option.slice(1)), '--vars', /\.ya?ml$/i.test(option), declared);
}

function readAssignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--input is NAME=VALUE, as in --input name=Ada; "${text}" is not.`);
  return [canonicalInputName(text.slice(0, at).trim()), text.slice(at + 1)];
}

function parseObject(text: string, option: string, yaml: boolean, declared: readonly InputDeclaration[]): JsonObject {
  const value = parse(text, option, yaml);
  if (!isWrittenObject(value))
    throw new UsageError(`${option} must be a JSON object like '{"name":"Ada"}'; this is ${describe(value)}.`);
  try {
    const { values, problems } = settleValues(value, declared);
    if (problems[0] !== undefined) throw new AppError('invalid', `${option}: ${problems[0].message}`);
    return values;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError('The input values nest too deep.');
    throw error;
  }
}

function parse(text: string, option: string, yaml: boolean): WrittenJson {
  try {
    return yaml ? parseWrittenYaml(text) : parseWrittenJson(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${option} nests too deep; give it in fewer levels.`);
    throw new UsageError(`${option} is not valid ${yaml ? 'YAML' : 'JSON'}: ${(error as Error).message}`);
  }
}

function describe(value: WrittenJson): string {
  if (value === null) return 'null';
  if (value instanceof WrittenNumber) return 'a number';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/**
 * A file's text; `-` reads standard input. Text in another encoding than Unicode is decoded, with a note on stderr.
 * Throws an AppError that names the file.
 */
export async function readText(path: string): Promise<string> {
  const { text, encoding, isGuess } = await decodeText(path === '-' ? 'Standard input' : path, await readBytes(path));
  if (isGuess) createOutput(false).note(`${path} was read as ${encoding}; save it as UTF-8 if that looks wrong.`);
  return text;
}

/** System error codes in words; rare ones keep the system's message. */
const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ELOOP: 'it is a symbolic link that leads back to itself',
  ENAMETOOLONG: 'no file can have so long a name',
};

/** A file's bytes; `-` reads standard input. Throws an AppError that names the file. */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (path.trim() === '') throw new UsageError('The path of a file is empty; give a path, or - for standard input.');
  try {
    return path === '-' ? await readStream(process.stdin, 'Standard input') : await readRegular(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = unreadable[code ?? ''] ?? message;
    throw new AppError('not_found', `${path} cannot be read: ${reason}.`, { path });
  }
}
