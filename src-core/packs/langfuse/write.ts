import type { PromptContent } from '../../contract/content.ts';
import { isPlaceholder, lineOf, partsOf } from '../../contract/message-texts.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import { keptValuesOf } from '../kept-values.ts';
import type { Losses } from '../losses.ts';
import { keptMessagesOf } from '../requests/kept-messages.ts';
import { isMapping } from '../text/read-yaml.ts';
import { piecesOf } from '../text/template-pieces.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Entries that Langfuse takes from one file; an entry is one version. */
const mostEntries = 500;
const longestNote = 500;

/** A prompt as Langfuse names it, with the numbers of its versions there. */
interface Target {
  readonly prompt: ImportedPrompt;
  readonly kept: JsonObject;
  readonly name: string;
  /** The oldest first. */
  readonly numbers: readonly number[];
}

/** By their names here. */
type Targets = ReadonlyMap<string, Target>;

/** Langfuse's export: a list of versions. More than it takes at once become several files. */
export function writeLangfuse(prompts: readonly ImportedPrompt[], losses: Losses): readonly WrittenFile[] {
  const targets = prompts.map((prompt) => targetOf(prompt, losses));
  const byName = new Map(targets.map((target) => [target.prompt.name, target]));
  const files: Raw[][] = [];
  for (const target of targets) {
    const entries = entriesOf(target, byName, losses);
    const last = files.at(-1);
    if (last !== undefined && last.length + entries.length <= mostEntries) last.push(...entries);
    else for (let at = 0; at < entries.length; at += mostEntries) files.push(entries.slice(at, at + mostEntries));
  }
  return files.map((entries, index) => ({
    path: `langfuse-prompts-all${index === 0 ? '' : `-${index + 1}`}.json`,
    text: `${JSON.stringify(entries, null, 2)}\n`,
  }));
}

function targetOf(prompt: ImportedPrompt, losses: Losses): Target {
  const kept = keptValuesOf(prompt, ['langfuse']);
  const wanted = typeof kept.name === 'string' ? kept.name : prompt.name;
  const name = wanted.replaceAll('|', '-');
  if (name !== wanted)
    losses.add(
      'approximated',
      'name-changed',
      wanted,
      `Langfuse takes no "|" in a name; the prompt is named "${name}".`,
    );
  const own = [
    ...prompt.versions.map(({ source }) => Number(source)),
    typeof kept.version === 'number' ? kept.version : 0,
  ];
  const isUsable = own.every((number, index) => Number.isInteger(number) && number > (own[index - 1] ?? 0));
  return { prompt, kept, name, numbers: isUsable ? own : own.map((_, index) => index + 1) };
}

function entriesOf(target: Target, targets: Targets, losses: Losses): readonly Raw[] {
  const { prompt, kept, numbers, name } = target;
  const { description, tags, versions, content } = prompt;
  if (description !== '') losses.add('dropped', 'description', name, 'Prompts have no description in Langfuse.');
  const earlier = versions.map((version, index) => {
    const values = Array.isArray(kept.versions) && isMapping(kept.versions[index]) ? kept.versions[index] : {};
    return { ...version, values: values as JsonObject, number: numbers[index]! };
  });
  const note = typeof kept.commitMessage === 'string' ? kept.commitMessage : '';
  const newest = { content, note, labels: prompt.labels, values: kept, number: numbers.at(-1)! };
  return [...earlier, newest].map((version) => {
    const texts = promptOf(version.content, version.values, target, targets, losses);
    if (version.note.length > longestNote)
      losses.add(
        'approximated',
        'note',
        name,
        `A message has at most ${longestNote} characters in Langfuse; the rest is cut.`,
      );
    return {
      name,
      version: version.number,
      type: typeof texts === 'string' ? 'text' : 'chat',
      prompt: texts,
      config: configOf(version.content, version.values, name, losses),
      tags,
      labels: version.labels,
      commitMessage: version.note === '' ? null : version.note.slice(0, longestNote),
    };
  });
}

/** One text where the prompt is one message of the user, else a list of messages. */
function promptOf(
  content: PromptContent,
  kept: JsonObject,
  target: Target,
  targets: Targets,
  losses: Losses,
): string | readonly Raw[] {
  const write = (text: string) => writeTemplate(text, content, target, targets, losses);
  const [first, ...others] = content.messages;
  if (first !== undefined && others.length === 0 && !isPlaceholder(first) && first.role === 'user')
    if (typeof first.content === 'string' && kept.type !== 'chat') return write(first.content);
  const extrasOf = keptMessagesOf(kept.messages);
  const sources = target.prompt.inputSources;
  return content.messages.map((message) => {
    if (isPlaceholder(message))
      return { type: 'placeholder', name: sources[message.placeholder] ?? message.placeholder };
    const text = partsOf(message)
      .map((part) => {
        if (part.type === 'text') return write(part.text);
        const isCall = part.type === 'tool_call' || part.type === 'tool_result';
        losses.add(
          'approximated',
          isCall ? 'tool-call' : 'media',
          target.name,
          'Messages in Langfuse are texts; a line names the part.',
        );
        const line = lineOf(part);
        return isCall ? `${line}\n${write(part.type === 'tool_call' ? part.arguments : part.content)}` : line;
      })
      .join('\n\n');
    return { role: message.role, content: text, ...extrasOf(message) };
  });
}

function writeTemplate(
  text: string,
  { syntax }: PromptContent,
  { name, prompt }: Target,
  targets: Targets,
  losses: Losses,
): string {
  const pieces = piecesOf(text, syntax);
  if (pieces === null) {
    losses.add(
      'approximated',
      'template',
      name,
      'Langfuse has variables and references only; what is more is written as it stands and does not run.',
    );
    return text;
  }
  const written = pieces.map((piece): string => {
    if (piece.kind === 'include') return writeReference(piece.name, targets);
    if (piece.kind === 'variable') return `{{${prompt.inputSources[piece.name] ?? piece.name}}}`;
    if (/\{\{\s*[\p{L}_][\p{L}\p{M}\p{N}_]*\s*\}\}/u.test(piece.text))
      losses.add(
        'approximated',
        'literal-braces',
        name,
        'Langfuse takes names between double braces for variables, also where they are meant as a text.',
      );
    return piece.text;
  });
  return written.join('');
}

/** A reference by label, or by a number as Langfuse counts; one without either means the newest version. */
function writeReference(include: string, targets: Targets): string {
  const at = include.indexOf('@');
  const [name, selector] = at < 0 ? [include, ''] : [include.slice(0, at), include.slice(at + 1)];
  const target = targets.get(name);
  const version = /^\d+$/.test(selector) ? (target?.numbers[Number(selector) - 1] ?? selector) : null;
  const chosen = version === null ? `label=${selector === '' ? 'latest' : selector}` : `version=${version}`;
  return `@@@langfusePrompt:name=${target?.name ?? name}|${chosen}@@@`;
}

function configOf(
  { settings, tools, responseSchema }: PromptContent,
  kept: JsonObject,
  name: string,
  losses: Losses,
): Json {
  const { model, temperature, topP, maxTokens, stop, seed, fallbacks, extra } = settings;
  if (fallbacks.length > 0) losses.add('dropped', 'fallbacks', name, 'Langfuse has no fallback models.');
  const options = isMapping(kept.tools) ? kept.tools : {};
  const { type: _, name: schemaName, ...format } = isMapping(kept.responseFormat) ? kept.responseFormat : ({} as Raw);
  const schema = { name: schemaName ?? 'answer', ...format, schema: responseSchema };
  const config = {
    ...(model !== null && { model }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(stop !== undefined && { stop }),
    ...(seed !== undefined && { seed }),
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: 'function', function: { ...tool, ...(options[tool.name] as Raw) } })),
    }),
    ...(responseSchema !== null
      ? { response_format: { type: 'json_schema', json_schema: schema } }
      : kept.responseFormat !== undefined && { response_format: kept.responseFormat }),
    ...(isMapping(kept.parameters) ? kept.parameters : {}),
    ...extra,
  };
  // A config that was no object comes back as it was, where the prompt says no more.
  return (Object.keys(config).length === 0 ? (kept.config ?? config) : config) as Json;
}
