import { isPlainObject } from '../../../../src-core/contract/json.ts';
import { longestModelName } from '../../../../src-core/contract/models.ts';
import { isLonger } from '../../../../src-core/contract/text-length.ts';
import { countOf, dollarsOf } from '../../../../src-core/models/counts.ts';
import type { ModelOffer } from '../../../../src-core/ports.ts';
import { numberIn, textIn, type WireObject, wireObjectIn } from '../wire/wire-values.ts';

const perMillion = 1_000_000;

/**
 * The models in a list of whichever shape, or null when it is none: OpenAI's `{data: [{id}]}`, the bare list, `models` of
 * Ollama and Google, `result` of Cloudflare, names alone.
 */
export function offersIn(answer: unknown): readonly ModelOffer[] | null {
  const entries = entriesIn(answer, 0);
  if (entries === null) return null;
  const offers = new Map<string, ModelOffer>();
  for (const entry of entries) {
    const name = nameOf(entry);
    if (name !== null && !offers.has(name)) offers.set(name, offerOf(name, wireObjectIn(entry)));
  }
  return [...offers.values()];
}

const listKeys = ['data', 'models', 'result', 'results', 'items', 'deployments', 'body'] as const;

function entriesIn(answer: unknown, depth: number): readonly unknown[] | null {
  if (Array.isArray(answer)) return answer;
  if (!isPlainObject(answer) || depth > 2) return null;
  const present = listKeys.filter((key) => key in answer);
  // llama-server and others give one list twice; the fuller one counts.
  const lists = present.map((key) => entriesIn(answer[key], depth + 1)).filter((list) => list !== null);
  const fullest = lists.find((list) => list.length > 0) ?? lists[0];
  if (fullest) return fullest;
  // Ollama without any model: `{"object": "list", "data": null}`.
  if (present.length > 0 && (answer.object === 'list' || present.some((key) => answer[key] === null))) return [];
  return depth > 0 && nameOf(answer) !== null ? [answer] : null;
}

/** The name to ask a model by, or null for an entry that has none that could be one. */
export function nameOf(entry: unknown): string | null {
  const { id, model, name, key, slug } = wireObjectIn(entry);
  const candidates = isPlainObject(entry) ? [id, model, name, key, slug] : [typeof entry === 'string' ? entry : null];
  const found = candidates.map((each) => textIn(each).trim()).find((each) => each !== '');
  return found === undefined || isLonger(found, longestModelName) || /\p{Cc}/u.test(found) ? null : found;
}

/** What some endpoints state of a model besides its name; formats differ, and every field is checked. */
export function offerOf(model: string, entry: WireObject): ModelOffer {
  const price =
    perTokenPrice(wireObjectIn(entry.pricing)) ?? perMillionPrice(wireObjectIn(entry.pricing)) ?? venicePrice(entry);
  return { model, price, contextLength: contextLengthOf(entry) };
}

/** OpenRouter: dollars per token, as text; -1 where it depends. */
function perTokenPrice({ prompt, completion, input_cache_read }: WireObject): ModelOffer['price'] {
  const [input, output, cached] = [prompt, completion, input_cache_read].map((value) => {
    const dollars = numberIn(value);
    return dollars === null ? null : dollars * perMillion;
  });
  return priceOf(input, output, cached);
}

/** Together: dollars per million tokens. */
function perMillionPrice({ input, output, cached_input }: WireObject): ModelOffer['price'] {
  // Zero means that there is no cache.
  return priceOf(numberIn(input), numberIn(output), numberIn(cached_input) || null);
}

/** Venice: the same, inside of the model's specification. */
function venicePrice(entry: WireObject): ModelOffer['price'] {
  const { input, output, cache_input } = wireObjectIn(wireObjectIn(entry.model_spec).pricing);
  return priceOf(
    numberIn(wireObjectIn(input).usd),
    numberIn(wireObjectIn(output).usd),
    numberIn(wireObjectIn(cache_input).usd),
  );
}

function priceOf(input?: number | null, output?: number | null, cached?: number | null): ModelOffer['price'] {
  const [inputPerMillion, outputPerMillion, cachedInputPerMillion] = [input, output, cached].map((value) => {
    const dollars = dollarsOf(value);
    return dollars === null ? null : rounded(dollars);
  });
  if (inputPerMillion == null || outputPerMillion == null) return null;
  return { inputPerMillion, outputPerMillion, ...(cachedInputPerMillion != null && { cachedInputPerMillion }) };
}

/** 0.0000025 × 1 000 000 is not quite 2.5. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** OpenRouter and Together, Groq, vLLM, Mistral and LM Studio, llama-server, Venice. */
function contextLengthOf(entry: WireObject): number | null {
  const candidates: readonly unknown[] = [
    entry.context_length,
    wireObjectIn(entry.top_provider).context_length,
    entry.context_window,
    entry.max_model_len,
    entry.max_context_length,
    wireObjectIn(entry.meta).n_ctx_train,
    entry.inputTokenLimit,
    wireObjectIn(entry.model_spec).availableContextTokens,
  ];
  return candidates.map((value) => countOf(numberIn(value))).find((length) => length) ?? null;
}
