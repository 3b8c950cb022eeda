import type { CatalogueEntry } from '../../../src-core/templates/builtins/catalogue/entry.ts';

/** Code as a Markdown block, with a fence of six tildes so that the usual fences inside do not end it. */
export function codeBlock(code: string, language = 'text'): string {
  return `~~~~~~${language}\n${code}\n~~~~~~`;
}

/** A piece of code in a line of Markdown. */
export function inlineCode(text: string): string {
  return `\`\` ${text.replaceAll('`', 'ˋ').replaceAll(/\r?\n/g, '⏎')} \`\``;
}

/** Text with all Markdown escaped. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()<>#+!|~-]/g, '\\$&');
}

/** The sentence of an entry, its example and what that shows, as Markdown. */
export function exampleOf({ text, example, result }: CatalogueEntry, language: string): string {
  const shown = result === null ? '' : `\n\n→ ${result === '' ? '_nothing_' : inlineCode(result)}`;
  return `${text}\n\n${codeBlock(example, language)}${shown}`;
}

/** A value as JSON, cut when it is long. */
export function shortJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
