import type { InputDeclaration } from '../../contract/content.ts';
import { isMedia, isPlaceholder, partsOf, sourceOf } from '../../contract/message-texts.ts';
import type { MediaPart, MessageTemplate, Role } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { WrittenFile } from '../format.ts';
import { assembleHandlebars } from '../handlebars/assemble-handlebars.ts';
import { jinjaToHandlebars } from '../handlebars/jinja-to-handlebars.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { reportLost } from '../write/report-lost.ts';
import { formatOf, keptFrom, writeFrontMatter } from '../write/written-yaml.ts';
import { writeInputSchema } from './write-inputs.ts';

export const dotpromptIds = ['dotprompt', 'dotprompt-partial'] as const;

/** One `.prompt` file; what was kept of one is written back. */
export function writeDotprompt(prompt: ImportedPrompt, losses: Losses): WrittenFile {
  const { content, name } = prompt;
  const format = formatOf(prompt);
  const isOwn = format === 'dotprompt' || format === 'dotprompt-partial';
  reportLost(prompt, ['description', 'model', 'parameters', 'tools', 'response-schema'], losses);
  const nameOf = (input: string) => (isOwn ? (prompt.inputSources[input] ?? input) : input);
  const { variant, output, parameters, extensions, ...kept } = keptFrom(prompt, dotpromptIds);
  const { model, temperature, topP, maxTokens, stop, seed } = content.settings;
  const config = {
    ...(isMapping(kept.config) && kept.config),
    ...defined({ temperature, topP, maxOutputTokens: maxTokens, stopSequences: stop, seed }),
    ...(isMapping(parameters) && parameters),
  };
  const inputs = content.inputs.filter((input) => isDeclared(input));
  const defaults = inputs.flatMap((input) =>
    input.default === undefined ? [] : [[nameOf(input.name), input.default]],
  );
  const answer = {
    ...(isMapping(output) && output),
    ...(content.responseSchema !== null && { format: 'json', schema: content.responseSchema }),
  };
  const body = bodyOf(content.messages, content.syntax, nameOf, losses, format === 'dotprompt-partial');
  const text = writeFrontMatter(
    {
      model: model ?? undefined,
      variant,
      description: prompt.description === '' ? undefined : prompt.description,
      ...kept,
      config: filled(config),
      tools: content.tools.length === 0 ? undefined : content.tools.map(writtenTool),
      input: filled({
        default: filled(Object.fromEntries(defaults)),
        schema: inputs.length === 0 ? undefined : writeInputSchema(inputs, nameOf),
      }),
      output: filled(answer),
      ...(isMapping(extensions) && extensions),
    },
    body,
  );
  return {
    path: format === 'dotprompt-partial' ? `${name.replace(/([^/]+)$/, '_$1')}.prompt` : `${name}.prompt`,
    text,
  };
}

/** What a schema need not say: messages have a marker, and an object without a schema is told by its use. */
function isDeclared({ type, required, description, default: preset, schema }: InputDeclaration): boolean {
  if (type === 'messages') return false;
  return !(type === 'object' && schema === undefined && required && description === '' && preset === undefined);
}

function writtenTool({ name, description, parameters }: { name: string; description: string; parameters: JsonObject }) {
  if (description === '' && Object.keys(parameters).length === 0) return name;
  const schema = parameters.type === undefined && Object.keys(parameters).length > 0 ? { type: 'object' } : {};
  return { name, ...(description !== '' && { description }), inputSchema: { ...schema, ...parameters } };
}

const markers: Readonly<Record<Role, string>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'model',
  tool: 'tool',
};

function bodyOf(
  messages: readonly MessageTemplate[],
  syntax: string,
  nameOf: (input: string) => string,
  losses: Losses,
  isPartial: boolean,
): string {
  let hasHistory = false;
  const written = messages.map((message, index) => {
    if (isPlaceholder(message)) {
      if (hasHistory) losses.add('dropped', 'placeholder', message.placeholder, 'A prompt has one history.');
      else if (message.placeholder !== 'history' || message.optional !== true)
        losses.add(
          'approximated',
          'placeholder',
          message.placeholder,
          'The place is that of the history, under no name.',
        );
      const marker = hasHistory ? null : '{{history}}';
      hasHistory = true;
      return marker;
    }
    if (message.role === 'developer')
      losses.add('approximated', 'role', `messages[${index}]`, 'There is no role "developer"; it is "system".');
    const text = partsOf(message)
      .map((part) => writtenPart(part, index))
      .join('');
    const isPlain = isPartial && messages.length === 1 && message.role === 'user';
    return isPlain ? text.trim() : `{{role "${markers[message.role]}"}}\n${text.trim()}`;
  });
  return written.filter((text) => text !== null).join('\n');

  function writtenPart(part: ReturnType<typeof partsOf>[number], index: number): string {
    const where = `messages[${index}]`;
    if (part.type === 'text') return writtenText(part.text, where);
    if (isMedia(part)) return mediaTag(part, where);
    losses.add(
      'dropped',
      part.type.replace('_', '-'),
      where,
      'A prompt of Dotprompt has no calls of tools and no results.',
    );
    return '';
  }

  function writtenText(template: string, where: string): string {
    const converted =
      syntax === 'jinja' ? jinjaToHandlebars(template, { nameOf }) : { problem: `the syntax ${syntax}` };
    if ('text' in converted) return converted.text;
    const why = `Handlebars has no counterpart for ${converted.problem}; the message is written as text, tags included.`;
    losses.add('refused', 'template', where, why);
    return assembleHandlebars([{ text: template.replaceAll('\\{{', '\\ {{') }], (text) => text) ?? '';
  }

  function mediaTag(part: MediaPart, where: string): string {
    const source = sourceOf(part);
    if (source.kind === 'hash') {
      losses.add('dropped', 'media', where, 'The bytes are in the workspace, and a file has none.');
      return '';
    }
    if (part.type !== 'image' && part.mediaType === undefined)
      losses.add('approximated', 'media', where, 'Without a media type it is read as an image.');
    if (part.name !== undefined || part.detail !== undefined)
      losses.add('dropped', 'media-detail', where, 'A medium has an address and a media type, no more.');
    const type = part.mediaType === undefined ? '' : ` contentType="${part.mediaType}"`;
    const url = source.kind === 'url' ? `"${source.url.replaceAll('"', '%22')}"` : nameOf(source.input);
    return `{{media url=${/^[\w"$]|^\p{L}/u.test(url) ? url : `[${url}]`}${type}}}`;
  }
}

function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The same, or undefined where nothing is in it. */
function filled(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const present = defined(values);
  return Object.keys(present).length === 0 ? undefined : present;
}
