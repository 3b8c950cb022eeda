import { isMedia, isPlaceholder, partsOf, sourceOf } from '../../contract/message-texts.ts';
import type { MediaPart, MessagePart, MessageTemplate } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import { keptValuesOf } from '../kept-values.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { keptMessagesOf } from './kept-messages.ts';
import { chatContent, chatParameters } from './responses-to-chat.ts';
import { createTextWriter, reportUnwritten, writeVariable } from './write-text.ts';

type Raw = Readonly<Record<string, unknown>>;
type Write = (template: string) => string;

/** One chat request a prompt. */
export function writeOpenAi(prompts: readonly ImportedPrompt[], losses: Losses): readonly WrittenFile[] {
  return prompts.flatMap((prompt) => {
    const request = chatRequest(prompt, losses);
    if (request === null) return [];
    return [{ path: `${prompt.name}.json`, text: `${JSON.stringify(request, null, 2)}\n` }];
  });
}

/** Null when the prompt has no message that a request can have. */
function chatRequest(prompt: ImportedPrompt, losses: Losses): Raw | null {
  const { content, name } = prompt;
  const kept = keptValuesOf(prompt, ['openai-chat', 'openai-responses', 'openai-batch']);
  const isResponses = isMapping(prompt.metadata.import) && prompt.metadata.import.format === 'openai-responses';
  const write = createTextWriter(prompt, losses);
  const extrasOf = keptMessagesOf(kept.messages);
  const messages = content.messages.flatMap((message) => {
    const written = writeMessage(message, write, losses);
    const { content: original, ...extras } = extrasOf(message);
    const whole = original === undefined ? {} : { content: isResponses ? chatContent(original) : original };
    return written.map((each, index) => (index === 0 ? { ...each, ...extras, ...whole } : each));
  });
  if (messages.length === 0) {
    losses.add('dropped', 'prompt', name, 'It has no messages but placeholders, so no request is written.');
    return null;
  }
  reportUnwritten(prompt, losses);
  const { model, temperature, topP, maxTokens, stop, seed, extra } = content.settings;
  const parameters = isMapping(kept.parameters) ? kept.parameters : {};
  return {
    ...(model !== null && { model }),
    messages,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(stop !== undefined && { stop }),
    ...(seed !== undefined && { seed }),
    ...(content.tools.length > 0 && { tools: content.tools.map((tool) => writeTool(tool, kept.tools)) }),
    ...responseFormat(content.responseSchema, kept.responseFormat, name),
    ...(isResponses ? chatParameters(parameters, losses) : parameters),
    ...extra,
  };
}

function writeMessage(message: MessageTemplate, write: Write, losses: Losses): readonly Raw[] {
  if (isPlaceholder(message)) {
    losses.add('dropped', 'placeholder', message.placeholder, 'A request has no place for messages that come later.');
    return [];
  }
  const { role } = message;
  const parts = partsOf(message);
  const results = parts.filter((part) => part.type === 'tool_result');
  if (results.length > 0) {
    const others = parts.filter((part) => part.type !== 'tool_result');
    return results.map((part, index) => resultMessage(part, index === results.length - 1 ? others : [], write, losses));
  }
  const calls = parts.flatMap((part) => (part.type === 'tool_call' ? [writeCall(part, write)] : []));
  const said = parts.filter((part) => part.type !== 'tool_call');
  return [
    {
      role,
      content: said.length === 0 && calls.length > 0 ? null : writeContent(said, write, losses),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
  ];
}

/** A result that names no call is one of the older functions. */
function resultMessage(
  { id, name, content }: Extract<MessagePart, { readonly type: 'tool_result' }>,
  others: readonly MessagePart[],
  write: Write,
  losses: Losses,
): Raw {
  const said = writeContent([{ type: 'text', text: content }, ...others], write, losses);
  if (id === '' && name !== undefined) return { role: 'function', name, content: said };
  return { role: 'tool', tool_call_id: id, ...(name !== undefined && { name }), content: said };
}

function writeCall(
  { id, name, arguments: input }: Extract<MessagePart, { readonly type: 'tool_call' }>,
  write: Write,
): Raw {
  return { id, type: 'function', function: { name, arguments: write(input) } };
}

/** One text as a text, anything else as a list of parts. */
function writeContent(parts: readonly MessagePart[], write: Write, losses: Losses): string | readonly Raw[] {
  const [first, second] = parts;
  if (first === undefined) return '';
  if (second === undefined && first.type === 'text') return write(first.text);
  return parts.map((part) =>
    isMedia(part) ? writeMedia(part, losses) : { type: 'text', text: part.type === 'text' ? write(part.text) : '' },
  );
}

/** Images have addresses; audio and files only bytes or ids, which are not here. */
function writeMedia(part: MediaPart, losses: Losses): Raw {
  const source = sourceOf(part);
  const name = source.kind === 'url' ? source.url : source.kind === 'hash' ? source.hash : source.input;
  if (source.kind === 'hash' || part.type !== 'image') {
    losses.add(
      'approximated',
      'media',
      name,
      `An ${part.type === 'image' ? 'image without an address' : `${part.type} by its address`} has no place in a chat request; a text names it.`,
    );
    return { type: 'text', text: `[${part.type}: ${source.kind === 'input' ? writeVariable(name, losses) : name}]` };
  }
  const url = source.kind === 'input' ? writeVariable(source.input, losses) : source.url;
  return { type: 'image_url', image_url: { url, ...(part.detail !== undefined && { detail: part.detail }) } };
}

function writeTool(
  {
    name,
    description,
    parameters,
  }: { readonly name: string; readonly description: string; readonly parameters: JsonObject },
  options: Json | undefined,
): Raw {
  const own = isMapping(options) && isMapping(options[name]) ? options[name] : {};
  return { type: 'function', function: { name, ...(description !== '' && { description }), parameters, ...own } };
}

function responseFormat(schema: JsonObject | null, kept: Json | undefined, name: string): Raw {
  if (schema === null) return kept === undefined ? {} : { response_format: kept };
  const { type: _, name: own, ...rest } = isMapping(kept) ? kept : ({} as Raw);
  const schemaName = typeof own === 'string' ? own : name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
  return { response_format: { type: 'json_schema', json_schema: { name: schemaName, ...rest, schema } } };
}
