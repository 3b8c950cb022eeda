import { documentOf, isPlaceholder } from '../contract/message-texts.ts';
import type { RoleMessage } from '../contract/messages.ts';
import type { Json } from '../contract/shared.ts';
import type { Imported, ImportedPrompt } from './imported.ts';

/** The report of an import as one JSON object, as `promptdev import --dry-run --json` prints it. */
export function describeImport(imported: Imported): { readonly [key: string]: Json } {
  const { format, version, prompts, tests, sharedAsserts, data, losses, problems } = imported;
  return plain({
    format,
    version,
    prompts: prompts.map(describePrompt),
    tests: tests.length,
    asserts: tests.reduce((sum, { asserts }) => sum + asserts.length, sharedAsserts.length),
    rows: data?.rows.length ?? 0,
    columns: data?.columns ?? [],
    ...(data !== null && { delimiter: data.delimiter, first: data.rows[0] ?? null }),
    losses,
    problems,
  });
}

function describePrompt(prompt: ImportedPrompt): unknown {
  const { content, inputSources, versions } = prompt;
  const { model, fallbacks, ...sampling } = content.settings;
  return {
    name: prompt.name,
    ...(prompt.title !== '' && { title: prompt.title }),
    ...(prompt.description !== '' && { description: prompt.description }),
    ...(prompt.type !== undefined && { type: prompt.type }),
    syntax: content.syntax,
    messages: content.messages.map((message) =>
      isPlaceholder(message)
        ? { role: 'placeholder', name: message.placeholder, content: message.placeholder }
        : { role: message.role, content: contentOf(message) },
    ),
    inputs: content.inputs.map(({ name, type, required, default: given, description, values }) => ({
      name,
      type,
      required,
      default: given,
      ...(description !== '' && { description }),
      values,
      source: inputSources[name],
    })),
    settings: { ...(model !== null && { model }), ...(fallbacks.length > 0 && { fallbacks }), ...sampling },
    tools: content.tools.map(({ name }) => ({ name })),
    responseSchema: content.responseSchema,
    samples: content.samples,
    includes: prompt.includes,
    labels: prompt.labels,
    tags: prompt.tags,
    versions: versions.length + 1,
    active: prompt.active,
  };
}

/** A message that is one result of a tool reads as that result, any other with parts as its document. */
export function contentOf(message: RoleMessage): string {
  const [part, ...others] = typeof message.content === 'string' ? [] : message.content;
  return part?.type === 'tool_result' && others.length === 0 ? part.content : documentOf(message);
}

/** Without members that are undefined. */
function plain(value: unknown): { readonly [key: string]: Json } {
  return JSON.parse(JSON.stringify(value));
}
