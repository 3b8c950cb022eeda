import type { EngineEvent } from '../ports.ts';
import { createHarmonyStream, type HarmonyStream, harmonyOpenings } from './harmony.ts';
import {
  closings,
  endsThoughts,
  finalChannel,
  firstEnd,
  indexOfTag,
  isBareAnalysis,
  lengthToHold,
  longestEnd,
  mayBeOpening,
  mostSpace,
  pairs,
  partialEnd,
  withoutChannel,
} from './thinking-tags.ts';

/** What a model says, its thoughts apart from its answer. */
export type Spoken = Extract<EngineEvent, { kind: 'delta' | 'reasoning' | 'replace' | 'tool_call' }>;

/** Tells thoughts from the answer in a text that arrives in pieces. */
export interface ThinkingStream {
  push(text: string): readonly Spoken[];
  /** The endpoint sent thoughts apart from the text: no closing tag is looked for that has no opening one. */
  sawThoughts(): void;
  /** What was held back, once no more comes; `stopped` when the model ended by itself, so that thoughts without an end are its answer. */
  end(stopped: boolean): readonly Spoken[];
}

/** After so many closing tags that are text, the others are, too. */
const mostSpokenOf = 10;
/** Characters that tell what a text begins with. */
const headLength = 100;

/** Where the reading of one text stands. */
interface Reading {
  state: 'start' | 'thoughts' | 'answer' | 'harmony';
  /** Arrived, and not yet told what it is. */
  held: string;
  /** Everything that arrived, for when it turns out to be something else. */
  whole: string;
  /** The first characters that arrived. */
  head: string;
  /** White space at the very start, which belongs to the answer if that begins there. */
  lead: string;
  /** The tag that ends the thoughts. */
  closing: string;
  /** Where the thoughts begin in `whole`, their opening tag included. */
  opened: number;
  /** Something of these thoughts was told. */
  begun: boolean;
  thoughts: string;
  /** Thoughts of the blocks before this one. */
  thoughtsBefore: string;
  /** Thoughts came, so a lone closing tag is text. */
  sawThoughts: boolean;
  answered: boolean;
  /** Closing tags that were mere text. */
  spokenOf: number;
  /** What became thoughts because of a lone closing tag. */
  taken: string | null;
  harmony: HarmonyStream;
}

/**
 * Takes `<think>…</think>` and its kin at the very start of a text as reasoning, and what comes before a lone closing tag;
 * anywhere else a tag is text like any other. With `thinking` the text begins inside, as after a chat template that opens
 * the tag itself. White space around thoughts goes.
 */
export function createThinkingStream(thinking: boolean): ThinkingStream {
  const reading: Reading = {
    state: thinking ? 'thoughts' : 'start',
    held: '',
    whole: '',
    head: '',
    lead: '',
    closing: '</think>',
    opened: 0,
    begun: false,
    thoughts: '',
    thoughtsBefore: '',
    sawThoughts: false,
    answered: false,
    spokenOf: 0,
    taken: null,
    harmony: createHarmonyStream(),
  };
  return {
    push(text) {
      reading.whole += text;
      if (reading.head.length < headLength) reading.head += text.slice(0, headLength);
      reading.held += text;
      return take(reading, false);
    },
    sawThoughts() {
      reading.sawThoughts = true;
    },
    end(stopped) {
      const told = take(reading, true);
      const space = reading.state === 'start' && !reading.sawThoughts ? answer(reading, reading.lead) : [];
      return [...told, ...space, ...(stopped ? rescue(reading) : [])];
    },
  };
}

function take(reading: Reading, last: boolean): Spoken[] {
  if (reading.held === '' && !(last && reading.state === 'harmony')) return [];
  switch (reading.state) {
    case 'start':
      return atStart(reading, last);
    case 'thoughts':
      return inThoughts(reading, last);
    case 'answer':
      return inAnswer(reading, last);
    case 'harmony':
      return inHarmony(reading, last);
  }
}

function next(reading: Reading, state: Reading['state'], rest: string, last: boolean): Spoken[] {
  reading.state = state;
  reading.held = rest;
  return take(reading, last);
}

function think(reading: Reading, text: string): Spoken[] {
  if (text === '') return [];
  const apart = !reading.begun && reading.thoughts !== '' ? '\n\n' : '';
  reading.begun = true;
  reading.thoughts += apart + text;
  return [{ kind: 'reasoning', text: apart + text }];
}

function answer(reading: Reading, text: string): Spoken[] {
  if (text === '') return [];
  reading.answered ||= text.trim() !== '';
  return [{ kind: 'delta', text }];
}

function atStart(reading: Reading, last: boolean): Spoken[] {
  const start = reading.held.trimStart();
  reading.lead += reading.held.slice(0, reading.held.length - start.length);
  reading.held = start;
  const low = start.slice(0, longestEnd).toLowerCase();
  const pair = pairs.find(([opening]) => low.startsWith(opening));
  if (pair) {
    const [opening, closing] = pair;
    const opened = reading.whole.length - start.length;
    Object.assign(reading, { opened, closing, thoughtsBefore: reading.thoughts, begun: false, sawThoughts: true });
    return next(reading, 'thoughts', start.slice(opening.length), last);
  }
  if (harmonyOpenings.some((tag) => low.startsWith(tag))) return next(reading, 'harmony', start, last);
  const lone = closings.find((tag) => low.startsWith(tag));
  if (lone) {
    reading.sawThoughts = true;
    return next(reading, 'start', start.slice(lone.length), last);
  }
  if (!last && mayBeOpening(low)) return [];
  const space = reading.sawThoughts ? '' : reading.lead;
  reading.lead = '';
  return next(reading, 'answer', space + start, last);
}

function inThoughts(reading: Reading, last: boolean): Spoken[] {
  if (!reading.begun) reading.held = reading.held.trimStart();
  const { held, closing } = reading;
  const end = indexOfTag(held, closing);
  if (end < 0) {
    const text = last ? held.trimEnd() : held.slice(0, held.length - lengthToHold(held, closing));
    reading.held = held.slice(text.length);
    return think(reading, text);
  }
  const told = think(reading, held.slice(0, end).trimEnd());
  reading.sawThoughts = true;
  reading.lead = '';
  return [...told, ...next(reading, 'start', held.slice(end + closing.length), last)];
}

function inAnswer(reading: Reading, last: boolean): Spoken[] {
  const { held: text, whole } = reading;
  const bare = isBareAnalysis(reading.head);
  const end = reading.sawThoughts ? null : firstEnd(text, bare);
  if (end === null) {
    const told = text.length - (last || reading.sawThoughts ? 0 : partialEnd(text, bare));
    reading.held = text.slice(told);
    return answer(reading, text.slice(0, told));
  }
  const after = text.slice(end.at + end.tag.length);
  // What follows on its line tells whether it is a tag or is spoken of.
  if (!last && after.length < mostSpace && after.trim() === '') {
    reading.held = text.slice(end.at);
    return answer(reading, text.slice(0, end.at));
  }
  const before = whole.slice(0, whole.length - text.length + end.at);
  if (!endsThoughts(before, end.tag, after)) {
    reading.spokenOf += 1;
    // A text about tags, each of which costs a look at all before it.
    reading.sawThoughts ||= reading.spokenOf >= mostSpokenOf;
    const told = answer(reading, text.slice(0, text.length - after.length));
    return [...told, ...next(reading, 'answer', after, last)];
  }
  const thoughts = withoutChannel(before).trim();
  Object.assign(reading, { sawThoughts: true, taken: before, answered: false, thoughts, lead: '' });
  const told: Spoken = { kind: 'replace', output: '', reasoning: thoughts };
  if (end.tag === finalChannel) return [told, ...next(reading, 'harmony', end.tag + after, last)];
  return [told, ...next(reading, 'start', after, last)];
}

function inHarmony(reading: Reading, last: boolean): Spoken[] {
  const { held, harmony } = reading;
  reading.held = '';
  const events = [...harmony.push(held), ...(last ? harmony.end() : [])];
  reading.answered ||= events.some((event) => event.kind !== 'reasoning');
  return events;
}

/** Text came, and all of it went into thoughts that may have been none. */
function rescue({ answered, state, whole, opened, thoughtsBefore, taken }: Reading): Spoken[] {
  if (answered) return [];
  if (state === 'thoughts' && whole.slice(opened).trim() !== '') {
    return [{ kind: 'replace', output: whole.slice(opened).trimStart(), reasoning: thoughtsBefore }];
  }
  return taken !== null && taken.trim() !== '' ? [{ kind: 'replace', output: taken.trimEnd(), reasoning: '' }] : [];
}
