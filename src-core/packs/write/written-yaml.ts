import { stringify } from 'yaml';
import type { JsonObject } from '../../contract/shared.ts';
import type { ImportedPrompt } from '../imported.ts';
import { isMapping } from '../text/read-yaml.ts';

/** YAML that readers of version 1.1 and 1.2 understand alike; keys without a value are left out. */
export function writeYaml(values: Readonly<Record<string, unknown>>): string {
  const present = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  if (Object.keys(present).length === 0) return '';
  return stringify(present, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });
}

/** A text below front matter; without any where there is nothing to say and the text does not look like some. */
export function writeFrontMatter(values: Readonly<Record<string, unknown>>, body: string): string {
  const yaml = writeYaml(values);
  if (yaml === '' && !/^\s*(?:---|```|~~~|#)/.test(body)) return `${body}\n`;
  return `---\n${yaml}---\n${body === '' ? '' : `${body}\n`}`;
}

/** What was kept when the prompt was read from one of these formats. */
export function keptFrom({ metadata }: ImportedPrompt, ids: readonly string[]): JsonObject {
  const from = metadata.import;
  if (!isMapping(from) || !ids.includes(String(from.format)) || !isMapping(from.values)) return {};
  return from.values as JsonObject;
}

/** The format that a prompt was read from; '' for none. */
export function formatOf({ metadata }: ImportedPrompt): string {
  return isMapping(metadata.import) ? String(metadata.import.format) : '';
}
