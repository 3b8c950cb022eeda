import { createThinkingStream, type Spoken } from '../../../../src-core/models/thinking.ts';
import type { EngineEvent, FinishReason } from '../../../../src-core/ports.ts';
import { type Place, quote } from '../failures/failures.ts';
import { laterReason } from '../wire/finish-reasons.ts';
import type { WireChoice } from '../wire/wire-chunk.ts';
import { createTextJoiner } from '../wire/wire-values.ts';
import { createToolCallReader, mostCalls } from './tool-calls.ts';

/** What the choices of one answer say, as events. */
export interface ChoiceReader {
  take(choice: WireChoice): Iterable<EngineEvent>;
  /** What was held back, once no more comes. */
  end(): Iterable<EngineEvent>;
  /** Notes for the reader of the run, then the finish reason. */
  closing(answerNotes: AnswerNotes): Iterable<EngineEvent>;
  readonly reason: FinishReason | null;
  readonly sawOutput: boolean;
}

/** What came besides the choices. */
export interface AnswerNotes {
  /** Words that came and are no part of the answer. */
  readonly odd: string;
  /** Pieces that should have been a part of it and could not be read, and the first of them. */
  readonly lost: number;
  readonly example: string;
  /** Notes about the decoding, each without its subject. */
  readonly encoding: readonly string[];
}

/** Turns choices into events, separating text, reasoning and tool calls, with the finish reason. */
export function createChoiceReader(place: Place): ChoiceReader {
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
      // Reasoning that came separately stays reasoning.
      yield event.kind === 'replace' ? { ...event, reasoning: told.thought + event.reasoning } : event;
    }
  }

  /** The new part of a text, because a `message` after deltas repeats everything. */
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
    *take(choice): Generator<EngineEvent> {
      // Other indices are alternative answers, which were not requested; the first with content is used.
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
    *closing(answerNotes): Generator<EngineEvent> {
      for (const text of notesOf(place, {
        ...answerNotes,
        refused,
        others,
        overflowed: calls.overflowed,
        unexplained: reason === null,
        halved: Object.values(joiners).some((joiner) => joiner.broken),
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

interface Remarkable extends AnswerNotes {
  readonly refused: boolean;
  readonly others: ReadonlySet<string>;
  readonly overflowed: boolean;
  readonly unexplained: boolean;
  /** Half of a character of two UTF-16 code units. */
  readonly halved: boolean;
}

function notesOf(place: Place, remarkable: Remarkable): readonly string[] {
  const { refused, others, overflowed, unexplained, halved, odd, lost, example, encoding } = remarkable;
  const { endpoint } = place;
  const kinds = [...others].map((kind) => `"${kind.slice(0, 40)}"`).slice(0, 5);
  return [
    ...(refused ? [`${endpoint} marks this answer as a refusal of the model.`] : []),
    ...(kinds.length > 0 ? [`Parts of the answer that are no text are left out: ${kinds.join(', ')}.`] : []),
    ...(overflowed ? [`The answer calls more than ${mostCalls} tools; the rest is left out.`] : []),
    ...(lost > 0 ? [unreadable(place, lost, example)] : []),
    ...encoding.map((what) => `${endpoint} ${what}`),
    ...(halved ? [`${endpoint} sent half of a character, which is shown as "\ufffd".`] : []),
    ...(unexplained
      ? [`${endpoint} ended the answer without saying why${quote(place, odd)}; it may not be complete.`]
      : []),
  ];
}

function unreadable(place: Place, count: number, example: string): string {
  const what = count === 1 ? 'a piece of its answer that' : `${count} pieces of its answer that`;
  return `${place.endpoint} sent ${what} cannot be read${quote(place, example)}; what it held is missing.`;
}
