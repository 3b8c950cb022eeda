import { expect, test } from 'vitest';
import { mostImportedFiles } from '../../../../src-core/contract/packs.ts';
import { chosenFiles, chosenFolder, largestChoice, UnfitChoice } from './chosen-files.ts';

/** A file as the browser gives it, of a size that need not be in memory. */
function fileOf(path: string, size = 1): File {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return Object.defineProperties(new File([], name), {
    size: { value: size },
    webkitRelativePath: { value: path },
  });
}
const pathsOf = ({ files }: ReturnType<typeof chosenFiles>) => files.map(({ path }) => path);

test('files have their names as paths, and two of one name stay two', () => {
  expect(pathsOf(chosenFiles([fileOf('a.json'), fileOf('مرحبا.yml'), fileOf('a.json'), fileOf('a.json')]))).toEqual([
    'a.json',
    'مرحبا.yml',
    '2/a.json',
    '3/a.json',
  ]);
});

test('paths of a folder are relative to it, without what no prompt is in', () => {
  const folder = chosenFolder(
    [
      ...['a.prompt.yml', 'sub/b.md', '.github/prompts/c.prompt.md', '.cursorrules'],
      ...['.git/config', '.env', 'node_modules/x/d.json', 'sub/node_modules/e.json', 'logo.png', 'model.GGUF'],
    ].map((path) => fileOf(`repo/${path}`)),
  );
  expect(pathsOf(folder)).toEqual(['.cursorrules', '.github/prompts/c.prompt.md', 'a.prompt.yml', 'sub/b.md']);
  expect(folder.leftOut).toBe(2);
});

test('what was chosen on purpose is not left out', () => {
  expect(pathsOf(chosenFiles([fileOf('.env'), fileOf('logo.png')]))).toEqual(['.env', 'logo.png']);
});

test('as many and as large as one import takes is enough, and one more is refused with a sentence', () => {
  const many = Array.from({ length: mostImportedFiles }, (_, index) => fileOf(`${index}.md`));
  expect(chosenFiles(many).files).toHaveLength(mostImportedFiles);
  expect(() => chosenFiles([...many, fileOf('x.md')])).toThrow(/^These are more than 5,000 files, .*\.$/);
  expect(chosenFiles([fileOf('a', largestChoice - 1)]).files).toHaveLength(1);
  expect(() => chosenFiles([fileOf('a', largestChoice - 1), fileOf('b')])).toThrow(/more than 47 MB.*Choose fewer/);
  // What is left out counts for nothing.
  expect(chosenFolder([fileOf('r/a.md'), fileOf('r/model.gguf', 4e9)]).files).toHaveLength(1);
});

test('a folder without text says so', () => {
  expect(() => chosenFolder([fileOf('r/logo.png')])).toThrow(UnfitChoice);
  expect(() => chosenFolder([fileOf('r/.git/config')])).toThrow('There are no files in it.');
});
