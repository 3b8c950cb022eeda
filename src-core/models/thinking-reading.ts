import { createHarmonyStream, type HarmonyStream } from './harmony.ts';

/** Where the reading of one text stands. */
export interface Reading {
  state: 'start' | 'thoughts' | 'answer' | 'harmony';
  /** Arrived, and not yet told what it is. */
  held: string;
  /** Everything that arrived, for when it turns out to be something else. */
  whole: string;
  /** The first characters that arrived. */
  head: string;
  /** White space at the very start, which belongs to the answer if that begins there. */
  lead: string;
  /** The tag that began the thoughts, or would have, and the one that ends them. */
  opening: string;
  closing: string;
  /** Where the thoughts begin in `whole`, their opening tag included. */
  opened: number;
  /** Behind that tag. */
  thoughtsFrom: number;
  /** Something of these thoughts was told. */
  begun: boolean;
  thoughts: string;
  /** Thoughts of the blocks before this one. */
  thoughtsBefore: string;
  /** Thoughts came, so a lone closing tag is text. */
  sawThoughts: boolean;
  answered: boolean;
  /** The answer so far. */
  output: string;
  /** How much of the answer was there when these thoughts began, which is none for those in front of it. */
  answerBefore: number;
  /** Opening tags within the last thoughts, each of which may have a closing one that is still to come. */
  unclosed: number;
  /** White space behind thoughts within the answer goes, where there is some before them. */
  trims: boolean;
  blocks: number;
  /** Tags that were mere text. */
  spokenOf: number;
  /** What became thoughts because of a lone closing tag, as it was before, and how long the thoughts were then. */
  taken: { readonly output: string; readonly reasoning: string; readonly thoughts: number } | null;
  harmony: HarmonyStream;
}

/** A reading of which nothing has arrived; with `thinking` it begins within thoughts. */
export function startReading(thinking: boolean): Reading {
  return {
    state: thinking ? 'thoughts' : 'start',
    held: '',
    whole: '',
    head: '',
    lead: '',
    opening: '<think>',
    closing: '</think>',
    opened: 0,
    thoughtsFrom: 0,
    begun: false,
    thoughts: '',
    thoughtsBefore: '',
    sawThoughts: false,
    answered: false,
    output: '',
    answerBefore: 0,
    unclosed: 0,
    trims: false,
    blocks: 0,
    spokenOf: 0,
    taken: null,
    harmony: createHarmonyStream(),
  };
}
