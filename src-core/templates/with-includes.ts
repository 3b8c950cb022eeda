import type { IncludedTemplate, TemplateLoader } from '../ports.ts';

/** Included templates by name; null where there is no such prompt. Keep one across renders to fetch each name once. */
export type IncludeCache = Map<string, IncludedTemplate | null>;

/** Rounds of fetching before a template that keeps naming new prompts is left to fail by its own limits. */
const maxRounds = 64;

/**
 * Renders with a loader that has to be asynchronous: names that `attempt` asks for and that are not in the cache are
 * fetched, all at once, and the attempt is made again; so names that a template computes work too.
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
