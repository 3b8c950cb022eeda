/** Values that filters can be completed with. */
export interface FilterValues {
  readonly tags: readonly string[];
  readonly labels: readonly string[];
  readonly models: readonly string[];
}

/** What one click puts at the end of a search. */
export interface FilterSuggestion {
  readonly label: string;
  readonly hint: string;
  /** The whole search after the click. */
  readonly search: string;
}

const starts: readonly { readonly text: string; readonly hint: string }[] = [
  { text: 'tag:', hint: 'Has the tag' },
  { text: 'label:', hint: 'Has a version with the label' },
  { text: 'model:', hint: 'Runs on the model' },
  { text: 'updated:7d', hint: 'Changed in the last 7 days; also updated:>2026-01-31' },
];
const maxValues = 8;

/** Fits the last word of a search: the filters there are, or the values of the filter that is being written. */
export function suggestFilters(search: string, values: FilterValues): readonly FilterSuggestion[] {
  const before = search.replace(/\S*$/, '');
  const word = search.slice(before.length);
  const [, key, typed = ''] = /^(tag|label|model):"?([^"]*)$/.exec(word) ?? [];
  if (key !== undefined) {
    const known = { tag: values.tags, label: values.labels, model: values.models }[key] ?? [];
    return known
      .filter((value) => value !== typed && value.toLowerCase().startsWith(typed.toLowerCase()))
      .slice(0, maxValues)
      .map((value) => ({
        label: value,
        hint: `${key} ${value}`,
        search: `${before}${key}:${/\s/.test(value) ? `"${value}"` : value} `,
      }));
  }
  return starts
    .filter(
      ({ text }) => !search.includes(text.slice(0, text.indexOf(':') + 1)) && (word === '' || text.startsWith(word)),
    )
    .map(({ text, hint }) => ({ label: text, hint, search: `${before}${text}` }));
}
