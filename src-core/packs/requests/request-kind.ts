import type { Detected } from '../format.ts';
import { isMapping } from '../text/read-yaml.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Keys of files of our own and of other tools that have messages too. */
const foreignKeys = [
  'inputs',
  'samples',
  'settings',
  'syntax',
  'testData',
  'evaluators',
  '_type',
  'lc',
  'promptPrefix',
];
/** Keys that OpenAI's chat requests have and Anthropic's do not. */
const openAiKeys = [
  ...['response_format', 'stop', 'n', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs', 'seed'],
  ...[
    'max_completion_tokens',
    'parallel_tool_calls',
    'stream_options',
    'functions',
    'function_call',
    'reasoning_effort',
  ],
];
const anthropicParts = ['tool_use', 'tool_result', 'thinking', 'redacted_thinking'];

/** Of which provider a parsed request, or a bare list of messages, is; null when it is none. */
export function requestKind(value: unknown): Detected | null {
  if (Array.isArray(value)) return isMessageList(value) ? listKind(value) : null;
  if (!isMapping(value) || foreignKeys.some((key) => Object.hasOwn(value, key))) return null;
  const { messages } = value;
  if (Array.isArray(messages)) {
    const isChat = messages.some(isMessage) || (messages.length === 0 && typeof value.model === 'string');
    return isChat ? chatKind(value, messages) : null;
  }
  return isResponses(value) ? { id: 'openai-responses', sureness: 'certain' } : null;
}

/** Whether every item is a message; items that are broken may stand among some that are. */
function isMessageList(list: readonly unknown[]): boolean {
  return list.some(isMessage) && list.every((item) => !isMapping(item) || isMessage(item) || isResponsesItem(item));
}

function isMessage(value: unknown): value is Raw {
  if (!isMapping(value) || typeof value.role !== 'string') return false;
  return ['content', 'tool_calls', 'function_call'].some((key) => Object.hasOwn(value, key));
}

function isResponsesItem(value: unknown): boolean {
  return (
    isMapping(value) &&
    typeof value.type === 'string' &&
    /_call(?:_output)?$|^reasoning$|^item_reference$/.test(value.type)
  );
}

function listKind(list: readonly unknown[]): Detected {
  const items = list.filter(isMapping);
  if (items.some((item) => !isMessage(item))) return { id: 'openai-responses', sureness: 'likely' };
  const types = partTypes(items);
  if (types.some((type) => anthropicParts.includes(type))) return { id: 'anthropic', sureness: 'likely' };
  return { id: types.includes('input_text') ? 'openai-responses' : 'openai-chat', sureness: 'likely' };
}

function chatKind(body: Raw, messages: readonly unknown[]): Detected {
  const list = messages.filter(isMapping);
  const tools = (Array.isArray(body.tools) ? body.tools : []).filter(isMapping);
  const types = partTypes(list);
  // Gateways take a Claude model with OpenAI's tools.
  const hasFunctions = tools.some((tool) => tool.type === 'function' && isMapping(tool.function));
  const isSure =
    body.system !== undefined ||
    body.anthropic_version !== undefined ||
    tools.some((tool) => tool.input_schema !== undefined) ||
    types.some((type) => anthropicParts.includes(type));
  if (isSure && !hasFunctions) return { id: 'anthropic', sureness: 'certain' };
  const isOpenAi =
    hasFunctions ||
    openAiKeys.some((key) => Object.hasOwn(body, key)) ||
    types.some((type) => type === 'image_url' || type === 'input_audio') ||
    list.some(
      ({ role, tool_calls: calls }) =>
        calls !== undefined || ['system', 'developer', 'tool', 'function'].includes(String(role)),
    );
  const isClaude = typeof body.model === 'string' && /claude/i.test(body.model) && body.max_tokens !== undefined;
  const hasOwnKey = body.stop_sequences !== undefined || body.top_k !== undefined || body.thinking !== undefined;
  if (!isOpenAi && (isClaude || hasOwnKey)) return { id: 'anthropic', sureness: 'certain' };
  return { id: 'openai-chat', sureness: isOpenAi || typeof body.model === 'string' ? 'certain' : 'likely' };
}

function isResponses(body: Raw): boolean {
  if (storedPromptOf(body) !== null) return true;
  const { input, instructions, text } = body;
  if (typeof input !== 'string' && !Array.isArray(input)) return false;
  const hasOwnKey = [instructions, body.max_output_tokens, body.previous_response_id].some(
    (each) => each !== undefined,
  );
  if (hasOwnKey || (isMapping(text) && isMapping(text.format))) return true;
  return Array.isArray(input) && isMessageList(input);
}

/** The id of the stored prompt that a request names, or of which it is a copy. */
export function storedPromptOf(body: Raw): string | null {
  const named = isMapping(body.prompt) ? body.prompt.id : body.prompt;
  return [named, body.id].find((id): id is string => typeof id === 'string' && /^pmpt_\w/.test(id)) ?? null;
}

function partTypes(messages: readonly Raw[]): readonly string[] {
  return messages.flatMap(({ content }) =>
    (Array.isArray(content) ? content : []).flatMap((part) =>
      isMapping(part) && typeof part.type === 'string' ? [part.type] : [],
    ),
  );
}
