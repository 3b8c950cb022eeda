import type { Json } from '../../contract/shared.ts';
import type { CatalogueEntry } from '../builtins/catalogue/entry.ts';

/** What a suggestion is, which decides its sign in the list. */
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
  /** Its page in the catalogue; null for what the prompt itself has. */
  readonly entry: CatalogueEntry | null;
  /** Of a name that the template defines: the statement that does. */
  readonly statement?: string;
  /** A value that it had; undefined when there is none. */
  readonly value: Json | undefined;
  /** What helps to go on once it is put in. */
  readonly next?: 'suggestions' | 'signature';
}

/** What the catalogue has a page for. */
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

/** What the prompt itself has, or a word of the language. */
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
