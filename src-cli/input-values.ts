import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import type { JsonObject } from '../src-core/contract/shared.ts';
import { jsonObjectSchema } from '../src-core/contract/shared.ts';
import { AppError } from '../src-core/errors.ts';
import { UsageError } from './exit.ts';

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

/** The input values that the options give together. */
export async function readInputs({ inputs, vars, input = [] }: InputOptions): Promise<JsonObject> {
  return {
    ...(inputs === undefined ? {} : parseObject(await readText(inputs), '--inputs', /\.ya?ml$/i.test(inputs))),
    ...(await readVars(vars)),
    ...Object.fromEntries(input.map(readAssignment)),
  };
}

async function readVars(option: string | undefined): Promise<JsonObject> {
  if (option === undefined) return {};
  if (!option.startsWith('@')) return parseObject(option, '--vars', false);
  return parseObject(await readText(option.slice(1)), '--vars', /\.ya?ml$/i.test(option));
}

function readAssignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--input is NAME=VALUE, as in --input name=Ada; "${text}" is not.`);
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

function parseObject(text: string, option: string, yaml: boolean): JsonObject {
  const value = parse(text, option, yaml);
  const parsed = checkObject(value);
  if (parsed === null)
    throw new UsageError(`${option} must be a JSON object like '{"name":"Ada"}'; this is ${describe(value)}.`);
  return parsed;
}

function checkObject(value: unknown): JsonObject | null {
  try {
    return jsonObjectSchema.safeParse(value).data ?? null;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError('The input values nest too deep.');
    throw error;
  }
}

function parse(text: string, option: string, yaml: boolean): unknown {
  try {
    return yaml ? parseYaml(text, { schema: 'core', maxAliasCount: 0 }) : JSON.parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${option} nests too deep; give it in fewer levels.`);
    throw new UsageError(`${option} is not valid ${yaml ? 'YAML' : 'JSON'}: ${(error as Error).message}`);
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** A file's text; `-` reads standard input. Throws an AppError that names the file. */
export async function readText(path: string): Promise<string> {
  try {
    if (path !== '-') return withoutMark(await readFile(path, 'utf8'));
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return withoutMark(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : message;
    throw new AppError('not_found', `${path} cannot be read: ${reason}.`, { path });
  }
}

/** Without the byte order mark that some editors put in front of a text. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
