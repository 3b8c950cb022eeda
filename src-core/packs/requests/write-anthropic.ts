import { isMedia, isPlaceholder, partsOf, sourceOf } from '../../contract/message-texts.ts';
import type { MediaPart, MessagePart, RoleMessage } from '../../contract/messages.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import { keptValuesOf } from '../kept-values.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { keptMessagesOf } from './kept-messages.ts';
import { createTextWriter, reportUnwritten, writeVariable } from './write-text.ts';

type Raw = Readonly<Record<string, unknown>>;
type Write = (template: string) => string;
type ExtrasOf = ReturnType<typeof keptMessagesOf>;

/** Anthropic asks for a bound of every request. */
const usualMaxTokens = 1024;

/** One Messages request a prompt. */
export function writeAnthropic(prompts: readonly ImportedPrompt[], losses: Losses): readonly WrittenFile[] {
  return prompts.map((prompt) => ({
    path: `${prompt.name}.json`,
    text: `${JSON.stringify(messagesRequest(prompt, losses), null, 2)}\n`,
  }));
}

function messagesRequest(prompt: ImportedPrompt, losses: Losses): Raw {
  const { content, name } = prompt;
  const kept = keptValuesOf(prompt, ['anthropic', 'anthropic-batch']);
  const write = createTextWriter(prompt, losses);
  const extrasOf = keptMessagesOf(kept.messages);
  const said = content.messages.flatMap((message): readonly RoleMessage[] => {
    if (!isPlaceholder(message)) return [message];
    losses.add('dropped', 'placeholder', message.placeholder, 'A request has no place for messages that come later.');
    return [];
  });
  const rest = said.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const leading = rest < 0 ? said : said.slice(0, rest);
  const messages = rest < 0 ? [] : writeTurns(said.slice(rest), { write, extrasOf, losses });
  if (messages[0]?.role !== 'user')
    losses.add(
      'approximated',
      'first-message',
      name,
      'Anthropic asks for a message of the user first; add one before the request is sent.',
    );
  reportUnwritten(prompt, losses);
  const { model, temperature, topP, maxTokens, stop, seed, extra } = content.settings;
  if (maxTokens === undefined)
    losses.add(
      'approximated',
      'max-tokens',
      name,
      `Anthropic asks for a bound of the answer; ${usualMaxTokens} stands there.`,
    );
  if (temperature !== undefined && temperature > 1)
    losses.add('approximated', 'temperature', name, 'Anthropic takes a temperature up to 1; 1 stands there.');
  if (seed !== undefined) losses.add('dropped', 'parameter:seed', name, 'Anthropic takes no seed.');
  const format = isMapping(kept.outputFormat) ? kept.outputFormat : {};
  const parameters = isMapping(kept.parameters) ? kept.parameters : ({} as Raw);
  return {
    ...(model !== null && { model }),
    max_tokens: maxTokens ?? usualMaxTokens,
    ...(leading.length > 0 && { system: writeSystem(leading, { write, extrasOf, losses }) }),
    messages,
    ...(temperature !== undefined && { temperature: Math.min(1, temperature) }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stop !== undefined && { stop_sequences: stop }),
    ...(content.tools.length > 0 && {
      tools: content.tools.map((tool) => ({
        name: tool.name,
        ...(tool.description !== '' && { description: tool.description }),
        input_schema: Object.keys(tool.parameters).length === 0 ? { type: 'object' } : tool.parameters,
        ...(isMapping(kept.tools) && isMapping(kept.tools[tool.name]) ? (kept.tools[tool.name] as Raw) : {}),
      })),
    }),
    ...parameters,
    ...(content.responseSchema !== null && {
      output_config: {
        ...(isMapping(parameters.output_config) ? parameters.output_config : {}),
        format: { ...format, type: 'json_schema', schema: content.responseSchema },
      },
    }),
    ...extra,
  };
}

interface Writing {
  readonly write: Write;
  readonly extrasOf: ExtrasOf;
  readonly losses: Losses;
}

/** The leading messages of the system and the developer are one text. */
function writeSystem(messages: readonly RoleMessage[], { write, extrasOf, losses }: Writing): unknown {
  const [first, ...others] = messages;
  const { content } = others.length === 0 ? extrasOf(first!) : ({} as Raw);
  if (content !== undefined) return content;
  const blocks = messages.flatMap((message) => partsOf(message).map((part) => writePart(part, write, losses)));
  return blocks.map(({ type, text }) => (type === 'text' ? String(text) : `[${String(type)}]`)).join('\n\n');
}

/**
 * Messages of two roles. Results of tools go into one message of the user, together with what the user says right behind
 * them; otherwise each message stays one, because the service joins those of one role itself.
 */
function writeTurns(messages: readonly RoleMessage[], { write, extrasOf, losses }: Writing): readonly Raw[] {
  const turns: Raw[] = [];
  let results: unknown[] | null = null;
  for (const message of messages) {
    const { content: original, ...extras } = extrasOf(message);
    const parts = partsOf(message);
    const isResult = parts.some(({ type }) => type === 'tool_result');
    if (!isResult && ['system', 'developer', 'tool'].includes(message.role))
      losses.add(
        'approximated',
        'role',
        message.role,
        `Anthropic has no message of the role ${message.role} here; it became one of the user.`,
      );
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const blocks = Array.isArray(original)
      ? (original as unknown[])
      : parts.map((part) => writePart(part, write, losses));
    if (isResult && results !== null) results.push(...blocks);
    else if (role === 'user' && results !== null) {
      results.push(...blocks);
      results = null;
    } else {
      const [first] = blocks;
      const isText = blocks.length === 1 && isMapping(first) && first.type === 'text' && original === undefined;
      results = isResult ? [...blocks] : null;
      turns.push({ role, content: results ?? (isText ? (first as Raw).text : blocks), ...extras });
    }
  }
  return turns;
}

function writePart(part: MessagePart, write: Write, losses: Losses): Raw {
  if (isMedia(part)) return writeMedia(part, losses);
  switch (part.type) {
    case 'text':
      return { type: 'text', text: write(part.text) };
    case 'tool_call':
      return {
        type: 'tool_use',
        id: part.id,
        name: part.name,
        input: inputOf(write(part.arguments), part.name, losses),
      };
    case 'tool_result':
      return { type: 'tool_result', tool_use_id: part.id, content: write(part.content) };
  }
}

/** Arguments are an object there; text that is none becomes the one member of one. */
function inputOf(text: string, name: string, losses: Losses): Raw {
  try {
    const value: unknown = JSON.parse(text);
    if (isMapping(value)) return value;
  } catch {
    // Said below.
  }
  losses.add(
    'approximated',
    'tool-call',
    name,
    'Its arguments are no JSON object; they are written as the text of one.',
  );
  return { arguments: text };
}

function writeMedia(part: MediaPart, losses: Losses): Raw {
  const source = sourceOf(part);
  if (source.kind === 'hash' || part.type === 'audio') {
    const name =
      source.kind === 'url' ? source.url : source.kind === 'hash' ? source.hash : writeVariable(source.input, losses);
    losses.add('approximated', 'media', name, 'It has no place in a request to Anthropic; a text names it.');
    return { type: 'text', text: `[${part.type}: ${name}]` };
  }
  const url = source.kind === 'input' ? writeVariable(source.input, losses) : source.url;
  const block = { type: part.type === 'image' ? 'image' : 'document', source: { type: 'url', url } };
  return part.type === 'file' && part.name !== undefined ? { ...block, title: part.name } : block;
}
