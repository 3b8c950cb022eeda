import type { Syntax } from '../contract/content.ts';
import { canonicalInputName, inputNameProblem } from '../contract/input-name.ts';
import { globalNames } from './builtins/globals.ts';
import { parseTemplate } from './engine.ts';
import { nunjucksGlobalNames } from './nunjucks/globals.ts';
import { inputsOf } from './template-inputs.ts';

/** What keeps a template of this syntax from reading an input of this name; null when nothing does. */
export function unreadableName(name: string, syntax: Syntax): string | null {
  return inputNameProblem(name, syntax) ?? (isRead(name, syntax) || isGlobal(name, syntax) ? null : meansElse(name));
}

/** Why an input should not get this name: no template can read it, or it would hide a global. */
export function unfitName(name: string, syntax: Syntax): string | null {
  return unreadableName(name, syntax) ?? (isGlobal(name, syntax) || joining.has(name) ? meansElse(name) : null);
}

/** Keywords that a parser may accept as a name when they stand alone. */
const joining: ReadonlySet<string> = new Set('and or not in is if else elif for contains'.split(' '));

/** Asks the parser which words it reserves. */
function isRead(name: string, syntax: Syntax): boolean {
  const { template } = parseTemplate(`{{ ${name} }}`, { syntax });
  const [only, more] = template === null ? [] : inputsOf(template);
  return more === undefined && only?.name === canonicalInputName(name);
}

const globalsOf: Readonly<Record<Syntax, ReadonlySet<string>>> = {
  jinja: globalNames,
  liquid: new Set(),
  nunjucks: nunjucksGlobalNames,
};

const isGlobal = (name: string, syntax: Syntax): boolean => globalsOf[syntax].has(name);

const meansElse = (name: string): string => `"${name}" means something else in templates; an input needs another name.`;
