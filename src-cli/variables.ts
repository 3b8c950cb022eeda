import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import type { JsonObject } from '../src-core/contract/shared.ts';
import { jsonObjectSchema } from '../src-core/contract/shared.ts';
import { AppError } from '../src-core/errors.ts';
import { UsageError } from './exit.ts';

/** Input values from `--vars`: JSON text, or `@file` with JSON or YAML. */
export async function readVariables(option: string | undefined): Promise<JsonObject> {
  if (option === undefined) return {};
  const fromFile = option.startsWith('@');
  const text = fromFile ? await readText(option.slice(1)) : option;
  const value = parse(text, fromFile && /\.ya?ml$/i.test(option));
  const parsed = jsonObjectSchema.safeParse(value);
  if (!parsed.success)
    throw new UsageError(`--vars must be a JSON object like '{"name":"Ada"}'; this is ${describe(value)}.`);
  return parsed.data;
}

function parse(text: string, yaml: boolean): unknown {
  try {
    return yaml ? parseYaml(text, { schema: 'core', maxAliasCount: 0 }) : JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--vars is not valid ${yaml ? 'YAML' : 'JSON'}: ${(error as Error).message}`);
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** A file's text; `-` reads standard input. Throws an AppError that names the file. */
export async function readText(path: string): Promise<string> {
  try {
    if (path !== '-') return await readFile(path, 'utf8');
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : message;
    throw new AppError('not_found', `${path} cannot be read: ${reason}.`, { path });
  }
}
