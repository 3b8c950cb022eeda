import type { Program } from '../../compile/program.ts';
import type { Frame as NunjucksFrame } from '../../nunjucks/compile/frame.ts';
import { Failure } from '../diagnostics.ts';
import { Instance, type Value } from '../values.ts';
import { type BlockCode, Context, type NameSource } from './frame.ts';
import type { Runtime } from './runtime.ts';

/** A template that another one names. */
export interface LoadedTemplate {
  readonly name: string;
  readonly program: Program;
  /** Values for names that are defined nowhere else. */
  readonly inputs: NameSource | null;
}

/** The templates of one render: found through the loader, compiled once, rendered inside each other up to a depth. */
export interface Library {
  /** Throws `include` when there is no such template. */
  find(name: string): LoadedTemplate;
  findOrNull(name: string): LoadedTemplate | null;
  /** Renders an included template that sees `names`; one of nunjucks also `around`, the variables where it is included. */
  render(runtime: Runtime, template: LoadedTemplate, names: NameSource, around?: NunjucksFrame): void;
  /** Renders one that sees only globals. */
  renderAlone(runtime: Runtime, template: LoadedTemplate): void;
  renderParent(runtime: Runtime, template: LoadedTemplate, context: Context, around?: NunjucksFrame): void;
  module(runtime: Runtime, template: LoadedTemplate, names: NameSource, around?: NunjucksFrame): Instance;
  moduleAlone(runtime: Runtime, template: LoadedTemplate): Instance;
}

export function createLibrary(
  rootName: string | null,
  load: (name: string) => LoadedTemplate | null,
  globals: NameSource,
): Library {
  const found = new Map<string, LoadedTemplate | null>();
  const modules = new Map<LoadedTemplate, { readonly module: Instance; readonly text: string }>();
  const open: string[] = rootName === null ? [] : [rootName];

  const findOrNull = (name: string): LoadedTemplate | null => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const loaded = load(name);
    found.set(name, loaded);
    return loaded;
  };
  const inside = <Result>(runtime: Runtime, template: LoadedTemplate, run: () => Result): Result => {
    open.push(template.name);
    if (open.length > runtime.limits.includeDepth) throw tooDeep(runtime, open);
    const result = run();
    open.pop();
    return result;
  };
  const withDefaults = (template: LoadedTemplate, names: NameSource): NameSource => {
    const { inputs } = template;
    if (inputs === null) return names;
    return {
      get(name) {
        const value = names.get(name);
        return value === undefined ? inputs.get(name) : value;
      },
    };
  };
  const newContext = (template: LoadedTemplate, names: NameSource) => {
    return new Context(template.name, withDefaults(template, names), ownBlocks(template.program));
  };
  const module = (runtime: Runtime, template: LoadedTemplate, names: NameSource, around?: NunjucksFrame) => {
    const context = newContext(template, names);
    const render = () => template.program.renderRoot(runtime, context, around);
    const text = runtime.capture(() => inside(runtime, template, render));
    return { module: createModule(context, text), text };
  };
  const alone = (runtime: Runtime, template: LoadedTemplate) => {
    let made = modules.get(template);
    if (made === undefined) {
      made = module(runtime, template, globals);
      modules.set(template, made);
    }
    return made;
  };
  return {
    findOrNull,
    find(name) {
      const loaded = findOrNull(name);
      if (loaded === null) throw new Failure('include', `There is no template "${name.slice(0, 200)}".`);
      return loaded;
    },
    render(runtime, template, names, around) {
      inside(runtime, template, () => template.program.renderRoot(runtime, newContext(template, names), around));
    },
    renderAlone(runtime, template) {
      const { text } = alone(runtime, template);
      runtime.write(text, { template: template.name, source: template.program.source, start: 0, input: null });
    },
    renderParent(runtime, template, context, around) {
      inside(runtime, template, () => template.program.renderRoot(runtime, context, around));
    },
    module: (runtime, template, names, around) => module(runtime, template, names, around).module,
    moduleAlone: (runtime, template) => alone(runtime, template).module,
  };
}

/** The blocks of a template before any other template adds its own. */
export function ownBlocks(program: Program): Map<string, BlockCode[]> {
  if (program.blocks.size === 0) return new Map();
  return new Map([...program.blocks].map(([name, code]): [string, BlockCode[]] => [name, [code]]));
}

/** Too many templates inside each other; when one is there twice, the message shows the cycle. */
function tooDeep(runtime: Runtime, open: readonly string[]): Failure {
  const last = open.at(-1) ?? '';
  const before = open.lastIndexOf(last, -2);
  if (before === -1) return runtime.exceeded('includeDepth');
  const circle = open.slice(before).map((name) => `"${name}"`);
  return new Failure('include', `Templates include each other in a circle: ${circle.join(' → ')}.`);
}

/** What an import gives: the names that the template set at its top level, and its text. */
function createModule(context: Context, text: string): Instance {
  const exported = new Map<string, Value>();
  for (const key of context.exported) {
    const value = context.vars.get(key);
    if (value !== undefined) exported.set(key, value);
  }
  return new Instance({
    type: 'module',
    attribute: (key) => exported.get(key),
    print: () => text,
    repr: `<TemplateModule '${context.name}'>`,
    call: null,
  });
}
