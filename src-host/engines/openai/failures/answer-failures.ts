import type { FinishReason } from '../../../../src-core/ports.ts';
import { type Failure, failureOfAnswer, type Place, quote } from './failures.ts';

/** Something else in place of a chunk. */
export function notPartOf(place: Place, data: string): Failure {
  const words = quote(place, data.slice(0, 10_000));
  return failureOfAnswer(
    'broken_stream',
    `${place.endpoint} sent something that is not part of a chat completion${words}.`,
  );
}

/** An event that is longer than anything an endpoint has a reason to send. */
export function tooLarge(place: Place): Failure {
  return failureOfAnswer(
    'broken_stream',
    `${place.endpoint} sent one event of more than 4 MB, which PromptDev does not read.`,
  );
}

/** A finish reason that means an error, without any text. */
export function endedWith(place: Place, reason: FinishReason): Failure {
  const how = reason === 'error' ? 'an error that it does not explain' : `"${reason}" and no text`;
  return { ...failureOfAnswer('broken_stream', `${place.endpoint} ended its answer with ${how}.`), retryable: true };
}

/** What came in place of an answer. */
export interface Seen {
  /** Something that is part of a chat completion. */
  readonly sawChunk: boolean;
  /** Events of a stream. */
  readonly sawData: boolean;
  /** Text that is not part of one. */
  readonly odd: string;
}

/** The answer is complete and contains no answer. */
export function withoutAnswer(place: Place, { sawChunk, sawData, odd }: Seen): Failure {
  if (odd.trim() !== '' && (sawChunk || sawData)) return notPartOf(place, odd);
  if (odd.trim() === '' || sawChunk) {
    return failureOfAnswer('broken_stream', `${place.endpoint} sent an empty answer: no text, no finish reason.`);
  }
  return failureOfAnswer(
    'not_openai',
    `${place.endpoint} answered with something that is not a chat completion${quote(place, odd)}; check that ${place.baseUrl} is an OpenAI-compatible API.`,
  );
}
