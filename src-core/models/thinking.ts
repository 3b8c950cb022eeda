import type { EngineEvent } from '../ports.ts';
import { harmonyOpenings } from './harmony.ts';
import { type Reading, startReading } from './thinking-reading.ts';
import {
  closings,
  countOfTag,
  endsFor,
  endsThoughts,
  finalChannel,
  firstTag,
  indexOfTag,
  isBareAnalysis,
  lengthToHold,
  longestEnd,
  mayBeOpening,
  mostSpace,
  openingsFor,
  opensThoughts,
  pairs,
  partialTag,
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

/** After so many tags that are text, the others are, too. */
const mostSpokenOf = 10;
/** Blocks of thoughts within an answer; each costs a look at all before it. */
const mostBlocks = 100;
/** Characters that tell what a text begins with. */
const headLength = 100;

/**
 * Takes `<think>…</think>` and its kin at the very start of a text as reasoning, what comes before a lone closing tag, and
 * blocks within the answer that stand where no sentence speaks of them; anywhere else a tag is text like any other. With `thinking` the text begins inside, as after a chat template that opens
 * the tag itself. White space around thoughts goes.
 */
export function createThinkingStream(thinking: boolean): ThinkingStream {
  const reading = startReading(thinking);
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
      // Thoughts within an answer that had none before are text when no tag ends them.
      const isText = reading.state === 'thoughts' && reading.answerBefore > 0 && reading.thoughtsBefore === '';
      return [...told, ...space, ...(stopped || isText ? rescue(reading) : [])];
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
  reading.output += text;
  return [{ kind: 'delta', text }];
}

function open(reading: Reading, [opening, closing]: readonly [string, string], opened: number): void {
  Object.assign(reading, { opened, opening, closing, thoughtsFrom: opened + opening.length });
  Object.assign(reading, { answerBefore: reading.output.length, thoughtsBefore: reading.thoughts });
  Object.assign(reading, { begun: false, sawThoughts: true });
}

function atStart(reading: Reading, last: boolean): Spoken[] {
  const start = reading.held.trimStart();
  reading.lead += reading.held.slice(0, reading.held.length - start.length);
  reading.held = start;
  const low = start.slice(0, longestEnd).toLowerCase();
  const pair = pairs.find(([opening]) => low.startsWith(opening));
  if (pair) {
    open(reading, pair, reading.whole.length - start.length);
    return next(reading, 'thoughts', start.slice(pair[0].length), last);
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
  const rest = held.slice(end + closing.length);
  const inside = reading.whole.slice(reading.thoughtsFrom, reading.whole.length - rest.length);
  Object.assign(reading, { sawThoughts: true, lead: '', unclosed: countOfTag(inside, reading.opening) });
  if (reading.answerBefore === 0) return [...told, ...next(reading, 'start', rest, last)];
  reading.trims = /\s$/.test(reading.output);
  return [...told, ...next(reading, 'answer', rest, last)];
}

function inAnswer(reading: Reading, last: boolean): Spoken[] {
  if (reading.trims) {
    reading.held = reading.held.trimStart();
    if (reading.held === '') return [];
    reading.trims = false;
  }
  const { held: text } = reading;
  const { ends, openings } = watched(reading);
  const found = firstTag(text, [...ends, ...openings]);
  if (found === null) {
    const told = text.length - (last ? 0 : partialTag(text, [...ends, ...openings]));
    reading.held = text.slice(told);
    return answer(reading, text.slice(0, told));
  }
  return openings.includes(found.tag) ? atOpening(reading, found, last) : atClosing(reading, found, last);
}

/** The tags that may mean something where the answer is now. */
function watched({ sawThoughts, unclosed, closing, opening, head, spokenOf, blocks }: Reading) {
  const ends = sawThoughts ? [closing].slice(0, unclosed) : endsFor(isBareAnalysis(head));
  // A text about tags, each of which costs a look at all before it.
  if (spokenOf >= mostSpokenOf) return { ends: [], openings: [] };
  return { ends, openings: blocks >= mostBlocks ? [] : openingsFor(sawThoughts ? opening : '') };
}

interface Found {
  readonly at: number;
  readonly tag: string;
}

function atOpening(reading: Reading, { at, tag }: Found, last: boolean): Spoken[] {
  const { held: text, whole } = reading;
  const rest = text.slice(at + tag.length);
  const told = answer(reading, text.slice(0, at));
  if (!opensThoughts(reading.output, tag, reading.sawThoughts && tag === reading.opening)) {
    reading.spokenOf += 1;
    return [...told, ...answer(reading, text.slice(at, at + tag.length)), ...next(reading, 'answer', rest, last)];
  }
  reading.blocks += 1;
  open(reading, pairs.find(([opening]) => opening === tag)!, whole.length - text.length + at);
  return [...told, ...next(reading, 'thoughts', rest, last)];
}

function atClosing(reading: Reading, { at, tag }: Found, last: boolean): Spoken[] {
  const { held: text, whole, sawThoughts } = reading;
  const after = text.slice(at + tag.length);
  // What follows on its line tells whether it is a tag or is spoken of.
  if (!last && after.length < mostSpace && after.trim() === '') {
    reading.held = text.slice(at);
    return answer(reading, text.slice(0, at));
  }
  const before = sawThoughts
    ? reading.output.slice(reading.answerBefore) + text.slice(0, at)
    : whole.slice(0, whole.length - text.length + at);
  if (!endsThoughts(before, tag, after)) {
    reading.spokenOf += 1;
    const told = answer(reading, text.slice(0, text.length - after.length));
    return [...told, ...next(reading, 'answer', after, last)];
  }
  return sawThoughts ? closeNested(reading, before, after, last) : closeUnopened(reading, before, tag, after, last);
}

/** What seemed to be the answer was the rest of thoughts that had a block within them. */
function closeNested(reading: Reading, before: string, after: string, last: boolean): Spoken[] {
  const output = reading.output.slice(0, reading.answerBefore);
  const reasoning = [reading.thoughts, before.trim()].filter((part) => part !== '').join('\n\n');
  const taken = { output: output + before, reasoning: reading.thoughts, thoughts: reasoning.length };
  const unclosed = reading.unclosed - 1;
  const answered = output.trim() !== '';
  Object.assign(reading, { taken, output, answered, thoughts: reasoning, lead: '', unclosed });
  const told: Spoken = { kind: 'replace', output, reasoning };
  if (output === '') return [told, ...next(reading, 'start', after, last)];
  reading.trims = /\s$/.test(output);
  return [told, ...next(reading, 'answer', after, last)];
}

/** Everything so far was thoughts, whose opening tag nobody sent. */
function closeUnopened(reading: Reading, before: string, tag: string, after: string, last: boolean): Spoken[] {
  const thoughts = withoutChannel(before).trim();
  const taken = { output: before, reasoning: '', thoughts: thoughts.length };
  Object.assign(reading, { sawThoughts: true, taken, output: '', answered: false, thoughts, lead: '' });
  const told: Spoken = { kind: 'replace', output: '', reasoning: thoughts };
  if (tag === finalChannel) return [told, ...next(reading, 'harmony', tag + after, last)];
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
function rescue(reading: Reading): Spoken[] {
  const { answered, state, whole, opened, output, answerBefore, thoughts, thoughtsBefore, taken } = reading;
  if (state === 'thoughts' && answerBefore > 0) {
    return [{ kind: 'replace', output: output + whole.slice(opened), reasoning: thoughtsBefore }];
  }
  if (answered) return [];
  if (state === 'thoughts' && whole.slice(opened).trim() !== '') {
    return [{ kind: 'replace', output: whole.slice(opened).trimStart(), reasoning: thoughtsBefore }];
  }
  if (taken === null || taken.output.trim() === '') return [];
  // What was thought since then stays.
  const reasoning = (taken.reasoning + thoughts.slice(taken.thoughts)).trimStart();
  return [{ kind: 'replace', output: taken.output.trimEnd(), reasoning }];
}
