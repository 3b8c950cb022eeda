import type { Found, SourceFile, SourceFolder } from './source.ts';

/** Files that were given together, as a folder which nothing leaves. */
export function memoryFolder(files: ReadonlyMap<string, SourceFile>): SourceFolder {
  return {
    async find(from, reference): Promise<Found> {
      const path = resolve(from, reference);
      if (path === null) return { kind: 'outside' };
      const file = files.get(path);
      return file === undefined ? { kind: 'missing' } : { kind: 'file', file };
    },
    async match(from, pattern) {
      const path = resolve(from, pattern);
      if (path === null) return [];
      const expression = path
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*\*\/|\*\*|\*|\?/g, (glob) =>
          glob === '**/' ? '(?:.*/)?' : glob === '**' ? '.*' : glob === '*' ? '[^/]*' : '[^/]',
        );
      return [...files.keys()].filter((each) => new RegExp(`^${expression}$`).test(each)).sort();
    },
  };
}

/** Null for what leaves the folder. */
function resolve(from: string, reference: string): string | null {
  if (/^(?:[/\\~]|[a-z][a-z0-9+.-]*:)/i.test(reference)) return null;
  const parts = from.split('/').slice(0, -1);
  for (const part of reference.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
