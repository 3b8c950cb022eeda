import { isPlainObject } from '../../../../src-core/contract/json.ts';
import type { EngineEvent } from '../../../../src-core/ports.ts';
import { endedWith, notPartOf, tooLarge, withoutAnswer } from '../failures/answer-failures.ts';
import { EndpointFailure, failureInAnswer, type Place, webPage } from '../failures/failures.ts';
import { messageIn } from '../wire/error-words.ts';
import { isFault } from '../wire/finish-reasons.ts';
import { readChunk } from '../wire/wire-chunk.ts';
import { figuresOf, laterWins, noUsage } from '../wire/wire-usage.ts';
import { textIn, type WireObject } from '../wire/wire-values.ts';
import { createPieceReader, readBody } from './json-pieces.ts';
import { createChoiceReader } from './read-choices.ts';
import { createSseParser, type SseEvent } from './sse.ts';

/**
 * Turns the text of one answer, as it arrives, into engine events. Throws `EndpointFailure`, but only after the events that
 * came before the fault.
 */
export interface AnswerReader {
  push(text: string): Iterable<EngineEvent>;
  /**
   * To call at the end of the answer: the remaining events, then usage (when known) and the finish; `encoding` are
   * notes about its decoding.
   */
  end(encoding?: readonly string[]): Iterable<EngineEvent>;
  /** To call when the answer broke off: text that was held back, if any event was given before. */
  rest(): Iterable<EngineEvent>;
  /** True once the stream said that it is done, even if the connection stays open. */
  readonly done: boolean;
  /** True once the endpoint gave a finish reason; a connection that breaks now loses nothing. */
  readonly finished: boolean;
}

const maxEventChars = 4_000_000;
/** Characters of a page that are read to find its title. */
const maxPageChars = 16_000;
/** Characters kept of what is not a chunk, for the error message. */
const maxOddChars = 2_000;

type Format = 'unknown' | 'sse' | 'json' | 'page';

/** A reader for one answer: a stream, or plain JSON from an endpoint that does not stream. */
export function createAnswerReader(place: Place): AnswerReader {
  let format: Format = 'unknown';
  let text = '';
  let done = false;
  let sawChunk = false;
  let sawData = false;
  let odd = '';
  let usage = noUsage;
  let lost = 0;
  let example = '';
  const answer = createChoiceReader(place);
  const pieces = createPieceReader();
  const sse = createSseParser(maxEventChars, () => new EndpointFailure(tooLarge(place)));

  function* readFacts(value: WireObject): Generator<EngineEvent> {
    const chunk = readChunk(value);
    usage = laterWins(usage, chunk.usage);
    sawChunk ||= chunk.choices.length > 0 || 'choices' in value;
    if (chunk.choices.length === 0 && !('choices' in value)) keepOdd(messageIn(value));
    // The requested choice comes first, whatever its position.
    for (const choice of [...chunk.choices].sort((a, b) => (a.index ?? 0) - (b.index ?? 0))) yield* answer.take(choice);
    const error = chunk.error ?? chunk.choices.find((choice) => choice.error !== null)?.error;
    if (error) throw new EndpointFailure(failureInAnswer(place, error));
    if (!('choices' in value) && (value.done === true || isEndName(textIn(value.type)))) done = true;
  }

  function* readEvent({ name, data }: SseEvent): Generator<EngineEvent> {
    if (done) return;
    // Proxies that frame a stream twice leave the field name in the data.
    const said = data.trim().replace(/^(?:data:\s*)+/, '');
    sawData ||= said !== '';
    if (isEnd(said)) {
      done = true;
      return;
    }
    const values = pieces.take(said);
    if (/^error$/i.test(name)) throw new EndpointFailure(failureInAnswer(place, errorOfEvent(values[0], said)));
    for (const value of values) yield* readValue(value);
    // Text and numbers are keep-alives; pieces of a broken chunk are reported at the end.
    if (values.length === 0 && !/^[[{]/.test(said)) keepOdd(said);
    if (isEndName(name) && !values.some(isChunk)) done = true;
  }

  function* readValue(value: unknown): Generator<EngineEvent> {
    for (const each of Array.isArray(value) ? value : [value]) if (isPlainObject(each)) yield* readFacts(each);
    if (typeof value !== 'string') return;
    if (isEnd(value)) done = true;
    else keepOdd(value);
  }

  function* readEvents(events: readonly SseEvent[]): Generator<EngineEvent> {
    for (const event of events) yield* readEvent(event);
  }

  /** One JSON text, a list of chunks, or one chunk a line. */
  function* readJson(): Generator<EngineEvent> {
    const { values, lost: broken } = readBody(text);
    const facts = values.flat().filter(isPlainObject);
    if (facts.length === 0) throw new EndpointFailure(notPartOf(place, text));
    lost = broken.length;
    example = broken[0] ?? '';
    for (const value of facts) yield* readFacts(value);
  }

  function keepOdd(words: string): void {
    if (odd === '' && !/^\W*(?:ping|keep.?alive|heartbeat|processing)?\W*$/i.test(words))
      odd = words.slice(0, maxOddChars);
  }

  return {
    *push(more) {
      if (format === 'sse') return yield* readEvents(sse.push(more));
      if (format === 'unknown') {
        // White space before the answer is a keep-alive.
        text = `${text}${more}`.trimStart();
        format = formatOf(text);
        if (format === 'sse') yield* readEvents(sse.push(text));
      } else text += more;
      if (format === 'page' && (text.length > maxPageChars || /<\/title/i.test(text))) {
        throw new EndpointFailure(webPage(place, text));
      }
    },
    *rest() {
      if (answer.sawOutput) yield* answer.end();
    },
    *end(encoding = []) {
      if (format === 'page') throw new EndpointFailure(webPage(place, text));
      if (format === 'sse') yield* readEvents(sse.end());
      if (format === 'json') yield* readJson();
      yield* answer.end();
      const { reason, sawOutput } = answer;
      if (reason === null && !sawOutput) {
        const seen = { sawChunk, sawData, odd: odd || pieces.example || plainOf(format, text) };
        throw new EndpointFailure(withoutAnswer(place, seen));
      }
      // Nothing was given yet, so the run may be tried again.
      if (reason !== null && !sawOutput && isFault(reason)) throw new EndpointFailure(endedWith(place, reason));
      const figures = figuresOf(usage, sawOutput);
      if (figures) yield toUsageEvent(figures);
      if (reason === 'error') throw new EndpointFailure(endedWith(place, reason));
      yield* answer.closing({
        odd,
        lost: lost + pieces.lost,
        example: example || pieces.example,
        encoding,
      });
    },
    get done() {
      return done;
    },
    get finished() {
      return done || answer.reason !== null;
    },
  };
}

function toUsageEvent(figures: NonNullable<ReturnType<typeof figuresOf>>): EngineEvent {
  const { inputTokens, outputTokens, reasoningTokens, cachedTokens, cost } = figures;
  return {
    kind: 'usage',
    inputTokens,
    outputTokens,
    ...(reasoningTokens !== null && { reasoningTokens }),
    ...(cachedTokens !== null && { cachedTokens }),
    ...(cost !== null && { cost }),
  };
}

/** The format by the first characters, because content types are often wrong. */
function formatOf(start: string): Format {
  if (start === '') return 'unknown';
  if (start.startsWith('<')) return 'page';
  return /^[{["]/.test(start) ? 'json' : 'sse';
}

/** `[DONE]` and what some write in its place. */
function isEnd(data: string): boolean {
  return /^"?\[?done\]?"?$/i.test(data);
}

function isEndName(name: string): boolean {
  return /^(?:done|end|close|complete|completed|finish|finished|message_stop|stream_end|response\.completed)$/i.test(
    name,
  );
}

function isChunk(value: unknown): boolean {
  return isPlainObject(value) && 'choices' in value;
}

/** What an event with the name `error` says, JSON or not. */
function errorOfEvent(value: unknown, data: string) {
  const facts = isPlainObject(value) ? value : null;
  const told = facts === null ? null : readChunk(facts).error;
  return told ?? { status: null, body: value ?? data };
}

/** Text in place of an answer, as of a gateway; not the lines of a stream that says nothing. */
function plainOf(format: Format, text: string): string {
  if (format === 'json') return text.slice(0, maxOddChars);
  const lines = text.slice(0, maxOddChars).split(/[\r\n]+/);
  return lines.filter((line) => !/^(?:|data|event|id|retry)(?::|$)/.test(line)).join(' ');
}
