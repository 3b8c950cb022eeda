import type { Json } from '../../contract/shared.ts';
import type { CatalogueEntry } from '../builtins/catalogue/entry.ts';

/** The kind of a suggestion, which decides its icon. */
export type SuggestionKind =
  | 'input'
  | 'local'
  | 'member'
  | 'method'
  | 'filter'
  | 'test'
  | 'statement'
  | 'global'
  | 'keyword';

/** One thing that can be written at a place. */
export interface Suggestion {
  readonly kind: SuggestionKind;
  readonly label: string;
  /** What is put in. */
  readonly insert: string;
  /** Whether `insert` has places to fill in, as `$1` and `${2:name}`. */
  readonly isSnippet: boolean;
  /** Its parameters in brackets, as in `(length=255)`; empty when it has none. */
  readonly parameters: string;
  /** In a word or two: a type, or where it comes from. */
  readonly detail: string;
  readonly text: string;
  /** Its entry in the catalogue; null for what the prompt itself defines. */
  readonly entry: CatalogueEntry | null;
  /** For a name that the template defines: its statement. */
  readonly statement?: string;
  /** An example value; undefined when there is none. */
  readonly value: Json | undefined;
  /** What to show after it is inserted. */
  readonly next?: 'suggestions' | 'signature';
}

/** A suggestion for an entry of the catalogue. */
export function documented(kind: SuggestionKind, entry: CatalogueEntry, detail = operandOf(entry)): Suggestion {
  const { name, text } = entry;
  const parameters = parametersOf(entry);
  return { kind, label: name, insert: name, isSnippet: false, parameters, detail, text, entry, value: undefined };
}

/** What a filter is applied to, as in `text`; nothing for the others. */
const operandOf = ({ signature }: CatalogueEntry): string => /^(\w+) \|/.exec(signature)?.[1] ?? '';

/** As in `(length=255)`, or in Liquid `: length`. */
const parametersOf = ({ name, signature }: CatalogueEntry): string =>
  signature.startsWith('{%') ? '' : (new RegExp(`\\b${name}(\\(.*?\\)|: .*)(?: or |$)`).exec(signature)?.[1] ?? '');

/** A suggestion for a name of the prompt or a keyword. */
export function plain(kind: SuggestionKind, label: string, detail: string, text = '', value?: Json): Suggestion {
  return {
    kind,
    label,
    insert: label,
    isSnippet: false,
    parameters: '',
    detail,
    text,
    entry: null,
    value,
  };
}
