import type { TemplateLoader } from '../ports.ts';
import { analysisOf, parseTemplate } from './engine.ts';
import { createLocator } from './runtime/diagnostics.ts';
import { defaultLimits } from './runtime/limits.ts';
import type { FreeInput, Template } from './runtime/types.ts';
import type { Meanings, Reference } from './syntax/references.ts';

/** What a template and everything that it includes read. */
export interface InputSurvey {
  readonly inputs: readonly FreeInput[];
  /** Names of inputs that are read, if at all, where a branch may have set the name before. */
  readonly maybe: ReadonlySet<string>;
  /** False when an include is computed, missing or has an error: then other inputs may be read there. */
  readonly complete: boolean;
}

/** Most includes, and characters of them, that are analysed for one template; a bound for hostile ones. */
const maxIncludes = 500;
const maxSource = 4 * defaultLimits.source;
/** With fewer names it is worth checking whether an include was analysed with the same ones before. */
const fewNames = 50;

/** The names that a template reads and does not define itself; with a loader also those that what it includes reads. */
export function inputsOf(template: Template, loader?: TemplateLoader): readonly FreeInput[] {
  return surveyInputs(template, loader ?? null).inputs;
}

/** Follows includes through the loader; null looks at the template alone. */
export function surveyInputs(template: Template, loader: TemplateLoader | null): InputSurvey {
  const groups = new Map<string, { name: string; paths: FreeInput['paths'][number][] }>();
  const maybe = new Set<string>();
  const seen = new Set<string>();
  let complete = true;
  let followed = 0;
  let read = 0;

  const survey = (current: Template, meanings: Context): void => {
    const { analysis, text } = analysisOf(current);
    const locator = createLocator(text);
    for (const { path, span } of analysis.uses) {
      const input = translate(path, meanings);
      if (input === null) continue;
      const name = rootOf(input);
      const group = groups.get(name) ?? { name, paths: [] };
      groups.set(name, group);
      const [start, end] = [locator.position(span.start), locator.position(span.end)];
      group.paths.push({ path: input, template: current.name, start, end });
    }
    for (const name of analysis.maybe) {
      const input = translate(name, meanings);
      if (input !== null) maybe.add(rootOf(input));
    }
    if (analysis.references.computed) complete = false;
    for (const reference of analysis.references.named) follow(current, reference, meanings);
  };

  const follow = ({ syntax }: Template, { name, seesInputs, bound }: Reference, outer: Context): void => {
    if (!complete && followed >= maxIncludes) return;
    followed += 1;
    const own = [...bound()].map(([key, path]) => [key, path === null ? null : translate(path, outer)] as const);
    if (!seesInputs && own.length === 0) return;
    const inner: Context = seesInputs
      ? { bound: new Map([...outer.bound, ...own]), othersAreInputs: outer.othersAreInputs }
      : { bound: new Map(own), othersAreInputs: false };
    const few = inner.bound.size < fewNames ? [...inner.bound].sort() : followed;
    const key = JSON.stringify([name, inner.othersAreInputs, few]);
    if (seen.has(key)) return;
    seen.add(key);
    const source = followed > maxIncludes || read > maxSource ? null : (loader?.load(name)?.source ?? null);
    read += source?.length ?? 0;
    const included = source === null ? null : parseTemplate(source, { syntax, name }).template;
    if (included === null) complete = false;
    else survey(included, inner);
  };

  survey(template, { bound: new Map(), othersAreInputs: true });
  return { inputs: [...groups.values()], maybe, complete };
}

/** What names mean in an included template. */
interface Context {
  /** Names that mean something else than the input of that name. */
  readonly bound: Meanings;
  readonly othersAreInputs: boolean;
}

/** The path as the outermost template would write it; null when it leads to no input. */
function translate(path: string, { bound, othersAreInputs }: Context): string | null {
  const root = rootOf(path);
  const meaning = bound.get(root);
  if (meaning === undefined) return othersAreInputs ? path : null;
  return meaning === null ? null : meaning + path.slice(root.length);
}

/** The input that a path begins with. */
export function rootOf(path: string): string {
  return /^[^.[]*/.exec(path)![0];
}
