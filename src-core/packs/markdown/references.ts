import type { Losses } from '../losses.ts';

const why = 'It stays text: a reference is not a part of the prompt, and what it names is not read.';
// Found by its middle, and bounded, so that a text of brackets takes no longer than another.
const link = /\]\([ \t]{0,9}<?([^()\s>]{1,1000})>?(?:[ \t]{1,9}["'][^)\n]{0,300})?\)/g;
/** Longer words are no paths. */
const longestPath = 1_000;

/** Links to files in a Markdown text; addresses of the web and places in the text itself are none. */
export function reportLinks(text: string, losses: Losses): void {
  for (const { 1: target = '' } of withoutCode(text).matchAll(link)) {
    const path = target.replace(/^(?:mdc|file):/i, '').replace(/#.*$/, '');
    if (path === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(path) || /^\$?\{/.test(path)) continue;
    losses.add('unresolved', 'file-reference', path, why);
  }
}

/** `#file:path` and `#tool:name` of VS Code. */
export function reportHashes(text: string, losses: Losses): void {
  for (const { 1: kind, 2: quoted, 3: bare } of withoutCode(text).matchAll(
    /(?<![\w#])#(file|tool):(?:'([^'\n]+)'|([^\s`'"<>()[\]{},;]+))/g,
  )) {
    const found = quoted ?? bare ?? '';
    if (found.length > longestPath) continue;
    const name = found.replace(/[.:!?]+$/, '');
    if (name !== '') losses.add('unresolved', kind === 'file' ? 'file-reference' : 'tool-reference', name, why);
  }
}

/** `@path` of Claude Code and Cursor: a path has a folder or an ending, so that people and packages are none. */
export function reportMentions(text: string, losses: Losses): void {
  for (const { 1: found = '' } of withoutCode(text).matchAll(/(?<![\w@`./])@([^\s`'"<>()[\]{},;@]+)/gu)) {
    if (found.length > longestPath) continue;
    const path = found.replace(/[.:!?*]+$/, '');
    const isPath = /^(?:~?\/|\.{1,2}\/)/.test(path) || /\.\w{1,8}$/.test(path) || /^[^/]+\/$/.test(path);
    const isInput = /^\$(?:ARGUMENTS|[1-9])\b/.test(path);
    if (isPath || isInput || /^[\w.-]+(?:\/[\w.*-]+)+$/.test(path))
      losses.add('unresolved', 'file-reference', path, why);
  }
}

/** The same text with blanks for what stands in code, so that offsets stay. */
function withoutCode(text: string): string {
  const blank = (code: string) => code.replace(/[^\n]/g, ' ');
  return text
    .replace(/^([ \t]*)(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]*\2[`~]*[ \t]*$|$(?![\s\S]))/gm, blank)
    .replace(/(?<!`)(`{1,9})(?!`)[^\n]{0,2000}?(?<!`)\1(?!`)/g, blank);
}
