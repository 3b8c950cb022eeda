import type { Losses } from '../losses.ts';
import { createSource, type Source, type SourceFile } from '../source.ts';

const codeEndings = /\.(?:[cm]?[jt]s|jsx|tsx|py|rb|go|sh|bash|exe|bat|cmd|ps1|pl)$/i;
const codePrefixes = /^(?:exec|python|javascript|golang|ruby|package|fn|eval):/i;

/** A reference of a promptfoo file: to code, which never runs, or to a file. */
export type Reference = { readonly kind: 'code' } | { readonly kind: 'file'; readonly path: string };

/** What a text means where promptfoo takes a file; `file.js:name` is a function of it. */
export function referenceOf(text: string): Reference {
  if (codePrefixes.test(text.trim())) return { kind: 'code' };
  const path = text.trim().replace(/^file:\/\//, '');
  const [, file = path] = /^(.*\.[a-z0-9]{1,4}):[\w.$]+$/i.exec(path) ?? [];
  // A sheet of a workbook stands behind "#".
  return codeEndings.test(file) ? { kind: 'code' } : { kind: 'file', path: file };
}

export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/** Files that a promptfoo file names, relative to it; what cannot be read is a loss at `where`. */
export interface References {
  /** In the order of their paths where a pattern means several; empty after a loss. */
  files(text: string, where: string): Promise<readonly Source[]>;
  /** Whether a file stands there; without a loss. */
  exists(text: string): Promise<boolean>;
}

/** Files of one pattern that are read. */
const mostFiles = 500;

export function createReferences(source: Source, losses: Losses): References {
  const open = async (path: string, where: string): Promise<readonly Source[]> => {
    const found = await source.find(path);
    switch (found.kind) {
      case 'file':
        return [asSource(found.file, source)];
      case 'missing':
        losses.add('unresolved', 'file-reference', where, `The file ${path} is not there.`);
        return [];
      case 'outside':
        losses.add('refused', 'outside-folder', where, `${path} is outside of the chosen folder and is not read.`);
        return [];
      case 'unreadable':
        losses.add('unresolved', 'file-reference', where, `The file ${path} cannot be read: ${found.why}`);
        return [];
    }
  };
  return {
    async files(text, where) {
      const reference = referenceOf(text);
      if (reference.kind === 'code') {
        losses.add('refused', 'code', where, 'It is code, which is never run.');
        return [];
      }
      const { path } = reference;
      if (!isPattern(path)) return open(path, where);
      const paths = await source.match(path);
      if (paths.length === 0) {
        losses.add('unresolved', 'file-reference', where, `No file fits the pattern ${path}.`);
        return [];
      }
      if (paths.length > mostFiles)
        losses.add('dropped', 'files', where, `Of ${paths.length} files the first ${mostFiles} are read.`);
      const opened: Source[] = [];
      for (const each of paths.slice(0, mostFiles)) {
        if (codeEndings.test(each))
          losses.add('refused', 'code', `${where} ${each}`, 'It is code, which is never run.');
        else opened.push(...(await open(relativeTo(source.path, each), where)));
      }
      return opened;
    },
    async exists(text) {
      const reference = referenceOf(text);
      if (reference.kind === 'code') return false;
      if (isPattern(reference.path)) return (await source.match(reference.path)).length > 0;
      return (await source.find(reference.path)).kind === 'file';
    },
  };
}

function asSource(file: SourceFile, parent: Source): Source {
  return createSource(file, {
    find: (_, reference) => parent.find(reference),
    match: (_, pattern) => parent.match(pattern),
  });
}

/** A path of the chosen folder as the file at `from` would name it. */
function relativeTo(from: string, path: string): string {
  const depth = from.split('/').length - 1;
  return '../'.repeat(depth) + path;
}
