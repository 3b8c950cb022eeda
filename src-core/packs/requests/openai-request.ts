import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import type { PromptDraft } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { convertTemplate, escapeText } from '../text/escape-text.ts';
import { readParameters } from '../text/model-parameters.ts';
import { createInputNames, type InputNames } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { createKeptMessages } from './kept-messages.ts';
import { readMessages } from './messages.ts';
import type { Reading } from './parts.ts';
import { storedPromptOf } from './request-kind.ts';
import { readResponseFormat } from './response-format.ts';
import { type ReadItems, readItems } from './responses-items.ts';
import { readTools } from './tools.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Keys of a request that are read by themselves; any other is a parameter. */
const readKeys = [
  ...['model', 'messages', 'tools', 'functions', 'response_format', 'instructions', 'input', 'text', 'prompt'],
  ...['variables', 'object', 'id', 'version', 'name'],
];
/** `{{name}}` in prompts that are stored at OpenAI. */
const variable = /\{\{\s*([\p{L}_][\p{L}\p{N}_]*)\s*\}\}/gu;

/** The prompt that a chat or a Responses request is; a list stands for its messages. Throws a `refusal` when it has none. */
export function openAiDraft(value: unknown, name: string, losses: Losses): PromptDraft {
  const body: Raw = Array.isArray(value) ? { messages: value } : isMapping(value) ? value : {};
  const kept = createKeptMessages();
  const names = createInputNames(losses);
  const isStored = typeof body.id === 'string' && body.id === storedPromptOf(body);
  const text = isStored ? (source: string) => storedText(source, names) : (source: string) => escapeText(source);
  const read = readAll(body, Array.isArray(value) ? '' : 'messages', { text, losses, kept });
  const stored = reportReferences(body, losses);
  if (read.messages.length === 0) throw withoutMessages(name, isStored ? null : stored);
  const functions = readTools(body.functions, losses, 'functions');
  const tools = readTools(body.tools, losses);
  const { format, ...otherText } = isMapping(body.text) ? body.text : ({} as Raw);
  const answer = readResponseFormat(body.response_format, 'response_format', losses);
  const responses = readResponseFormat(format, 'text.format', losses);
  const parameters = readParameters(body, losses, { ignored: readKeys });
  const text_ = Object.keys(otherText).length > 0 ? otherText : undefined;
  if (text_ !== undefined)
    losses.add('kept', 'parameter:text', 'text', 'It has no field here. It is kept in the metadata and not sent.');
  const rest = { ...parameters.rest, ...(text_ !== undefined && { text: text_ }) };
  return {
    name,
    messages: read.messages,
    inputSources: names.sources(),
    settings: { ...parameters.settings, ...(typeof body.model === 'string' && { model: body.model }) },
    tools: [...tools.tools, ...functions.tools],
    responseSchema: answer.schema ?? responses.schema,
    kept: {
      parameters: Object.keys(rest).length > 0 ? rest : undefined,
      responseFormat: answer.kept ?? responses.kept,
      tools: tools.options ?? functions.options,
      prompt: body.prompt ?? (isStored ? { id: body.id, version: body.version } : undefined),
      variables: body.variables,
      messages: kept.all(),
      items: read.items,
    },
  };
}

function readAll(body: Raw, where: string, reading: Reading): ReadItems {
  const messages: MessageTemplateInput[] = [];
  if (typeof body.instructions === 'string')
    messages.push({ role: 'system', content: reading.text(body.instructions) });
  else if (Array.isArray(body.instructions)) messages.push(...readMessages(body.instructions, 'instructions', reading));
  const list = Array.isArray(body.messages) ? body.messages : [];
  const chat = readItems(list, where, messages.length, reading);
  messages.push(...chat.messages);
  if (typeof body.input === 'string') messages.push({ role: 'user', content: reading.text(body.input) });
  const input = readItems(Array.isArray(body.input) ? body.input : [], 'input', messages.length, reading);
  messages.push(...input.messages);
  return { messages, items: chat.items ?? input.items };
}

/** What the request names at OpenAI; gives the id of the stored prompt. */
function reportReferences(body: Raw, losses: Losses): string | null {
  const stored = storedPromptOf(body);
  if (stored !== null && stored !== body.id)
    losses.add(
      'unresolved',
      'stored-prompt',
      stored,
      'It is stored at OpenAI, which ends stored prompts on 2026-11-30; copy its messages from the dashboard.',
    );
  const { previous_response_id: previous, conversation } = body;
  const place =
    typeof conversation === 'string' ? conversation : isMapping(conversation) ? String(conversation.id) : null;
  for (const id of [previous, place])
    if (typeof id === 'string')
      losses.add(
        'unresolved',
        'conversation',
        id,
        'The messages before these are stored at OpenAI and are not in the file.',
      );
  return stored;
}

function withoutMessages(name: string, stored: string | null) {
  if (stored === null) return refusal(`"${name}" has no messages.`, { reason: 'no-messages' });
  return refusal(
    `"${name}" only names the prompt "${stored}", which is stored at OpenAI. Copy its messages from the dashboard and import them.`,
    { reason: 'stored-prompt' },
  );
}

function storedText(source: string, names: InputNames): string {
  return convertTemplate(source, variable, ([, name = '']) => ({ jinja: `{{ ${names.legal(name)} }}` }));
}
