import type { Command } from 'commander';
import { versionName } from '../../src-core/content/version-name.ts';
import { documentOf, isPlaceholder } from '../../src-core/contract/message-texts.ts';
import type { PromptSummary } from '../../src-core/contract/prompts.ts';
import { UsageError } from '../exit.ts';
import { formatTable } from '../output.ts';
import { readAll } from '../pages.ts';
import { withLibrary, withStore } from '../session.ts';

const defaults = {
  title: '',
  description: '',
  type: 'chat',
  scope: 'user',
  owner: '',
  domain: '',
  metadata: {},
  project: 'default',
  source: 'human',
} as const;

export function addPromptCommands(program: Command): void {
  program
    .command('list')
    .description('list prompts, newest change first')
    .option('--search <query>', 'words, "phrases", tag:x, label:x, model:x, updated:>2026-01-31')
    .option('--tag <tag>', 'only prompts with this tag')
    .option('--all', 'archived ones too')
    .addHelpText('after', '\nExamples:\n  promptdev list\n  promptdev list --search "refund tag:support" --json')
    .action((options: { search?: string; tag?: string; all?: boolean }, command: Command) =>
      withStore(command, async ({ library, out }) => {
        if (options.tag?.trim() === '') throw new UsageError('--tag needs a tag, as in --tag support.');
        const statuses = options.all ? (['active', 'archived'] as const) : (['active'] as const);
        const filter = {
          search: options.search ?? '',
          tags: options.tag === undefined ? [] : [options.tag],
          limit: 500,
        };
        if (filter.search !== '') await library.catchUp();
        const items = [];
        for (const status of statuses)
          items.push(...(await readAll((cursor) => library.list({ ...filter, status, order: 'updated', cursor }))));
        if (out.json) return out.value(items);
        if (items.length === 0) return out.note('No prompts. "promptdev create hello --file hello.txt" makes one.');
        const rows = items.map((item) => [item.name, versionOf(item), item.tags.join(', '), item.title]);
        out.line(formatTable(['NAME', 'VERSION', 'TAGS', 'TITLE'], rows));
      }),
    );

  program
    .command('show')
    .description("show a prompt's draft: messages, inputs, settings")
    .argument('<name>', 'name, or project/name')
    .addHelpText('after', '\nExamples:\n  promptdev show samples/greeting\n  promptdev show samples/greeting --json')
    .action((name: string, _: object, command: Command) =>
      withLibrary(command, async ({ client, out }) => {
        const prompt = await client.prompts.find({ name });
        if (out.json) return out.value(prompt);
        const { content, baseVersion } = prompt.draft;
        const base = baseVersion ? `${versionName(baseVersion)}${prompt.hasChanges ? ' with changes' : ''}` : 'draft';
        out.line(`${prompt.name}  ${base}`);
        if (prompt.title) out.line(prompt.title);
        if (prompt.description) out.line(prompt.description);
        for (const message of content.messages) {
          const role = isPlaceholder(message) ? '' : `[${message.role}]\n`;
          out.line(`\n${role}${documentOf(message)}`);
        }
        if (content.inputs.length > 0) {
          const rows = content.inputs.map((input) => [
            input.name,
            input.type,
            input.required ? 'required' : `default ${JSON.stringify(input.default ?? null)}`,
            input.description,
          ]);
          out.line(`\n${formatTable(['INPUT', 'TYPE', 'VALUE', 'DESCRIPTION'], rows)}`);
        }
        const { model, fallbacks, ...sampling } = content.settings;
        out.line(`\nmodel: ${model ?? 'none chosen'}${fallbacks.length > 0 ? `, then ${fallbacks.join(', ')}` : ''}`);
        for (const [key, value] of Object.entries(sampling)) out.line(`${key}: ${JSON.stringify(value)}`);
      }),
    );

  program
    .command('create')
    .description('create a prompt from a file and save its first version')
    .argument('<name>', 'lower-case, with "/" between folders')
    .requiredOption('--file <file>', 'template text, YAML or JSON; - reads standard input')
    .option('--title <title>')
    .option('--tag <tag...>', 'tags')
    .option('--note <note>', 'note of the first version')
    .addHelpText(
      'after',
      '\nExamples:\n  promptdev create support/refund --file refund.md --tag support\n  echo "Hello {{ name }}" | promptdev create hello --file -',
    )
    .action(
      (name: string, options: { file: string; title?: string; tag?: string[]; note?: string }, command: Command) =>
        withLibrary(command, async ({ client, out }) => {
          // Loaded here, because a list does not need the libraries for reading files and checking names.
          const [{ readContentFile }, { promptNameSchema }, { readText }] = await Promise.all([
            import('../../src-core/content/files/read-content-file.ts'),
            import('../../src-core/contract/shared.ts'),
            import('../input-values.ts'),
          ]);
          const checked = promptNameSchema.safeParse(name);
          if (!checked.success) throw new UsageError(`"${name}" cannot be a name. ${checked.error.issues[0]?.message}`);
          const file = readContentFile(options.file, await readText(options.file));
          const metadata = {
            ...defaults,
            name,
            title: options.title ?? file.title ?? '',
            description: file.description ?? '',
          };
          const prompt = await client.prompts.create({
            ...metadata,
            tags: options.tag ?? [...(file.tags ?? [])],
            content: file.content,
          });
          const saved = await client.versions.save({ promptId: prompt.id, note: options.note ?? '' });
          if (out.json) return out.value(saved.prompt);
          out.line(`Created ${name} (${versionName(saved.version)}, ${saved.version.hash.slice(0, 12)}).`);
        }),
    );
}

/** As in `v3`, with a star while the draft says more than it. */
function versionOf({ latestVersion: number, latestConfirmed: confirmed, hasChanges }: PromptSummary): string {
  return number === null ? 'draft' : `${versionName({ number, confirmed })}${hasChanges ? '*' : ''}`;
}
