import type { PromptContent } from '../../contract/content.ts';
import type { TypedTexts } from '../../contract/prompts.ts';
import { AppError } from '../../scope/errors.ts';
import { isOfPrompt } from '../stored/typed-paths.ts';
import {
  type FieldPlace,
  fieldAt,
  inputOfPath,
  inputPath,
  type MessagePlace,
  messageExtraPath,
  placeOfExtra,
  placeOfWhole,
  wholePath,
} from './draft-fields.ts';

/** A text that a draft holds but its content cannot. */
export interface TypedProblem {
  readonly path: string;
  readonly label: string;
  readonly place: FieldPlace;
  readonly message: string;
}

/** What is wrong with the texts that a draft holds; what is merely not in effect yet is no problem. */
export function typedProblems(content: PromptContent, typed: TypedTexts): readonly TypedProblem[] {
  return Object.entries(typed).flatMap(([path, text]) => {
    const field = fieldAt(path, content);
    if (field === null) return [];
    const written = field.write(content, text);
    if (!('error' in written)) return [];
    const place = path === wholePath ? placeOfWhole(text) : field.place;
    return [{ path, label: field.label, place, message: written.error }];
  });
}

/** Refuses what would go on without texts that a person typed into the draft, naming the first of their fields. */
export function assertNothingUnfinished(content: PromptContent, typed: TypedTexts): void {
  const problems = typedProblems(content, typed).filter(({ path }) => !isOfPrompt(path));
  const [first] = problems;
  if (first !== undefined) throw new AppError('invalid', sentenceOf(problems), { field: first.path });
}

/** Says which fields are not valid yet and what is wrong with the first, as in `“Seed” is not valid yet. Expected …`. */
export function sentenceOf([first, ...others]: readonly TypedProblem[]): string {
  if (first === undefined) return '';
  const more =
    others.length === 0 ? '' : ` (and ${others.length === 1 ? 'one field' : `${others.length} fields`} more)`;
  return `“${first.label}” is not valid yet${more}. ${first.message}`;
}

/** The texts of inputs that were renamed under their new names, without those of inputs that are gone. */
export function followInputs(typed: TypedTexts, before: PromptContent, after: PromptContent): TypedTexts {
  if (before.inputs === after.inputs || Object.keys(typed).length === 0) return typed;
  const names = new Set(after.inputs.map(({ name }) => name));
  const isRename = before.inputs.length === after.inputs.length;
  const moved = Object.entries(typed).flatMap(([path, text]) => {
    const place = inputOfPath(path);
    if (place === null || names.has(place.name)) return [[path, text] as const];
    const index = before.inputs.findIndex(({ name }) => name === place.name);
    const renamed = isRename ? after.inputs[index]?.name : undefined;
    return renamed === undefined ? [] : [[inputPath(renamed, place.part), text] as const];
  });
  return Object.fromEntries(moved);
}

/** The texts of messages and parts where these are now, without those of the ones that are gone. */
export function followMessages(typed: TypedTexts, moved: (place: MessagePlace) => MessagePlace | null): TypedTexts {
  if (!Object.keys(typed).some((path) => placeOfExtra(path) !== null)) return typed;
  const followed = Object.entries(typed).flatMap(([path, text]) => {
    const place = placeOfExtra(path);
    if (place === null) return [[path, text] as const];
    const now = moved(place);
    return now === null ? [] : [[messageExtraPath(now), text] as const];
  });
  return Object.fromEntries(followed);
}

/** Both windows' texts: what only the other one changed is theirs, everything else is ours. */
export function mergeTyped(base: TypedTexts, ours: TypedTexts, theirs: TypedTexts): TypedTexts {
  const paths = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  const merged = [...paths].flatMap((path) => {
    const text = ours[path] === base[path] ? theirs[path] : ours[path];
    return text === undefined ? [] : [[path, text] as const];
  });
  return Object.fromEntries(merged);
}

/** Whether two drafts hold the same texts. */
export function sameTyped(one: TypedTexts, other: TypedTexts): boolean {
  const paths = Object.keys(one);
  return paths.length === Object.keys(other).length && paths.every((path) => one[path] === other[path]);
}
