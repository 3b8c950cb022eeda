/** How an answer ended that is not simply complete. */
export type EndKind = 'cut' | 'filtered' | 'incomplete' | 'other';

export interface UnusualEnd {
  readonly kind: EndKind;
  /** As in `cut at max tokens`. */
  readonly label: string;
  /** One sentence for whoever reads the answer. */
  readonly sentence: string;
}

/** Words of endpoints; what the engines store already is the first of each. */
const cut = ['length', 'max_tokens', 'max_output_tokens', 'model_length', 'token_limit', 'max_length'];
const filtered = [
  'content_filter',
  'content_filtered',
  'sensitive',
  'safety',
  'recitation',
  'refusal',
  'prohibited_content',
  'blocklist',
  'spii',
  'guardrail_intervened',
];
const ordinary = [
  'stop',
  'tool_calls',
  'tool_use',
  'function_call',
  'end_turn',
  'stop_sequence',
  'eos',
  'eos_token',
  'complete',
  'completed',
  'null',
  '',
];

/** Null for an answer that ended as it should, or of which nothing is said. */
export function describeFinish(reason: string | null | undefined): UnusualEnd | null {
  const word = reason?.trim().toLowerCase() ?? '';
  if (ordinary.includes(word)) return null;
  if (cut.includes(word))
    return { kind: 'cut', label: 'cut at max tokens', sentence: 'The answer was cut off at the token limit.' };
  if (filtered.includes(word))
    return {
      kind: 'filtered',
      label: 'content filtered',
      sentence: "The endpoint's content filter stopped the answer or took text out of it.",
    };
  if (word === 'incomplete')
    return {
      kind: 'incomplete',
      label: 'incomplete',
      sentence: 'The answer broke off: the endpoint never said that it was complete.',
    };
  return {
    kind: 'other',
    label: `ended with "${shorten(reason?.trim() ?? '')}"`,
    sentence: `The endpoint ended the answer with "${shorten(reason?.trim() ?? '')}", which may mean that it is not complete.`,
  };
}

/** One line on an answer that is not simply complete, as in `lab/x: cut at max tokens (length).` */
export function finishLine(model: string, reason: string | null): string | null {
  const end = describeFinish(reason);
  if (end === null) return null;
  const word = end.kind === 'other' || end.label === reason ? '' : ` (${reason})`;
  return `${model}: ${end.label}${word}.`;
}

/** How many answers of a model ended how. */
export type Ends = Readonly<Record<EndKind, number>>;

const words: Readonly<Record<EndKind, string>> = {
  cut: 'cut',
  filtered: 'filtered',
  incomplete: 'incomplete',
  other: 'ended oddly',
};

/** Counts the answers that are not simply complete. */
export function countEnds(reasons: Iterable<string | null>): Ends {
  const ends: Record<EndKind, number> = { cut: 0, filtered: 0, incomplete: 0, other: 0 };
  for (const reason of reasons) {
    const end = describeFinish(reason);
    if (end !== null) ends[end.kind] += 1;
  }
  return ends;
}

/** As in `2 cut, 1 filtered`; null when all are complete. */
export function describeEnds(ends: Ends): string | null {
  const kinds = Object.keys(words) as EndKind[];
  const parts = kinds
    .filter((kind) => ends[kind] > 0)
    .map((kind) => `${ends[kind].toLocaleString('en')} ${words[kind]}`);
  return parts.length === 0 ? null : parts.join(', ');
}

/** Foreign words can be of any length. */
const shorten = (word: string) => (word.length > 60 ? `${word.slice(0, 59)}…` : word);
