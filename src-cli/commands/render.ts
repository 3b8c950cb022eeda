import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { readContentFile } from '../../src-core/content/files/read-content-file.ts';
import { renderContent } from '../../src-core/content/templates/render-content.ts';
import { contentOfRendered } from '../../src-core/content/templates/rendered-message.ts';
import type { PromptContent } from '../../src-core/contract/content.ts';
import { documentOfParts } from '../../src-core/contract/message-texts.ts';
import type { RenderedMessage } from '../../src-core/contract/messages.ts';
import type { RenderProblem } from '../../src-core/contract/prompts.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { describeProblem, type PlacedProblem } from '../describe-problem.ts';
import { UsageError } from '../exit.ts';
import { addInputOptions, type InputOptions, readInputs, readText } from '../input-values.ts';
import { createOutput, type Output, rawOption, writeJsonLine } from '../output.ts';
import { renderLine } from '../render-line.ts';
import { globalOptions, type LibrarySession, withLibrary } from '../session.ts';

interface RenderOptions extends InputOptions {
  readonly file?: string;
  readonly strict?: boolean;
  readonly jsonl?: boolean;
}

export function addRenderCommand(program: Command): void {
  const command = program
    .command('render')
    .description('render a prompt, a file, or templates from standard input')
    .argument('[name]', 'a prompt of the library, or prompt@version; - reads a template from standard input')
    .option('--file <file>', 'render this file instead; - reads standard input');
  addInputOptions(command)
    .option('--strict', 'any use of an undefined value is an error')
    .option(...rawOption)
    .option('--jsonl', 'render one JSON object per line of standard input')
    .addHelpText(
      'after',
      `
Examples:
  promptdev render samples/greeting --input name=Ada
  promptdev render --file prompt.md --inputs values.json --strict
  echo 'Hi {{ name }}' | promptdev render - --vars '{"name":"Ada"}'
  echo '{"template":"Hi {{ name }}","vars":{"name":"Ada"}}' | promptdev render --jsonl

With --jsonl a line has these keys:
  template   the template, or "messages": [{"role": "user", "content": "…"}, …]
  vars       values by name; "inputs" says the same, or declares inputs when it is a list
  includes   templates that may be included, by name
  syntax     "jinja" (usual), "liquid" or "nunjucks"
  strict     true or false (usual)
Each line is answered in order with {"output": "…"} or {"messages": […]}, or with
{"error": {"code", "message", "line", …}}; a line that fails does not stop the others.`,
    )
    .action(async (name: string | undefined, options: RenderOptions, command: Command) => {
      const chosen = [name, options.file, options.jsonl].filter((choice) => choice !== undefined).length;
      if (chosen !== 1) throw new UsageError('Give either the NAME of a prompt, or --file FILE, or --jsonl.');
      if (options.jsonl) return renderLines(options.strict ?? false);
      const file = options.file ?? (name === '-' ? '-' : undefined);
      if (file !== undefined) return renderFile(file, options, command);
      await withLibrary(command, (session) => renderPrompt(session, name!, options));
    });
}

async function renderFile(file: string, options: RenderOptions, command: Command): Promise<void> {
  if (file === '-' && options.inputs === '-')
    throw new UsageError('Standard input gives the template or the input values, not both.');
  const { content } = readContentFile(file, await readText(file));
  const inputs = await readInputs(options, content.inputs);
  const strict = options.strict ?? false;
  const { messages, problems } = renderContent(content, inputs, { sourceMap: false, strict });
  // The library is opened only for templates that include prompts of it.
  if (problems.some(({ code }) => code === 'include')) {
    return withLibrary(command, async ({ client, out }) => {
      const rendered = await client.prompts.render({ content, inputs, strict });
      show(out, content, rendered.messages, rendered.problems);
    });
  }
  const placed = problems.map(({ start, ...problem }) => ({ ...problem, line: start?.line ?? null }));
  const { json, raw } = globalOptions(command);
  const out = createOutput(json ?? false, raw ?? false);
  show(
    out,
    content,
    messages?.map((message) => ({ role: message.role, content: contentOfRendered(message) })) ?? null,
    placed,
  );
}

async function renderPrompt({ client, out }: LibrarySession, name: string, options: RenderOptions): Promise<void> {
  const content = await findContent(client, name);
  const inputs = await readInputs(options, content.inputs);
  const { messages, problems } = await client.prompts.render({ content, inputs, strict: options.strict ?? false });
  show(out, content, messages, problems);
}

async function findContent(client: LibrarySession['client'], name: string): Promise<PromptContent> {
  try {
    if (name.includes('@')) return (await client.versions.find({ ref: name })).content;
    return (await client.prompts.find({ name })).draft.content;
  } catch (error) {
    if (existsSync(name)) throw new UsageError(`There is no prompt "${name}", but a file: use --file ${name}.`);
    throw error;
  }
}

type Shown = PlacedProblem & Pick<RenderProblem, 'severity'>;

/** A single message is printed as it is, so that it can be piped; several get a line with their role. */
function show(
  out: Output,
  content: PromptContent,
  messages: readonly RenderedMessage[] | null,
  problems: readonly Shown[],
): void {
  const describe = (problem: Shown) => describeProblem(problem, content.messages.length > 1);
  for (const problem of problems) if (problem.severity === 'warning') out.note(`warning: ${describe(problem)}`);
  if (messages === null) {
    const errors = problems.filter((problem) => problem.severity === 'error');
    throw new AppError('invalid', errors.map(describe).join(' '), { problems: errors });
  }
  if (out.json) out.value({ messages });
  else if (content.messages.length === 1 && messages.length === 1)
    out.write(endLine(documentOfParts(messages[0]?.content ?? '')));
  else out.write(endLine(messages.map(({ role, content }) => `[${role}]\n${documentOfParts(content)}`).join('\n\n')));
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Standard input as it comes. Throws `invalid` when it is not UTF-8, because wrong letters must not be rendered. */
async function* readStandardInput(): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of process.stdin) yield decoder.decode(chunk as Buffer, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new AppError('invalid', 'Standard input is not UTF-8, which --jsonl reads; convert it first.');
  }
}

/**
 * One answer line per input line, in order; a bad line gets an error as its answer and does not stop the rest. Empty
 * lines get none.
 */
async function renderLines(strict: boolean): Promise<void> {
  let number = 0;
  const input = Readable.from(readStandardInput());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const text = number === 1 && line.startsWith('\uFEFF') ? line.slice(1) : line;
    if (text.trim() === '') continue;
    await writeJsonLine(renderLine(text, number, strict));
  }
}
