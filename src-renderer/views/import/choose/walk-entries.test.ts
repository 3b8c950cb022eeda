import { expect, test } from 'vitest';
import { mostImportedFiles } from '../../../../src-core/contract/packs.ts';
import { walkEntries } from './walk-entries.ts';

interface Tree {
  /** A size, null for a file that cannot be opened, or a folder. */
  readonly [name: string]: number | null | Tree;
}

/** What a browser gives for a dropped folder, a hundred entries at a time. */
function entryOf(name: string, content: number | null | Tree): FileSystemEntry {
  if (content === null || typeof content === 'number') {
    const file = (give: (file: File) => void, fail: (error: unknown) => void) =>
      content === null
        ? fail(new Error('gone'))
        : give(Object.defineProperty(new File([], name), 'size', { value: content }));
    return { name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = Object.entries(content).map(([child, value]) => entryOf(child, value));
    return { readEntries: (give: (entries: FileSystemEntry[]) => void) => give(left.splice(0, 100)) };
  };
  return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

const signal = new AbortController().signal;
const walk = async (...entries: FileSystemEntry[]) => {
  const { files, leftOut } = await walkEntries(entries, signal);
  return { paths: files.map(({ path }) => path), leftOut };
};

test('a folder that is dropped alone gives paths relative to it, in the order of names', async () => {
  const folder = {
    b: { 'z.yml': 1, 'مرحبا.yml': 1, node_modules: { 'x.json': 1 } },
    'a.md': 1,
    '.git': { config: 1 },
    '.github': { prompts: { 'p.prompt.md': 1 } },
    'logo.png': 1,
    'gone.md': null,
  };
  expect(await walk(entryOf('repo', folder))).toEqual({
    paths: ['.github/prompts/p.prompt.md', 'a.md', 'b/z.yml', 'b/مرحبا.yml'],
    leftOut: 2,
  });
});

test('folders and files that are dropped together keep their names in the paths', async () => {
  expect(await walk(entryOf('one', { 'a.md': 1 }), entryOf('two', { 'a.md': 1 }), entryOf('a.md', 1))).toEqual({
    paths: ['one/a.md', 'two/a.md', 'a.md'],
    leftOut: 0,
  });
});

test('a dot folder that is dropped itself is meant', async () => {
  expect((await walk(entryOf('.prompts', { 'a.md': 1 }))).paths).toEqual(['a.md']);
});

test('all entries are read, and a folder with too many ends the walk with a sentence', async () => {
  const files = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.md`, 1]));
  expect((await walk(entryOf('r', files(250)))).paths).toHaveLength(250);
  await expect(walk(entryOf('r', files(mostImportedFiles + 1)))).rejects.toThrow('more than 5,000 files');
  await expect(walk(entryOf('r', { 'a.txt': 60e6 }))).rejects.toThrow('more than 47 MB');
});

test('a walk that is given up ends', async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(walkEntries([entryOf('r', { 'a.md': 1 })], stop.signal)).rejects.toThrow();
});
