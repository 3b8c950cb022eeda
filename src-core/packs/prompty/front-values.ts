import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { splitFrontMatter } from '../text/front-matter.ts';
import { nestsDeeper } from '../text/nesting.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

export interface PromptyText {
  readonly values: JsonObject;
  readonly body: string;
  /** Line of the file on which the body begins, from 1. */
  readonly line: number;
}

/** Characters up to which a file that front matter names is read. */
const longestFile = 1024 * 1024;
const mostBases = 5;
const environment = /\$\{env:([^:}\s]+)(?::([^}]*))?\}/gi;
const keyed = /(?:key|secret|token|password|authorization)$/i;

/** Front matter and body, with the prompts that it is based on; files that it names are read, variables of the environment never. */
export async function readPromptyText(source: Source, losses: Losses): Promise<PromptyText> {
  let text = parseText(source.path, source.text);
  const seen = new Set([source.path]);
  let folder = '';
  for (let count = 0; typeof text.values.base === 'string'; count += 1) {
    const { base, ...own } = text.values;
    const path = String(base);
    const reference = folder + path;
    const found = await findBase(source, reference);
    if (found === null || seen.has(found.path) || count >= mostBases) {
      const why = found === null ? 'is not in the folder' : 'is based on this one';
      losses.add('unresolved', 'base', path, `The prompt "${path}" ${why}; only what this file says is imported.`);
      text = { ...text, values: own };
      break;
    }
    seen.add(found.path);
    folder = reference.slice(0, reference.lastIndexOf('/') + 1);
    const below = parseText(found.path, found.text);
    text = {
      values: merged(below.values, own),
      body: text.body.trim() === '' ? below.body : text.body,
      line: text.line,
    };
  }
  const values = withoutSecrets(text.values, losses);
  return { ...text, values: (await resolve(values, '', source, losses)) as JsonObject };
}

async function findBase(source: Source, reference: string) {
  for (const each of [reference, `${reference}.prompty`]) {
    const found = await source.find(each);
    if (found.kind === 'file') return found.file;
  }
  return null;
}

function parseText(path: string, text: string): PromptyText {
  const front = splitFrontMatter(text);
  if (front === null) return { values: {}, body: text.replace(/\r\n?/g, '\n'), line: 1 };
  const yaml = readYaml(front.yaml);
  if ('problem' in yaml) {
    const line = front.yamlLine + yaml.line - 1;
    throw refusal(`${path} has front matter that is not valid YAML, line ${line}: ${yaml.problem}`, {
      reason: 'yaml',
      line,
    });
  }
  if (yaml.value !== null && !isMapping(yaml.value))
    throw refusal(`${path} has front matter that is no mapping of keys.`, { reason: 'yaml', line: front.yamlLine });
  // What YAML has and JSON has not, as `.nan`, becomes null.
  const values = JSON.parse(JSON.stringify(yaml.value ?? {})) as JsonObject;
  return { values, body: front.body, line: front.bodyLine };
}

/** Members of objects one by one, two levels deep, as `model.parameters`. */
function merged(below: JsonObject, own: JsonObject, levels = 2): JsonObject {
  const all: JsonObject = { ...below };
  for (const [key, value] of Object.entries(own)) {
    const under = Object.hasOwn(below, key) ? below[key] : undefined;
    all[key] =
      levels > 0 && isMapping(under) && isMapping(value)
        ? merged(under as JsonObject, value as JsonObject, levels - 1)
        : value;
  }
  return all;
}

async function resolve(value: unknown, place: string, source: Source, losses: Losses): Promise<unknown> {
  if (typeof value === 'string') {
    const reference = /^\s*\$\{file:([^}]+)\}\s*$/i.exec(value)?.[1]?.trim();
    if (reference !== undefined) return (await readReferenced(reference, source, losses)) ?? value;
    return value.replace(environment, (whole, name: string, given: string | undefined) => {
      losses.add(
        'kept',
        'environment',
        name,
        'The environment is never read on import. The reference is kept in the metadata.',
      );
      if (given === undefined || given === '' || !keyed.test(place)) return whole;
      losses.add('refused', 'secret', place, 'Keys never travel; add it to the endpoint here.');
      return `\${env:${name}}`;
    });
  }
  if (Array.isArray(value))
    return Promise.all(value.map((item, index) => resolve(item, `${place}[${index}]`, source, losses)));
  if (!isMapping(value)) return value;
  const entries: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value))
    entries.push([key, await resolve(inner, place === '' ? key : `${place}.${key}`, source, losses)]);
  return Object.fromEntries(entries);
}

/** Null when the file is not there, not to be read, or no JSON or YAML though its name says so. */
async function readReferenced(reference: string, source: Source, losses: Losses): Promise<unknown> {
  const found = await source.find(reference);
  const unresolved = (why: string) => {
    losses.add('unresolved', 'file', reference, why);
    return null;
  };
  if (found.kind === 'missing') return unresolved(`"${reference}" is not in the folder.`);
  if (found.kind === 'unreadable') return unresolved(`"${reference}" cannot be read: ${found.why}`);
  if (found.kind === 'outside') {
    losses.add('refused', 'outside-folder', reference, 'Only files of the chosen folder are read.');
    return null;
  }
  const { text } = found.file;
  if (text.length > longestFile) return unresolved(`"${reference}" has more than a million characters.`);
  if (/\.json$/i.test(reference)) {
    try {
      const value: unknown = JSON.parse(text);
      if (nestsDeeper(value)) return unresolved(`"${reference}" nests too deep.`);
      return withoutSecrets(value, losses, reference);
    } catch {
      return unresolved(`"${reference}" is not valid JSON.`);
    }
  }
  if (!/\.ya?ml$/i.test(reference)) return text;
  const yaml = readYaml(text);
  if ('problem' in yaml) return unresolved(`"${reference}" is not valid YAML, line ${yaml.line}: ${yaml.problem}`);
  return withoutSecrets(JSON.parse(JSON.stringify(yaml.value ?? null)) as unknown, losses, reference);
}
