import { isPlainObject } from '../../../../src-core/contract/json.ts';
import type { FinishReason } from '../../../../src-core/ports.ts';
import { listIn, oneLine } from './wire-values.ts';

const longestReason = 60;

/** Values, in lower case, that mean no finish reason. */
const noReasons = new Set([
  '',
  'null',
  'none',
  'nil',
  'undefined',
  'unspecified',
  'unknown',
  'not_finished',
  'in_progress',
  'generating',
]);

/** Values of endpoints, in snake case, for the known finish reasons. */
const known: Readonly<Record<string, FinishReason>> = {
  ...named('stop', [
    'stop',
    'stopped',
    'eos',
    'eos_token',
    'eot',
    'end',
    'end_turn',
    'end_of_turn',
    'end_of_text',
    'stop_sequence',
    'stop_token',
    'stop_word',
    'complete',
    'completed',
    'finish',
    'finished',
    'done',
    'normal',
    'success',
  ]),
  ...named('length', [
    'length',
    'limit',
    'max_tokens',
    'max_token',
    'max_tokens_reached',
    'max_output_tokens',
    'max_completion_tokens',
    'max_new_tokens',
    'max_length',
    'model_length',
    'token_limit',
    'token_limit_reached',
    'context_length',
    'context_length_exceeded',
    'context_window_exceeded',
    'model_context_window_exceeded',
    'error_limit',
  ]),
  ...named('tool_calls', ['tool_calls', 'tool_call', 'tool_use', 'tool', 'tools', 'function_call', 'function_calls']),
  ...named('content_filter', [
    'content_filter',
    'content_filtered',
    'contentfilter',
    'content_blocked',
    'filtered',
    'blocked',
    'blocklist',
    'safety',
    'sensitive',
    'recitation',
    'prohibited_content',
    'spii',
    'image_safety',
    'model_armor',
    'refusal',
    'moderation',
    'moderated',
    'guardrail_intervened',
    'error_toxic',
  ]),
  ...named('incomplete', ['incomplete']),
};

/** Reasons that mean an error: without any text the run has failed. */
const faults = /error|fail|abort|cancel|network|insufficient|overload|timeout|timed_out|crash|exception|malformed/i;

/** The finish reason of an endpoint, as a known one or as its own word; null when it gave none. */
export function finishReasonIn(value: unknown): FinishReason | null {
  // Nearly every chunk has none.
  if (value === null || value === undefined) return null;
  const said = wordIn(value).trim();
  const word = said
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/^finish_?reason_/, '');
  // `endTurn` and `maxTokens`, too.
  const snake = said.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  if (noReasons.has(word)) return null;
  if (Object.hasOwn(known, word)) return known[word]!;
  if (Object.hasOwn(known, snake)) return known[snake]!;
  return oneLine(said, longestReason) || null;
}

/** Whether a reason says that something went wrong while the answer was made. */
export function isFault(reason: FinishReason): boolean {
  return !Object.hasOwn(known, reason) && faults.test(reason);
}

/** The reason after another chunk; a later `stop` does not replace an earlier reason. */
export function laterReason(before: FinishReason | null, after: FinishReason | null): FinishReason | null {
  if (after === null) return before;
  return after === 'stop' && before !== null ? before : after;
}

/** Some servers send the reason as an object or a list around the word. */
function wordIn(value: unknown): string {
  if (typeof value === 'string') return value;
  const [first] = listIn(value);
  if (typeof first === 'string') return first;
  if (!isPlainObject(value)) return '';
  const { type, reason } = value;
  return typeof type === 'string' ? type : typeof reason === 'string' ? reason : '';
}

function named(reason: FinishReason, words: readonly string[]): Readonly<Record<string, FinishReason>> {
  return Object.fromEntries(words.map((word) => [word, reason]));
}
