import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { readContentFile } from '../../src-core/content/read-content-file.ts';
import { renderContent } from '../../src-core/content/render-content.ts';
import type { PromptContent } from '../../src-core/contract/content.ts';
import type { RenderProblem } from '../../src-core/contract/prompts.ts';
import { AppError } from '../../src-core/errors.ts';
import { UsageError } from '../exit.ts';
import { createOutput, type Output } from '../output.ts';
import { renderLine } from '../render-line.ts';
import { globalOptions, withHost } from '../session.ts';
import { readText, readVariables } from '../variables.ts';

interface RenderOptions {
  readonly file?: string;
  readonly vars?: string;
  readonly jsonl?: boolean;
}

export function addRenderCommand(program: Command): void {
  program
    .command('render')
    .description('render a prompt, a file, or templates from standard input')
    .argument('[name]', 'a prompt of the library')
    .option('--file <file>', 'render this file instead; - reads standard input')
    .option('--vars <json>', 'input values as a JSON object, or @file')
    .option('--jsonl', 'render one {"template":…,"vars":{…}} per line of standard input')
    .addHelpText(
      'after',
      `
Examples:
  promptdev render samples/greeting --vars '{"name":"Ada"}'
  promptdev render --file prompt.md --vars @vars.json
  echo '{"template":"Hi {{ name }}","vars":{"name":"Ada"}}' | promptdev render --jsonl`,
    )
    .action(async (name: string | undefined, options: RenderOptions, command: Command) => {
      const chosen = [name, options.file, options.jsonl].filter((choice) => choice !== undefined).length;
      if (chosen !== 1) throw new UsageError('Give either the NAME of a prompt, or --file FILE, or --jsonl.');
      if (options.jsonl) return renderLines();
      const inputs = await readVariables(options.vars);
      if (options.file !== undefined) {
        const { content } = readContentFile(options.file, await readText(options.file));
        const { messages, problems } = renderContent(content, inputs, { sourceMap: false });
        const out = createOutput(globalOptions(command).json ?? false);
        return show(out, content, messages?.map(({ role, text }) => ({ role, content: text })) ?? null, problems);
      }
      await withHost(command, async ({ client, out }) => {
        const prompt = await client.prompts.find({ name: name! });
        const { messages, problems } = await client.prompts.render({ id: prompt.id, inputs });
        show(out, prompt.draft.content, messages, problems);
      });
    });
}

type Message = { readonly role: string; readonly content: string };

/** A single message is printed as it is, so that it can be piped; several get a line with their role. */
function show(
  out: Output,
  content: PromptContent,
  messages: readonly Message[] | null,
  problems: readonly Pick<RenderProblem, 'severity' | 'message'>[],
): void {
  for (const problem of problems) if (problem.severity === 'warning') out.note(`warning: ${problem.message}`);
  if (messages === null) {
    const errors = problems.filter((problem) => problem.severity === 'error');
    throw new AppError('invalid', errors.map((problem) => problem.message).join(' '), { problems: errors });
  }
  if (out.json) out.value({ messages });
  else if (content.messages.length === 1) out.write(endLine(messages[0]?.content ?? ''));
  else out.line(messages.map((message) => `[${message.role}]\n${message.content}`).join('\n\n'));
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Line in, line out, in order; a bad line is an answer too and never stops the rest. */
async function renderLines(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const answered = process.stdout.write(`${JSON.stringify(renderLine(line))}\n`);
    if (!answered) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}
