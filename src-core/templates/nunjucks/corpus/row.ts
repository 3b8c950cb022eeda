import type { Inputs } from '../../runtime/types.ts';

/** A template that real nunjucks and ours must render alike. */
export interface Row {
  readonly template: string;
  /** Values beside `sharedInputs`. */
  readonly inputs?: Inputs;
  readonly includes?: Readonly<Record<string, string>>;
}

export function rows(templates: readonly string[]): readonly Row[] {
  return templates.map((template) => ({ template }));
}

export function including(includes: Readonly<Record<string, string>>, templates: readonly string[]): readonly Row[] {
  return templates.map((template) => ({ template, includes }));
}

/** What every row may read. */
export const sharedInputs: Inputs = {
  name: 'Ada',
  text: 'Hello <b>World</b>, it is "fine" & \\ done',
  lines: 'one\ntwo three\n\nfour  five ',
  empty: '',
  zero: 0,
  n: 7,
  f: 2.675,
  neg: -3.5,
  yes: true,
  no: false,
  nothing: null,
  xs: [3, 1, 2],
  words: ['pear', 'Apple', 'fig', 'apple'],
  none_list: [],
  none_object: {},
  nested: [[1, 2], [3, [4, 5]], []],
  pairs: [
    ['a', 1],
    ['b', 2],
  ],
  user: { name: 'Grace', age: 45, tags: ['x', 'y'], address: { city: 'Paris', zip: '75001' } },
  users: [
    { name: 'bob', age: 30, role: 'dev', active: true },
    { name: 'Alice', age: 25, role: 'ops', active: false },
    { name: 'carol', age: 35, role: 'dev', active: true },
  ],
  scores: { math: 90, art: 75, '10': 'ten', '2': 'two', Bio: 80 },
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi!' },
    { role: 'assistant', content: 'Hello, how can I help?' },
  ],
  docs: [
    { title: 'First', text: 'Some text here.', score: 0.9, meta: { lang: 'en' } },
    { title: 'Second "quoted"', text: 'Other\ntext', score: 0.4, meta: { lang: 'de' } },
  ],
  emoji: 'a😀b',
  umlaut: 'größe ÄÖ',
  prénom: 'Zoé',
  big: 12345678901234567000,
  tiny: 1e-7,
};
