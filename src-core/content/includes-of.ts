/** What a template includes: the names it spells out, and whether it also computes some. */
export interface Includes {
  readonly names: readonly string[];
  readonly computed: boolean;
}

const includeTag = /\{%[-+]?\s*(?:include|extends|import|from|render|layout)\b([^%]*)/g;
const quotedName = /"([^"\n]*)"|'([^'\n]*)'/g;

/** The names in `include`, `import`, `from`, `extends` (and Liquid's `render`, `layout`) tags of a source, in order. */
export function includesOf(source: string): Includes {
  const names = new Set<string>();
  let computed = false;
  for (const [, rest = ''] of source.matchAll(includeTag)) {
    const target = rest.split(/\b(?:import|with|without|ignore|as)\b|,(?![^[(]*[\])])/)[0] ?? '';
    const quoted = [...target.matchAll(quotedName)];
    for (const [, double, single] of quoted) names.add(double ?? single ?? '');
    if (quoted.length === 0 || /[~+]|\bif\b/.test(target.replace(quotedName, ''))) computed = true;
  }
  return { names: [...names], computed };
}
