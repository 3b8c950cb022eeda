import type { Command } from 'commander';
import type { InputDeclaration } from '../../src-core/contract/content.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { oneLine } from '../exit.ts';
import { addInputOptions, type InputOptions, readInputs } from '../input-values.ts';
import { rawOption } from '../output.ts';
import { describeRun, noteEnd, noteToolCalls } from '../run-view.ts';
import { type Session, withHost } from '../session.ts';

interface RunOptions extends InputOptions {
  readonly model?: string;
  readonly reasoning?: boolean;
}

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('run a prompt on a model and stream its answer to stdout')
    .argument('<name>', 'a prompt, or prompt@version, or prompt@label')
    .option('--model <id>', 'a model of "promptdev models list"; the prompt\'s own unless given')
    .option('--reasoning', 'show what the model thinks before it answers, on stderr')
    .option(...rawOption);
  addInputOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  promptdev run samples/greeting --model starter --input name=Ada
  promptdev run samples/greeting@1 --model openai/gpt-4.1-mini --vars @vars.json --json`,
    )
    .action((name: string, options: RunOptions, command: Command) =>
      withHost(command, async (session) => {
        const { inputs: declared, ...source } = await findSource(session, name);
        const inputs = await readInputs(options, declared);
        const input = { ...source, inputs, ...(options.model !== undefined && { model: options.model }) };
        await streamRun(session, input, options.reasoning ?? false);
      }),
    );
}

/** What runs, and the inputs that it declares. */
export interface RunSource {
  readonly promptId: string;
  readonly versionId?: string;
  readonly inputs: readonly InputDeclaration[];
}

/** The draft of a prompt, or the version that `name@…` means. */
export async function findSource({ client }: Session, name: string): Promise<RunSource> {
  if (!name.includes('@')) {
    const { id: promptId, draft } = await client.prompts.find({ name });
    return { promptId, inputs: draft.content.inputs };
  }
  const { promptId, id: versionId, content } = await client.versions.find({ ref: name });
  return { promptId, versionId, inputs: content.inputs };
}

type StartInput = Parameters<Session['client']['runs']['start']>[0];

async function streamRun({ client, out, signal }: Session, input: StartInput, reasoning: boolean): Promise<void> {
  const { id } = await client.runs.start(input);
  signal.addEventListener('abort', () => void client.runs.cancel({ id }), { once: true });
  let written = 0;
  let thought = false;
  let shownNote: string | null = null;
  // Without the caller's signal, because the end of a cancelled run is awaited too.
  for await (const event of await client.runs.watch({ id, after: 0 })) {
    switch (event.kind) {
      case 'delta':
        if (thought) out.aside('\n\n');
        thought = false;
        if (out.json) break;
        if (event.offset < written) out.write('\n');
        out.write(event.text);
        written = event.offset + event.text.length;
        break;
      case 'reasoning':
        if (reasoning) out.aside(event.text);
        thought = reasoning;
        break;
      case 'status':
        if (event.note !== null && event.note !== shownNote) out.note(oneLine(event.note));
        shownNote = event.note;
        break;
      case 'finished': {
        const { run } = event;
        if (out.json) out.value(run);
        else if (written > 0 && !run.output.endsWith('\n')) out.write('\n');
        if (!out.json) noteToolCalls(out, run);
        noteEnd(out, run);
        if (run.status === 'cancelled') throw new AppError('cancelled', 'Cancelled.');
        if (run.error !== null) throw new AppError(run.error.code, run.error.message);
        for (const problem of run.schemaProblems ?? []) out.note(`Breaks the response schema: ${problem}`);
        if (!out.json) out.note(describeRun(run));
      }
    }
  }
}
