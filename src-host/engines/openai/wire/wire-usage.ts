import { isPlainObject } from '../../../../src-core/contract/json.ts';
import { countOf, dollarsOf } from '../../../../src-core/models/counts.ts';
import { numberIn, type WireObject, wireObjectIn } from './wire-values.ts';

/** Tokens and price as stated in the chunks of one answer; null where none stated a plausible value. */
export interface WireUsage {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly reasoning: number | null;
  readonly cached: number | null;
  /** Input that was written to a cache. */
  readonly written: number | null;
  /** Input that is not included in `input`, as Anthropic reports tokens read from or written to its cache. */
  readonly inputBeside: number | null;
  /** US dollars. */
  readonly cost: number | null;
}

/** Figures for the `usage` event, once all chunks were seen. */
export interface Figures {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly cachedTokens: number | null;
  readonly cost: number | null;
}

export const noUsage: WireUsage = {
  input: null,
  output: null,
  total: null,
  reasoning: null,
  cached: null,
  written: null,
  inputBeside: null,
  cost: null,
};

const ticksPerDollar = 10_000_000_000;

/** The usage in one chunk, in all known places and names. */
export function usageIn(chunk: WireObject): WireUsage {
  const choice = wireObjectIn(Array.isArray(chunk.choices) ? chunk.choices[0] : chunk.choices);
  const places = [
    chunk.usage,
    wireObjectIn(chunk.x_groq).usage,
    // Moonshot and others put it beside the text.
    choice.usage,
    wireObjectIn(choice.delta ?? choice.message).usage,
    wireObjectIn(chunk.message).usage,
    wireObjectIn(chunk.response).usage,
    chunk.usageMetadata,
    wireObjectIn(chunk.meta).tokens,
  ];
  let said = readOllama(chunk);
  // llama-server sends timings even when usage was not requested.
  if (isPlainObject(chunk.timings)) said = laterWins(said, readTimings(chunk.timings));
  for (const place of places) if (isPlainObject(place)) said = laterWins(said, readUsage(place));
  return said;
}

/** Later counts replace earlier ones, but a zero or nothing replaces no real count. */
export function laterWins(before: WireUsage, after: WireUsage): WireUsage {
  const pick = (key: keyof WireUsage) => after[key] || before[key] || (after[key] ?? before[key]);
  return {
    input: pick('input'),
    output: pick('output'),
    total: pick('total'),
    reasoning: pick('reasoning'),
    cached: pick('cached'),
    written: pick('written'),
    inputBeside: pick('inputBeside'),
    cost: pick('cost'),
  };
}

/** Computes the missing figures; null when nothing was stated, or only zeros for an answer with text. */
export function figuresOf(usage: WireUsage, sawOutput: boolean): Figures | null {
  const { total, reasoning, cached, cost } = usage;
  const saidNothing = [usage.input, usage.output, total].every((count) => !count);
  if (saidNothing && (sawOutput || usage.input === null)) {
    return cost ? { inputTokens: null, outputTokens: null, reasoningTokens: null, cachedTokens: null, cost } : null;
  }
  let input = usage.input === null ? null : usage.input + (usage.inputBeside ?? 0);
  let output = usage.output === 0 && sawOutput ? null : usage.output;
  let thought = reasoning;
  const beside = usage.inputBeside === null ? besideInput(usage, input) : 0;
  if (input !== null) input += beside;
  if (total !== null && total > 0) {
    if (output === null && input !== null && total > input) output = total - input;
    else if (input === null && output !== null && total >= output) input = total - output;
    const left = total - (input ?? total) - (output ?? total);
    if (left > 0) {
      // xAI and Gemini count thinking in the total alone, and bill it as output.
      output = (output ?? 0) + left;
      thought ??= left;
    }
  }
  // Reasoning that is larger than the output is not part of it.
  if (thought !== null && output !== null && thought > output) output += thought;
  return {
    inputTokens: countOf(input),
    outputTokens: countOf(output),
    reasoningTokens: countOf(thought),
    cachedTokens: countOf(cached),
    cost,
  };
}

/**
 * Cached input that is not included in the input. OpenAI and Gemini include it, Anthropic does not, and proxies pass on
 * both under OpenAI's names: it is not included when it is larger than the input, or when the total counts it again.
 */
function besideInput({ output, total, reasoning, cached, written }: WireUsage, input: number | null): number {
  const all = (cached ?? 0) + (written ?? 0);
  if (input === null || all === 0) return 0;
  if (all > input) return all;
  const left = (total ?? 0) - input - (output ?? 0);
  const thoughts = reasoning ?? 0;
  if (output === null || left <= 0 || left === thoughts) return 0;
  return [all, cached ?? 0, written ?? 0].find((part) => left === part || left === part + thoughts) ?? 0;
}

function readUsage(usage: WireObject): WireUsage {
  const inputDetails = wireObjectIn(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const outputDetails = wireObjectIn(usage.completion_tokens_details ?? usage.output_tokens_details);
  const cacheRead = firstCount(usage.cache_read_input_tokens);
  const cacheWritten = firstCount(usage.cache_creation_input_tokens);
  const cached = firstCount(
    inputDetails.cached_tokens,
    usage.cached_tokens,
    usage.prompt_cache_hit_tokens,
    cacheRead,
    usage.num_cached_tokens,
    usage.cachedContentTokenCount,
  );
  const written = firstCount(
    cacheWritten,
    inputDetails.cached_creation_tokens,
    inputDetails.cache_creation_tokens,
    inputDetails.cache_write_tokens,
  );
  // Anthropic's field names, or a gateway that states that it counts like Anthropic.
  const isAnthropic =
    usage.usage_semantic === 'anthropic' ||
    (usage.prompt_tokens === undefined &&
      usage.input_tokens !== undefined &&
      (cacheRead ?? cacheWritten ?? null) !== null);
  return {
    input: firstCount(usage.prompt_tokens, usage.input_tokens, usage.promptTokenCount, usage.inputTokens),
    output: firstCount(usage.completion_tokens, usage.output_tokens, usage.candidatesTokenCount, usage.outputTokens),
    total: firstCount(usage.total_tokens, usage.totalTokenCount, usage.totalTokens),
    reasoning: firstCount(
      outputDetails.reasoning_tokens,
      outputDetails.thinking_tokens,
      usage.reasoning_tokens,
      usage.thoughtsTokenCount,
    ),
    cached,
    written,
    inputBeside: isAnthropic ? (cached ?? 0) + (written ?? 0) : null,
    cost: costIn(usage),
  };
}

/** OpenRouter, LiteLLM, Perplexity and DeepInfra in dollars, xAI in ticks. */
function costIn(usage: WireObject): number | null {
  const ticks = dollarsOf(numberIn(usage.cost_in_usd_ticks), Number.MAX_SAFE_INTEGER);
  if (ticks) return ticks / ticksPerDollar;
  const own = dollarsOf(numberIn(usage.cost));
  // With an own provider key, OpenRouter reports its fee and the provider's price separately.
  const upstream =
    usage.is_byok === true ? dollarsOf(numberIn(wireObjectIn(usage.cost_details).upstream_inference_cost)) : null;
  if (upstream !== null) return upstream + (own ?? 0);
  return own ?? dollarsOf(numberIn(wireObjectIn(usage.cost).total_cost)) ?? dollarsOf(numberIn(usage.estimated_cost));
}

function readTimings({ prompt_n, predicted_n, cache_n }: WireObject): WireUsage {
  const read = firstCount(prompt_n);
  const cached = firstCount(cache_n);
  return { ...noUsage, input: read === null ? null : read + (cached ?? 0), output: firstCount(predicted_n), cached };
}

function readOllama({ prompt_eval_count, eval_count }: WireObject): WireUsage {
  if (prompt_eval_count === undefined && eval_count === undefined) return noUsage;
  return { ...noUsage, input: firstCount(prompt_eval_count), output: firstCount(eval_count) };
}

/** The first candidate that is a plausible count. */
function firstCount(...candidates: readonly unknown[]): number | null {
  for (const candidate of candidates) {
    const count = countOf(numberIn(candidate));
    if (count !== null) return count;
  }
  return null;
}
