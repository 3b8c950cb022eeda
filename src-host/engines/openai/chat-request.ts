import type { JsonObject } from '../../../src-core/contract/shared.ts';
import type { GenerateRequest } from '../../../src-core/ports.ts';
import { isStrict } from './strict-schema.ts';

/** A change that makes an endpoint accept what it rejected before. */
export type Adaptation = 'no_stream_options' | 'max_completion_tokens' | 'random_seed' | 'no_strict';

/** The body of a streaming chat completion request, in the form that most endpoints understand, then adapted. */
export function chatBody(model: string, request: GenerateRequest, adaptations: ReadonlySet<Adaptation>): JsonObject {
  const { temperature, topP, maxTokens, stop, seed } = request.sampling;
  const { tools, responseSchema } = request;
  return {
    model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    ...(!adaptations.has('no_stream_options') && { stream_options: { include_usage: true } }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && {
      [adaptations.has('max_completion_tokens') ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
    }),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    ...(seed !== undefined && { [adaptations.has('random_seed') ? 'random_seed' : 'seed']: seed }),
    ...(tools !== undefined &&
      tools.length > 0 && {
        tools: tools.map(({ name, description, parameters }) => ({
          type: 'function',
          function: { name, description, parameters },
        })),
      }),
    ...(responseSchema && {
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          ...(!adaptations.has('no_strict') && isStrict(responseSchema) && { strict: true }),
          schema: responseSchema,
        },
      },
    }),
  };
}

/** The adaptation that answers a rejection (its status and text), or null when none does or it was tried already. */
export function adaptationFor(status: number, said: string, body: JsonObject): Adaptation | null {
  if (status !== 400 && status !== 422) return null;
  if (/stream_options|include_usage/.test(said) && 'stream_options' in body) return 'no_stream_options';
  if (
    /max_tokens/.test(said) &&
    'max_tokens' in body &&
    /unsupported|unrecognized|not supported|max_completion_tokens|extra/i.test(said)
  ) {
    return 'max_completion_tokens';
  }
  // Mistral's name for the same thing.
  if (/\bseed\b/.test(said) && 'seed' in body && /extra|not permitted|unrecognized|random_seed/i.test(said))
    return 'random_seed';
  if (/\bstrict\b|schema|additionalProperties/i.test(said) && isSentStrictly(body)) return 'no_strict';
  return null;
}

/** Whether a rejection is about the response schema, in the words that endpoints use. */
export function refusesSchema(said: string): boolean {
  return /response_format|json_schema|response schema|\bstrict\b|structured output|additionalProperties/i.test(said);
}

function isSentStrictly({ response_format: format }: JsonObject): boolean {
  return JSON.stringify(format ?? null).includes('"strict":true');
}
