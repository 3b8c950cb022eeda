import { createThinkingStream, type Spoken } from '../../../src-core/models/thinking.ts';
import type { EngineEvent, FinishReason } from '../../../src-core/ports.ts';
import { messageIn } from './error-words.ts';
import {
  EndpointFailure,
  type Failure,
  failureInAnswer,
  failureOfAnswer,
  type Place,
  quote,
  webPage,
} from './failures.ts';
import { isFault, laterReason } from './finish-reasons.ts';
import { createSseParser, type SseEvent } from './sse.ts';
import { createToolCallReader, mostCalls } from './tool-calls.ts';
import { readChunk, type WireChoice } from './wire-chunk.ts';
import { figuresOf, laterWins, noUsage } from './wire-usage.ts';
import { createTextJoiner, type Facts, isFacts, parseLeniently, textIn } from './wire-values.ts';

/**
 * Turns the text of one answer, as it arrives, into engine events. Throws `EndpointFailure`, but only after the events that
 * came before the fault.
 */
export interface AnswerReader {
  push(text: string): Iterable<EngineEvent>;
  /** The answer ended: what is left, then usage (when known) and the finish. */
  end(): Iterable<EngineEvent>;
  /** True once the stream said that it is done, even if the connection stays open. */
  readonly done: boolean;
  /** True once the endpoint said why the answer ends: a connection that breaks now takes nothing away. */
  readonly finished: boolean;
}

const maxEventChars = 4_000_000;
/** Characters of a page that are awaited for its title. */
const maxPageChars = 16_000;
/** Characters kept of what is no chunk, for the sentence that says so. */
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
  const answer = createAnswer(place);
  const sse = createSseParser(maxEventChars, () => new EndpointFailure(tooLarge(place)));

  function* readFacts(value: Facts): Generator<EngineEvent> {
    const chunk = readChunk(value);
    usage = laterWins(usage, chunk.usage);
    sawChunk ||= chunk.choices.length > 0 || 'choices' in value;
    if (chunk.choices.length === 0 && !('choices' in value)) keepOdd(messageIn(value));
    // The one that was asked for comes first, wherever it stands among others.
    for (const choice of [...chunk.choices].sort((a, b) => (a.index ?? 0) - (b.index ?? 0))) yield* answer.take(choice);
    const error = chunk.error ?? chunk.choices.find((choice) => choice.error !== null)?.error;
    if (error) throw new EndpointFailure(failureInAnswer(place, error));
    if (!('choices' in value) && (value.done === true || isEndName(textIn(value.type)))) done = true;
  }

  function* readEvent({ name, data }: SseEvent): Generator<EngineEvent> {
    if (done) return;
    // Proxies that frame a stream once more leave the name of the field in it.
    const said = data.trim().replace(/^(?:data:\s*)+/, '');
    sawData ||= said !== '';
    if (isEnd(said)) {
      done = true;
      return;
    }
    const value = /^[[{"]/.test(said) ? parseLeniently(said) : undefined;
    if (/^error$/i.test(name)) throw new EndpointFailure(failureInAnswer(place, errorOfEvent(value, said)));
    for (const each of Array.isArray(value) ? value : [value]) if (isFacts(each)) yield* readFacts(each);
    // Text, numbers and the like keep a connection alive; half an object is a broken answer.
    if (value === undefined && said.startsWith('{')) throw new EndpointFailure(notPartOf(place, data));
    if (value === undefined || typeof value === 'string') keepOdd(said);
    if (isEndName(name) && !isChunk(value)) done = true;
  }

  function* readEvents(events: readonly SseEvent[]): Generator<EngineEvent> {
    for (const event of events) yield* readEvent(event);
  }

  /** One JSON text, a list of chunks, or one chunk a line. */
  function* readJson(): Generator<EngineEvent> {
    const whole = parseLeniently(text);
    const values = whole === undefined ? linesOf(text) : Array.isArray(whole) ? whole : [whole];
    for (const value of values) {
      if (!isFacts(value)) throw new EndpointFailure(notPartOf(place, text));
      yield* readFacts(value);
    }
  }

  function keepOdd(words: string): void {
    if (odd === '' && !/^\W*(?:ping|keep.?alive|heartbeat|processing)?\W*$/i.test(words))
      odd = words.slice(0, maxOddChars);
  }

  return {
    *push(more) {
      if (format === 'sse') return yield* readEvents(sse.push(more));
      if (format === 'unknown') {
        // White space before the answer keeps the connection alive and is worth nothing.
        text = `${text}${more}`.trimStart();
        format = formatOf(text);
        if (format === 'sse') yield* readEvents(sse.push(text));
      } else text += more;
      if (format === 'page' && (text.length > maxPageChars || /<\/title/i.test(text))) {
        throw new EndpointFailure(webPage(place, text));
      }
    },
    *end() {
      if (format === 'page') throw new EndpointFailure(webPage(place, text));
      if (format === 'sse') yield* readEvents(sse.end());
      if (format === 'json') yield* readJson();
      yield* answer.end();
      const { reason, sawOutput } = answer;
      if (reason === null && !sawOutput) {
        const seen = { sawChunk, sawData, odd: odd || plainOf(format, text) };
        throw new EndpointFailure(withoutAnswer(place, seen));
      }
      // Before anything was told, so that it may be tried again.
      if (reason !== null && !sawOutput && isFault(reason)) throw new EndpointFailure(endedWith(place, reason));
      const figures = figuresOf(usage, sawOutput);
      if (figures) yield toUsageEvent(figures);
      if (reason === 'error') throw new EndpointFailure(endedWith(place, reason));
      yield* answer.closing(odd);
    },
    get done() {
      return done;
    },
    get finished() {
      return done || answer.reason !== null;
    },
  };
}

/** Folds choices into events: text apart from thoughts, calls apart from each other, and why it ended. */
function createAnswer(place: Place) {
  const thinking = createThinkingStream(false);
  const calls = createToolCallReader();
  const joiners = { text: createTextJoiner(), thought: createTextJoiner(), refusal: createTextJoiner() };
  const told = { text: '', thought: '', refusal: '' };
  const others = new Set<string>();
  let chosen: number | null = null;
  let reason: FinishReason | null = null;
  let sawOutput = false;
  let sawCall = false;
  let refused = false;

  function* watched(events: Iterable<EngineEvent>): Generator<EngineEvent> {
    for (const event of events) {
      sawOutput = true;
      sawCall ||= event.kind === 'tool_call';
      // Thoughts that came apart from the text stay thoughts.
      yield event.kind === 'replace' ? { ...event, reasoning: told.thought + event.reasoning } : event;
    }
  }

  /** What of a text is new: a `message` behind deltas says everything again. */
  function newIn(kind: keyof typeof told, text: string, whole: boolean): string {
    const before = told[kind];
    if (!whole || before === '') {
      told[kind] += text;
      return text;
    }
    if (text.startsWith(before)) {
      told[kind] = text;
      return text.slice(before.length);
    }
    if (before.includes(text.trim())) return '';
    told[kind] += text;
    return text;
  }

  function* thought(text: string): Generator<EngineEvent> {
    if (text === '') return;
    thinking.sawThoughts();
    yield { kind: 'reasoning', text };
  }

  function* read(choice: WireChoice): Generator<EngineEvent> {
    yield* thought(joiners.thought.push(newIn('thought', choice.thought, choice.whole)));
    yield* thinking.push(joiners.text.push(newIn('text', choice.text, choice.whole)));
    if (choice.refusal !== '' && told.text === '') {
      refused = true;
      yield* thinking.push(joiners.refusal.push(newIn('refusal', choice.refusal, choice.whole)));
    }
    if (!choice.whole || calls.count === 0) yield* calls.read(choice.delta);
    for (const part of choice.otherParts) others.add(part);
  }

  return {
    *take(choice: WireChoice): Generator<EngineEvent> {
      // Other numbers are other answers, which nobody asked for; the first that says something is the one.
      if (chosen !== null && choice.index !== null && choice.index !== chosen) return;
      reason = laterReason(reason, choice.finish);
      yield* watched(read(choice));
      if (sawOutput) chosen ??= choice.index;
    },
    *end(): Generator<EngineEvent> {
      const rest: Spoken[] = [
        ...thinking.push(joiners.text.end()),
        ...thinking.push(joiners.refusal.end()),
        ...thinking.end(reason === 'stop' && !sawCall),
      ];
      yield* watched([...thought(joiners.thought.end()), ...rest]);
    },
    *closing(odd: string): Generator<EngineEvent> {
      for (const text of notesOf(place, {
        refused,
        others,
        overflowed: calls.overflowed,
        unexplained: reason === null,
        odd,
      })) {
        yield { kind: 'note', text };
      }
      const finished = sawCall && reason === 'stop' ? 'tool_calls' : (reason ?? 'incomplete');
      yield { kind: 'finish', reason: finished };
    },
    get reason() {
      return reason;
    },
    get sawOutput() {
      return sawOutput || refused;
    },
  };
}

interface Remarkable {
  readonly refused: boolean;
  readonly others: ReadonlySet<string>;
  readonly overflowed: boolean;
  readonly unexplained: boolean;
  /** Words that came and are no part of the answer. */
  readonly odd: string;
}

function notesOf(place: Place, { refused, others, overflowed, unexplained, odd }: Remarkable): readonly string[] {
  const { endpoint } = place;
  const kinds = [...others].map((kind) => `"${kind.slice(0, 40)}"`).slice(0, 5);
  return [
    ...(refused ? [`${endpoint} marks this answer as a refusal of the model.`] : []),
    ...(kinds.length > 0 ? [`Parts of the answer that are no text are left out: ${kinds.join(', ')}.`] : []),
    ...(overflowed ? [`The answer calls more than ${mostCalls} tools; the rest is left out.`] : []),
    ...(unexplained
      ? [`${endpoint} ended the answer without saying why${quote(place, odd)}; it may not be complete.`]
      : []),
  ];
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

/** Content types lie; the first characters do not. */
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
  return isFacts(value) && 'choices' in value;
}

/** What an event with the name `error` says, JSON or not. */
function errorOfEvent(value: unknown, data: string) {
  const facts = isFacts(value) ? value : null;
  const told = facts === null ? null : readChunk(facts).error;
  return told ?? { status: null, body: value ?? data };
}

/** Objects that stand one a line, or undefined lines where they are none. */
function linesOf(text: string): readonly unknown[] {
  return text
    .split(/\r\n|[\r\n]/)
    .filter((line) => line.trim() !== '' && !isEnd(line.trim()))
    .map((line) => parseLeniently(line.replace(/^data:/, '')));
}

/** Text in place of an answer, as of a gateway; not the lines of a stream that says nothing. */
function plainOf(format: Format, text: string): string {
  if (format === 'json') return text.slice(0, maxOddChars);
  const lines = text.slice(0, maxOddChars).split(/[\r\n]+/);
  return lines.filter((line) => !/^(?:|data|event|id|retry)(?::|$)/.test(line)).join(' ');
}

function notPartOf(place: Place, data: string): Failure {
  const words = quote(place, data.slice(0, 10_000));
  return failureOfAnswer(
    'broken_stream',
    `${place.endpoint} sent something that is not part of a chat completion${words}.`,
  );
}

function tooLarge(place: Place): Failure {
  return failureOfAnswer(
    'broken_stream',
    `${place.endpoint} sent one event of more than 4 MB, which PromptDev does not read.`,
  );
}

function endedWith(place: Place, reason: FinishReason): Failure {
  const how = reason === 'error' ? 'an error that it does not explain' : `"${reason}" and no text`;
  return { ...failureOfAnswer('broken_stream', `${place.endpoint} ended its answer with ${how}.`), retryable: true };
}

interface Seen {
  /** Something that is part of a chat completion. */
  readonly sawChunk: boolean;
  /** Events of a stream. */
  readonly sawData: boolean;
  /** Words that are no part of one. */
  readonly odd: string;
}

function withoutAnswer(place: Place, { sawChunk, sawData, odd }: Seen): Failure {
  if (odd.trim() !== '' && (sawChunk || sawData)) return notPartOf(place, odd);
  if (odd.trim() === '' || sawChunk) {
    return failureOfAnswer('broken_stream', `${place.endpoint} sent an empty answer: no text, no finish reason.`);
  }
  return failureOfAnswer(
    'not_openai',
    `${place.endpoint} answered with something that is not a chat completion${quote(place, odd)}; check that ${place.baseUrl} is an OpenAI-compatible API.`,
  );
}
