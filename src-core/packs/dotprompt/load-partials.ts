import { createHandlebarsConverter } from '../handlebars/handlebars-to-jinja.ts';
import { partialNameOf } from '../handlebars/include-partial.ts';
import { type Program, parseHandlebars, statementsOf } from '../handlebars/parse-handlebars.ts';
import { createLosses } from '../losses.ts';
import type { Source } from '../source.ts';
import { splitFrontMatter } from '../text/front-matter.ts';
import { createInputNames } from '../text/names.ts';

/** Partials of one prompt that are looked at, those of partials included. */
const mostPartials = 50;

/**
 * What the partials of a template read, by the names that the template gives them: a partial `x` is the file `_x.prompt`
 * beside it. What a partial's own partials read counts as read by it.
 */
export async function loadPartials(source: Source, program: Program): Promise<ReadonlyMap<string, readonly string[]>> {
  const programs = new Map<string, Program>();
  const waiting = namesIn(program);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (programs.has(name) || programs.size >= mostPartials) continue;
    const found = await loadPartial(source, name);
    if (found === null) continue;
    programs.set(name, found);
    waiting.push(...namesIn(found));
  }
  const own = new Map([...programs].map(([name, each]) => [name, readsOf(each)]));
  return new Map(
    [...programs.keys()].map((name) => [name, [...new Set(reached(name).flatMap((each) => own.get(each) ?? []))]]),
  );

  function reached(name: string): readonly string[] {
    const seen = new Set([name]);
    for (const each of seen) for (const inner of namesIn(programs.get(each))) seen.add(inner);
    return [...seen];
  }
}

async function loadPartial(source: Source, name: string): Promise<Program | null> {
  const path = name.replace(/([^/]+)$/, '_$1');
  for (const reference of [`${path}.prompt`, `${name}.prompt`]) {
    const found = await source.find(reference);
    if (found.kind !== 'file') continue;
    try {
      return parseHandlebars(splitFrontMatter(found.file.text)?.body ?? found.file.text, found.file.path);
    } catch {
      // Its own import says what is wrong with it.
      return { type: 'Program', body: [] };
    }
  }
  return null;
}

function namesIn(program: Program | undefined): string[] {
  return [...statementsOf(program)].flatMap((statement) =>
    statement.type === 'PartialStatement' || statement.type === 'PartialBlockStatement'
      ? (partialNameOf(statement) ?? [])
      : [],
  );
}

/** The names that a template reads outside of its own blocks. */
function readsOf(program: Program): readonly string[] {
  const losses = createLosses();
  const names = createInputNames(losses);
  const nothing = new Map<string, never>();
  const converter = createHandlebarsConverter(program, {
    dialect: 'dotprompt',
    names,
    losses,
    schemas: nothing,
    optional: new Set<string>(),
    partials: nothing,
  });
  converter.convert(program.body);
  const sources = names.sources();
  return converter.inputs().map(({ name }) => sources[name] ?? name);
}
