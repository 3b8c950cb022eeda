import type { Command } from 'commander';
import { versionName } from '../../src-core/content/version-name.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { UsageError } from '../exit.ts';
import { formatTable } from '../output.ts';
import { type LibrarySession, withLibrary } from '../session.ts';

interface LabelOptions {
  readonly remove?: string;
  readonly rollback?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

export function addLabelCommand(program: Command): void {
  program
    .command('label')
    .description('list, move, remove or roll back the labels of a prompt')
    .argument('<prompt>', 'a prompt, or prompt@version to point the label at')
    .argument('[label]', 'production, staging, development or one of your own')
    .option('--remove <label>', 'take the label away')
    .option('--rollback <label>', 'put the label back to where it was before')
    .option('--reason <text>', 'kept in the history of the label')
    .option('--yes', 'confirm the move of a protected label')
    .addHelpText(
      'after',
      '\nExamples:\n  promptdev label greet\n  promptdev label greet@4 production --reason "Passed the review" --yes\n  promptdev label greet --rollback production --yes',
    )
    .action(async (prompt: string, label: string | undefined, options: LabelOptions, command: Command) => {
      const name = label ?? options.remove ?? options.rollback;
      if (name !== undefined) await checkLabel(name);
      const given = [label, options.remove, options.rollback].filter((value) => value !== undefined);
      if (given.length > 1) throw new UsageError('Give one label: to move, to --remove or to --rollback.');
      await withLibrary(command, (session) => changeLabel(session, prompt, label, options));
    });
}

async function checkLabel(name: string): Promise<void> {
  const { labelNameSchema } = await import('../../src-core/contract/label-name.ts');
  const checked = labelNameSchema.safeParse(name);
  if (!checked.success) throw new UsageError(`"${name}" cannot be a label. ${checked.error.issues[0]?.message}`);
}

async function changeLabel(
  { client, out }: LibrarySession,
  prompt: string,
  label: string | undefined,
  options: LabelOptions,
): Promise<void> {
  const change = { reason: options.reason ?? '', confirm: options.yes ?? false };
  if (label !== undefined) {
    const { id: versionId, promptId } = await client.versions.find({ ref: prompt });
    const moved = await client.labels.move({ ...change, promptId, name: label, versionId }).catch(sayHowToConfirm);
    return out.json ? out.value(moved) : out.line(`${label} → ${versionName(moved.version)}`);
  }
  const { id: promptId } = await client.prompts.find({ name: prompt });
  if (options.remove !== undefined) {
    const gone = await client.labels.remove({ ...change, promptId, name: options.remove }).catch(sayHowToConfirm);
    return out.json ? out.value(gone) : out.line(`${options.remove} removed`);
  }
  if (options.rollback !== undefined) {
    const back = await client.labels.rollback({ ...change, promptId, name: options.rollback }).catch(sayHowToConfirm);
    return out.json ? out.value(back) : out.line(`${options.rollback} → ${back ? versionName(back.version) : 'unset'}`);
  }
  const labels = await client.labels.list({ promptId });
  if (out.json) return out.value(labels);
  if (labels.length === 0) return out.note(`"${prompt}" has no version yet, so it has no labels.`);
  const rows = labels.map(({ name, version, movedAt, ...kind }) => [
    name,
    versionName(version),
    movedAt.slice(0, 16).replace('T', ' '),
    kind.automatic ? 'automatic' : kind.protected ? 'protected' : '',
  ]);
  out.line(formatTable(['LABEL', 'VERSION', 'SINCE (UTC)', ''], rows));
}

function sayHowToConfirm(error: unknown): never {
  if (error instanceof AppError && error.code === 'denied')
    throw new AppError('denied', `${error.message} Say --yes when you mean it.`, error.details);
  throw error;
}
