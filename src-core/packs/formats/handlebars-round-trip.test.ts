import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../content/files/decode-text.ts';
import { canonicalContent } from '../../content/hash-content.ts';
import type { Format } from '../format.ts';
import type { Imported } from '../imported.ts';
import { createLosses } from '../losses.ts';
import { readSource } from '../read-source.ts';
import { createSource, type SourceFile } from '../source.ts';
import { memoryFolder } from '../testing/memory-folder.ts';
import { dotprompt } from './dotprompt.ts';
import { semanticKernel } from './semantic-kernel.ts';

const cases = join(import.meta.dirname, '..', 'testing', 'cases');

async function filesOf(folder: string): Promise<ReadonlyMap<string, SourceFile>> {
  const files = new Map<string, SourceFile>();
  for (const entry of readdirSync(join(cases, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'expected.json') continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(join(cases, folder), path);
    files.set(name, { path: name, text: (await decodeText(name, readFileSync(path))).text, encoding: 'utf-8' });
  }
  return files;
}

const read = (file: SourceFile, files: ReadonlyMap<string, SourceFile>): Promise<Imported> =>
  readSource(createSource(file, memoryFolder(files)));

async function writeAndRead(format: Format, { prompts }: Imported, files: ReadonlyMap<string, SourceFile>) {
  const losses = createLosses();
  const [file] = format.write!(prompts, losses);
  const again = await read({ path: file!.path, text: file!.text, encoding: 'utf-8' }, files);
  return { again: again.prompts[0]!, losses: losses.all().map(({ kind, what, where }) => `${kind} ${what} ${where}`) };
}

const folders: Readonly<Record<string, Format>> = { dotprompt, 'semantic-kernel': semanticKernel };
for (const [folder, format] of Object.entries(folders)) {
  describe(`what is written of ${folder} reads as the same`, async () => {
    const files = await filesOf(folder);
    for (const file of files.values()) {
      const imported = await read(file, files).catch(() => null);
      if (imported === null || !format.ids.includes(imported.format)) continue;
      test(file.path, async () => {
        const { again } = await writeAndRead(format, imported, files);
        const [prompt] = imported.prompts;
        expect(JSON.parse(canonicalContent(again.content))).toEqual(JSON.parse(canonicalContent(prompt!.content)));
        expect(again).toMatchObject({ name: prompt!.name, description: prompt!.description });
        const values = (prompt!.metadata.import as { readonly values?: unknown }).values;
        expect((again.metadata.import as { readonly values?: unknown }).values).toEqual(
          folder === 'semantic-kernel' && values !== undefined ? expect.objectContaining(values) : values,
        );
      });
    }
  });
}
