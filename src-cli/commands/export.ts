import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { formatToWrite } from '../../src-core/packs/export/format-to-write.ts';
import type { WrittenFile } from '../../src-core/packs/format.ts';
import { formats } from '../../src-core/packs/formats/registry.ts';
import { createLosses, type Loss } from '../../src-core/packs/losses.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { importFile, openFile } from '../../src-host/folders/import-file.ts';
import { readBytes } from '../input-values.ts';
import { createOutput, formatTable, type Output } from '../output.ts';
import { readAll } from '../pages.ts';
import { globalOptions, withLibrary } from '../session.ts';

interface OutOptions {
  readonly format: string;
  readonly to: string;
  readonly force?: boolean;
}

const written = formats.flatMap(({ ids, write }) => (write === undefined ? [] : [ids[0]!]));
const formatHelp = `format to write: ${written.join(', ')}`;

export function addExportCommands(program: Command): void {
  program
    .command('export')
    .description('write prompts as files of another tool')
    .argument('[names...]', 'names, or project/name; all active prompts when none is given')
    .requiredOption('--format <id>', formatHelp)
    .requiredOption('--to <dir>', 'folder that the files come to')
    .option('--draft', 'what the drafts say, not the newest versions')
    .option('--history', 'earlier versions too, where the format holds several')
    .option('--force', 'write over files that are there')
    .addHelpText(
      'after',
      '\nExamples:\n  promptdev export support/refund --format prompty --to out\n  promptdev export --format langfuse --history --to backup',
    )
    .action(
      (names: readonly string[], options: OutOptions & { draft?: boolean; history?: boolean }, command: Command) =>
        withLibrary(command, async ({ client, library, out }) => {
          formatToWrite(options.format);
          const filter = { search: '', tags: [], limit: 500, status: 'active', order: 'name' } as const;
          const ids =
            names.length > 0
              ? await Promise.all(names.map(async (name) => (await client.prompts.find({ name })).id))
              : (await readAll((cursor) => library.list({ ...filter, cursor }))).map(({ id }) => id);
          if (ids.length === 0) throw new AppError('not_found', 'There are no prompts to export.');
          const { files, losses } = await client.packs.export({
            ids: [...ids],
            format: options.format,
            content: options.draft ? 'draft' : 'version',
            history: options.history ?? false,
          });
          await writeAll(files, options, losses, out);
        }),
    );
  program
    .command('convert')
    .description('turn a file of one tool into files of another; the library is not touched')
    .argument('<file>', 'file of another tool')
    .requiredOption('--format <id>', formatHelp)
    .requiredOption('--to <dir>', 'folder that the files come to')
    .option('--from <id>', 'read the file as this format, whatever it looks like')
    .option('--force', 'write over files that are there')
    .addHelpText('after', '\nExamples:\n  promptdev convert basic.prompty --format dotprompt --to out')
    .action(async (file: string, options: OutOptions & { from?: string }, command: Command) => {
      const out = createOutput(globalOptions(command).json ?? false);
      const { write } = formatToWrite(options.format);
      const imported = await importFile(await openFile(file, await readBytes(file)), options.from);
      const losses = createLosses();
      const files = write(imported.prompts, losses);
      await writeAll(files, options, [...imported.losses, ...losses.all()], out);
    });
}

/** Writes all files or none: each is written beside its place first. */
async function writeAll(
  files: readonly WrittenFile[],
  options: OutOptions,
  losses: readonly Loss[],
  out: Output,
): Promise<void> {
  const root = resolve(options.to);
  const places = files.map(({ path, text }) => ({ path, text, file: placeIn(root, path) }));
  const taken = places.find(({ file }) => existsSync(file));
  if (taken !== undefined && options.force !== true)
    throw new AppError(
      'conflict',
      `${taken.file} is there already. Write over it with --force, or choose another folder.`,
    );
  const beside = places.map(({ file }) => `${file}.unfinished`);
  try {
    for (const [index, { file, text }] of places.entries()) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(beside[index]!, text);
    }
    for (const [index, { file }] of places.entries()) await rename(beside[index]!, file);
  } catch (error) {
    await Promise.all(beside.map((file) => rm(file, { force: true })));
    throw error;
  }
  const written = places.map(({ path }) => path);
  if (out.json) return out.value({ files: written, losses });
  out.line(written.map((path) => join(options.to, path)).join('\n'));
  if (losses.length === 0) return;
  out.line(
    `\n${formatTable(
      ['LOSS', 'WHAT', 'WHERE', 'WHY'],
      losses.map(({ kind, what, where, why }) => [kind, what, where, why]),
    )}`,
  );
}

/** Names of files come from names of prompts; none leads out of the folder. */
function placeIn(root: string, path: string): string {
  const file = resolve(root, path);
  if (file.startsWith(root + sep)) return file;
  throw new AppError('invalid', `"${path}" would be written outside ${root}.`);
}
