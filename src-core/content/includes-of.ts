/** What a template includes: the names it spells out, and whether it also computes some. */
export interface Includes {
  readonly names: readonly string[];
  readonly computed: boolean;
}

const includeTag = /\{%[-+]?\s*(?:include|extends|import|from|render|layout)\b([^%]*)/g;
const afterTarget = /\b(?:import|with|without|ignore|as)\b|,(?![^[(]*[\])])/;
const quotedName = /"([^"\n]*)"|'([^'\n]*)'/g;

/** The names in `include`, `import`, `from`, `extends` (and Liquid's `render`, `layout`) tags of a source, in order. */
export function includesOf(source: string): Includes {
  const names = new Set<string>();
  let computed = false;
  for (const [, rest = ''] of source.matchAll(includeTag)) {
    const target = rest.split(afterTarget)[0] ?? '';
    const quoted = [...target.matchAll(quotedName)];
    for (const [, double, single] of quoted) names.add(double ?? single ?? '');
    if (quoted.length === 0 || /[~+]|\bif\b/.test(target.replace(quotedName, ''))) computed = true;
  }
  return { names: [...names], computed };
}

/** The source with other names in its `include` and like tags, where `rename` gives one; all else stays as it is. */
export function renameIncludes(source: string, rename: (name: string) => string | null): string {
  return source.replace(includeTag, (tag: string, rest: string) => {
    const target = rest.split(afterTarget)[0] ?? '';
    const renamed = target.replace(quotedName, (quoted: string, double?: string, single?: string) => {
      const fresh = rename(double ?? single ?? '');
      return fresh === null ? quoted : `${quoted[0]}${fresh}${quoted[0]}`;
    });
    return `${tag.slice(0, tag.length - rest.length)}${renamed}${rest.slice(target.length)}`;
  });
}
