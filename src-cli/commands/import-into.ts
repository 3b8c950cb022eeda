import type { Command } from 'commander';
import { encodeBase64 } from '../../src-core/blobs/base64.ts';
import type { GivenFile, ImportAction, PlannedItem } from '../../src-core/contract/packs.ts';
import type { Imported } from '../../src-core/packs/imported.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import type { OpenedFile } from '../../src-host/folders/import-file.ts';
import { UsageError } from '../exit.ts';
import { formatTable } from '../output.ts';
import { readAll } from '../pages.ts';
import { withLibrary } from '../session.ts';

/** What one file became; of a refused one there is an error instead of an import. */
export interface Outcome {
  readonly file: string;
  readonly opened: OpenedFile | null;
  readonly imported: Imported | null;
  readonly error: AppError | null;
}

/** What may be done with prompts that are there already; identical ones are left alone in any case. */
export const existingActions = ['keep-both', 'new-version', 'replace-draft', 'skip'] as const;

export interface IntoOptions {
  readonly format?: string;
  readonly project?: string;
  readonly into?: string;
  readonly existing?: string;
}

/** Imports what was read, all of it or nothing; a file that is refused keeps the others out too. */
export async function importInto(command: Command, outcomes: readonly Outcome[], options: IntoOptions): Promise<void> {
  const refused = outcomes.filter(({ error }) => error !== null);
  if (refused.length > 0) {
    const more = outcomes.length === 1 ? '' : ' Nothing was imported; leave it out, or look at it with --dry-run.';
    throw new AppError('invalid', `${refused[0]!.error!.message}${more}`);
  }
  const request = {
    files: filesOf(outcomes),
    formats: formatsOf(outcomes, options.format),
    project: options.project ?? 'default',
    folder: options.into ?? '',
  };
  await withLibrary(command, async ({ client, out }) => {
    const plan = await client.packs.plan(request);
    const actions = actionsFor(plan.items, options.existing as ImportAction | undefined);
    const imported = await client.packs.import({ ...request, actions });
    if (out.json) return out.value(imported);
    const states = new Map(plan.items.map(({ key, state }) => [key, state]));
    const rows = imported.items.map(({ key, name, action }) => [name, states.get(key) ?? '', action]);
    if (rows.length > 0) out.line(formatTable(['PROMPT', 'WAS', 'DONE'], rows));
    if (imported.id === null) return out.note('Nothing changed.');
    out.note(`Take it back with: promptdev imports --undo ${imported.id}`);
  });
}

/** With what they name, which is no prompt of its own. */
function filesOf(outcomes: readonly Outcome[]): GivenFile[] {
  const files = new Map<string, GivenFile>();
  const add = (path: string, text: string, attached: boolean) => {
    const data = encodeBase64(new TextEncoder().encode(text));
    const known = files.get(path);
    if (known !== undefined && known.data !== data)
      throw new UsageError(`Two of the files are both ${path}. Name the folder above them with --folder.`);
    if (known === undefined || !attached) files.set(path, { path, data, attached });
  };
  for (const { opened } of outcomes) {
    if (opened === null) continue;
    add(opened.source.path, opened.source.text, false);
    for (const used of opened.used.values()) add(used.path, used.text, true);
  }
  return [...files.values()];
}

function formatsOf(outcomes: readonly Outcome[], format: string | undefined): Record<string, string> {
  if (format === undefined) return {};
  return Object.fromEntries(outcomes.flatMap(({ opened }) => (opened === null ? [] : [[opened.source.path, format]])));
}

function actionsFor(items: readonly PlannedItem[], existing: ImportAction | undefined): Record<string, ImportAction> {
  if (existing === undefined) return {};
  const there = items.filter(({ state }) => state === 'changed' || state === 'conflicting');
  return Object.fromEntries(there.map(({ key }) => [key, existing]));
}

export function addImportsCommand(program: Command): void {
  program
    .command('imports')
    .description('list imports, newest first, or take one back')
    .option('--undo <id>', 'take this import back, but for what was changed since')
    .addHelpText(
      'after',
      '\nExamples:\n  promptdev imports\n  promptdev imports --undo 01a22043-fe47-733f-aeb8-e78ff096010b',
    )
    .action((options: { undo?: string }, command: Command) =>
      withLibrary(command, async ({ client, out }) => {
        if (options.undo !== undefined) {
          const result = await client.packs.undo({ id: options.undo });
          if (out.json) return out.value(result);
          out.line(`Took back ${result.undone} of ${result.undone + result.kept.length}.`);
          for (const { name, why } of result.kept) out.line(`${name} stays: ${why}`);
          return;
        }
        const items = await readAll((cursor) => client.packs.imports({ limit: 500, cursor }));
        if (out.json) return out.value(items);
        if (items.length === 0) return out.note('No imports. "promptdev import FILE" makes one.');
        const rows = items.map(({ id, at, source, formats, prompts, undoneAt }) => [
          ...[id, at, source, formats.join(', '), String(prompts)],
          undoneAt === null ? '' : 'taken back',
        ]);
        out.line(formatTable(['IMPORT', 'WHEN', 'FILES', 'FORMATS', 'PROMPTS', ''], rows));
      }),
    );
}
