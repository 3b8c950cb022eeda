import type { JsonObject } from '../../contract/shared.ts';
import { isMapping } from '../text/read-yaml.ts';

/*
 * What a manifest of LangChain (`lc: 1`) says: classes by the last part of their id, with the arguments to make one. Nothing
 * is ever made of it.
 */

export interface Constructed {
  readonly className: string;
  readonly kwargs: JsonObject;
}

/** A constructor, or an object of the older form, `{_type, …}`; null for anything else. */
export function constructedOf(value: unknown): Constructed | null {
  if (!isMapping(value)) return null;
  if (value.lc === 1) {
    const className = Array.isArray(value.id) ? value.id.at(-1) : undefined;
    if (value.type !== 'constructor' || typeof className !== 'string') return null;
    return { className, kwargs: isMapping(value.kwargs) ? (value.kwargs as JsonObject) : {} };
  }
  const { _type: type, ...kwargs } = value as JsonObject;
  const className = typeof type === 'string' && Object.hasOwn(oldTypes, type) ? oldTypes[type]! : null;
  if (className !== null) return { className, kwargs };
  const isOldHub =
    type === undefined && (typeof value.template === 'string' || typeof value.template_path === 'string');
  if (isOldHub && Array.isArray(value.input_variables)) return { className: 'PromptTemplate', kwargs };
  return null;
}

const oldTypes: Readonly<Record<string, string>> = {
  prompt: 'PromptTemplate',
  few_shot: 'FewShotPromptTemplate',
  few_shot_with_templates: 'FewShotPromptWithTemplates',
  chat: 'ChatPromptTemplate',
  image: 'ImagePromptTemplate',
  'dict-prompt': 'DictPromptTemplate',
};

/** Name of the variable of the environment that a manifest wants in place of a key. */
export function secretName(value: unknown): string | null {
  if (!isMapping(value) || value.lc !== 1 || value.type !== 'secret' || !Array.isArray(value.id)) return null;
  return value.id.filter((part) => typeof part === 'string').join('.');
}

/** Whether a manifest has a thing here that its maker could not write down, as a function. */
export function isNotImplemented(value: unknown): boolean {
  return isMapping(value) && value.lc === 1 && value.type === 'not_implemented';
}

const promptClasses = new Set([
  ...[
    'PromptTemplate',
    'FewShotPromptTemplate',
    'FewShotPromptWithTemplates',
    'ChatPromptTemplate',
    'StructuredPrompt',
  ],
  ...['FewShotChatMessagePromptTemplate', 'ImagePromptTemplate'],
]);

export interface FoundPrompt {
  readonly prompt: Constructed;
  /** Keys that lead to it, without those that every manifest has. */
  readonly place: readonly string[];
  /** What stands around it and has members besides, as a sequence with a model; the innermost first. */
  readonly around: readonly Constructed[];
  /** The object around it, which may have a model as `llm`. */
  readonly beside: JsonObject;
}

/** Prompts of one file that are looked at. */
const mostPrompts = 500;

/** Every prompt in a value that is in no other prompt. */
export function promptsIn(root: unknown): readonly FoundPrompt[] {
  const found: FoundPrompt[] = [];
  const visit = (
    value: unknown,
    place: readonly string[],
    around: readonly Constructed[],
    beside: JsonObject,
  ): void => {
    if (found.length >= mostPrompts || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...place, String(index + 1)], around, beside);
      return;
    }
    const made = constructedOf(value);
    if (made !== null && promptClasses.has(made.className)) {
      found.push({ prompt: made, place, around, beside });
      return;
    }
    const members = made?.kwargs ?? (value as JsonObject);
    const outer = made === null ? around : [made, ...around];
    for (const [key, inner] of Object.entries(members)) visit(inner, [...place, key], outer, members);
  };
  visit(root, [], [], {});
  return found;
}
