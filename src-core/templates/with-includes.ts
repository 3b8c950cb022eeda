import type { IncludedTemplate, TemplateLoader } from '../ports.ts';

/** Included templates by name; null where there is no such prompt. Keep one across renders to fetch each name once. */
export type IncludeCache = Map<string, IncludedTemplate | null>;

/** Most rounds of fetching, for a template whose includes name ever new prompts. */
const maxRounds = 64;

/**
 * Renders with an asynchronous loader: names that `attempt` needs and that are not cached are fetched together, and the
 * attempt is repeated, so that computed names work too.
 */
export async function withIncludes<Result>(
  cache: IncludeCache,
  fetch: (names: readonly string[]) => Promise<Readonly<Record<string, IncludedTemplate | null>>>,
  attempt: (loader: TemplateLoader) => Result,
): Promise<Result> {
  for (let round = 0; ; round += 1) {
    const missing = new Set<string>();
    const result = attempt({
      load(name) {
        const found = cache.get(name);
        if (found === undefined) missing.add(name);
        return found ?? null;
      },
    });
    if (missing.size === 0 || round === maxRounds) return result;
    const fetched = await fetch([...missing]);
    for (const name of missing) cache.set(name, fetched[name] ?? null);
  }
}
