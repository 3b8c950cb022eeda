/** The one table of what a template may use. Exceeding a row is an error that names it; nothing is ever truncated. */
export const defaultLimits = {
  /** Characters of one template's source. */
  source: 256 * 1024,
  /** Syntax nodes of one template. */
  nodes: 20_000,
  /** How deep statements, brackets and operators may nest in a source. */
  nesting: 64,
  /** How many templates may be inside each other through include, import and extends. */
  includeDepth: 16,
  /** How many macro calls, blocks and recursive loops may be inside each other. */
  recursion: 128,
  /** How deep lists and dicts may nest when they are read, printed or compared. */
  dataDepth: 128,
  /** Work: statements, calls, loop turns, items, text by its length. A million take about a tenth of a second. */
  steps: 1_000_000,
  /** Numbers of one `range`. */
  range: 10_000,
  /** UTF-16 units of one string. */
  string: 1024 * 1024,
  /** Items of one list or dict. */
  list: 100_000,
  /** Bits of one integer. */
  integer: 14_000,
  /** UTF-16 units of the whole output. */
  output: 2 * 1024 * 1024,
  /** Wall clock of one render, looked at every 1 024 steps; four times as long for one that has done little, see `Meter`. */
  milliseconds: 250,
} as const satisfies Readonly<Record<string, number>>;

export type LimitName = keyof typeof defaultLimits;
export type Limits = { readonly [Name in LimitName]: number };

/** What each limit is called in a message, with its unit. */
export const limitWords: Readonly<Record<LimitName, string>> = {
  source: 'characters of source',
  nodes: 'syntax nodes',
  nesting: 'levels of nesting',
  includeDepth: 'templates inside each other',
  recursion: 'calls inside each other',
  dataDepth: 'levels of nested data',
  steps: 'steps',
  range: 'numbers in a range',
  string: 'characters in one string',
  list: 'items in one list',
  integer: 'bits in one integer',
  output: 'characters of output',
  milliseconds: 'milliseconds',
};

/** The default limits with some lowered; a value above the default is ignored. */
export function lowerLimits(wanted: Partial<Limits> | undefined): Limits {
  if (wanted === undefined) return defaultLimits;
  const lowered: Record<string, number> = { ...defaultLimits };
  for (const [name, value] of Object.entries(wanted)) {
    const known = lowered[name];
    if (known !== undefined && typeof value === 'number' && value < known) lowered[name] = value;
  }
  return lowered as Limits;
}
