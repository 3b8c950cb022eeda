import type { Command } from 'commander';
import { notSyncedHint, versionName, versionRefOf } from '../../src-core/content/version-name.ts';
import type { ContentRef } from '../../src-core/contract/content-diff.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { UsageError } from '../exit.ts';
import { formatTable, rawOption } from '../output.ts';
import { readAll } from '../pages.ts';
import { type LibrarySession, withLibrary } from '../session.ts';

export function addVersionCommands(program: Command): void {
  addSave(program);
  addHistory(program);
  addDiff(program);
  addRestore(program);
  addLog(program);
}

interface SaveOptions {
  readonly file?: string;
  readonly note?: string;
}

function addSave(program: Command): void {
  program
    .command('save')
    .description('save a file (or the draft) as a new version; says "unchanged" when it is none')
    .argument('<name>', 'a prompt; made when there is none and a file is given')
    .option('--file <file>', 'the whole content: template text, YAML or JSON; - reads standard input')
    .option('--note <note>', 'what changed; generated unless given')
    .addHelpText(
      'after',
      '\nA draft with unsaved edits is not lost: undo in the workbench goes back to it.\n\nExamples:\n  promptdev save support/refund --file refund.md --note "Friendlier"\n  promptdev save support/refund',
    )
    .action((name: string, options: SaveOptions, command: Command) =>
      withLibrary(command, async (session) => {
        const { client, out } = session;
        const promptId = await writeFileToDraft(session, name, options.file);
        const { version, created } = await client.versions.save({ promptId, note: options.note ?? '' });
        if (out.json) return out.value({ ...version, created });
        const saved = `${versionName(version)} ${version.hash.slice(0, 12)}`;
        out.line(created ? `${saved} ${version.note}` : `unchanged (${saved})`);
      }),
    );
}

/** The prompt whose draft now holds the file. */
async function writeFileToDraft({ client }: LibrarySession, name: string, path: string | undefined): Promise<string> {
  if (path === undefined) return (await client.prompts.find({ name })).id;
  const [{ readContentFile }, { promptNameSchema }, { readText }] = await Promise.all([
    import('../../src-core/content/files/read-content-file.ts'),
    import('../../src-core/contract/shared.ts'),
    import('../input-values.ts'),
  ]);
  const prompt = await client.prompts.find({ name }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  });
  const checked = promptNameSchema.safeParse(name);
  if (prompt === null && !checked.success)
    throw new UsageError(`"${name}" cannot be a name. ${checked.error.issues[0]?.message}`);
  const { content, ...metadata } = readContentFile(path, await readText(path));
  if (prompt === null) {
    const { title = '', description = '', tags = [] } = metadata;
    return (await client.prompts.create({ name, title, description, tags: [...tags], content })).id;
  }
  await client.prompts.saveDraft({ id: prompt.id, revision: prompt.draft.revision, content, ownStep: true });
  return prompt.id;
}

function addHistory(program: Command): void {
  program
    .command('history')
    .description('list the versions of a prompt, newest first')
    .argument('<name>', 'a prompt')
    .addHelpText('after', '\nExamples:\n  promptdev history support/refund\n  promptdev history support/refund --json')
    .action((name: string, _: object, command: Command) =>
      withLibrary(command, async ({ client, out }) => {
        const { id: promptId } = await client.prompts.find({ name });
        const items = await readAll((cursor) => client.versions.list({ promptId, limit: 500, cursor }));
        if (out.json) return out.value(items);
        if (items.length === 0) return out.note(`"${name}" has no version yet. "promptdev save ${name}" makes one.`);
        const rows = items.map(({ hash, createdAt, author, size, labels, note, ...version }) => [
          versionName(version),
          hash.slice(0, 12),
          createdAt.slice(0, 16).replace('T', ' '),
          author,
          size ? `+${size.added} −${size.removed}` : '–',
          labels.join(', '),
          note.split('\n')[0] ?? '',
        ]);
        out.line(formatTable(['VERSION', 'HASH', 'TIME (UTC)', 'AUTHOR', 'LINES', 'LABELS', 'NOTE'], rows));
        if (items.some(({ confirmed }) => !confirmed)) out.note(`not synced: ${notSyncedHint}`);
      }),
    );
}

function addDiff(program: Command): void {
  program
    .command('diff')
    .description('show how two contents differ, as a unified diff')
    .argument('<before>', 'prompt, prompt@version, prompt@label or prompt@draft')
    .argument('[after]', "the same; the prompt's draft unless given")
    .option(...rawOption)
    .addHelpText(
      'after',
      '\nA name alone is its latest version.\n\nExamples:\n  promptdev diff greet               what the draft changed\n  promptdev diff greet@1 greet@production\n  promptdev diff greet support/greet@draft --json',
    )
    .action((before: string, after: string | undefined, _: object, command: Command) =>
      withLibrary(command, async ({ client, out }) => {
        const refs = {
          before: await findContent(client, before),
          after: await findContent(client, after ?? `${before.split('@')[0]}@draft`),
        };
        const comparison = await client.versions.diff(refs);
        if (out.json) return out.value(comparison);
        if (comparison.patch === '') return out.note('No differences.');
        out.write(comparison.patch);
      }),
    );
}

/** The latest version, or the draft of a prompt that has none. */
async function findContent(client: LibrarySession['client'], text: string): Promise<ContentRef> {
  if (text.endsWith('@draft')) {
    const prompt = await client.prompts.find({ name: text.slice(0, -'@draft'.length) });
    return { kind: 'draft', promptId: prompt.id };
  }
  if (!text.includes('@')) {
    const prompt = await client.prompts.find({ name: text });
    if (prompt.latestVersion === null) return { kind: 'draft', promptId: prompt.id };
  }
  return { kind: 'version', versionId: (await client.versions.find({ ref: text })).id };
}

function addRestore(program: Command): void {
  program
    .command('restore')
    .description("make a prompt's draft say what an old version says")
    .argument('<version>', 'prompt@version, prompt@label or prompt@hash')
    .option('--branch', 'go on from that version, so that saving makes a branch')
    .addHelpText(
      'after',
      '\nExamples:\n  promptdev restore greet@3 && promptdev save greet\n  promptdev restore greet@3 --branch',
    )
    .action((ref: string, options: { branch?: boolean }, command: Command) =>
      withLibrary(command, async ({ client, out }) => {
        if (!ref.includes('@')) throw new UsageError(`Say which version, as in "${ref || 'support/refund'}@3".`);
        const version = await client.versions.find({ ref });
        const draft = await client.versions.restore({ id: version.id, mode: options.branch ? 'editFrom' : 'onTop' });
        if (out.json) return out.value(draft);
        const name = ref.slice(0, ref.indexOf('@'));
        out.line(
          `The draft of ${name} is as ${versionName(version)} was. "promptdev save ${name}" makes it a version.`,
        );
      }),
    );
}

const shownVersions = 30;

function addLog(program: Command): void {
  program
    .command('log')
    .description('list the versions of all prompts, newest first')
    .argument('[name]', 'only of this prompt')
    .option('--all', `every version, not just the newest ${shownVersions}`)
    .addHelpText('after', '\nExamples:\n  promptdev log\n  promptdev log support/refund\n  promptdev log --all --json')
    .action((name: string | undefined, options: { all?: boolean }, command: Command) =>
      withLibrary(command, async ({ client, out }) => {
        const promptId = name === undefined ? undefined : (await client.prompts.find({ name })).id;
        const items = options.all
          ? await readAll((cursor) => client.versions.log({ promptId, limit: 500, cursor }))
          : (await client.versions.log({ promptId, limit: shownVersions })).items;
        if (out.json) return out.value(items);
        if (items.length === 0) return out.note('No version is saved yet.');
        const rows = items.map(({ name, createdAt, author, note, ...version }) => [
          createdAt.slice(0, 16).replace('T', ' '),
          versionRefOf(name, version),
          author,
          note.split('\n')[0] ?? '',
        ]);
        out.line(formatTable(['TIME (UTC)', 'VERSION', 'AUTHOR', 'NOTE'], rows));
      }),
    );
}
