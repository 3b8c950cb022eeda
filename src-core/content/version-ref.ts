import { hashPattern, labelPattern, latestLabel, numberPattern } from '../contract/label-name.ts';
import { promptNameSchema } from '../contract/shared.ts';
import { AppError } from '../scope/errors.ts';

/** Which version of which prompt is meant; `name` may start with the project, as in `support/refund-reply`. */
export type VersionRef =
  /** The newest version, or the draft of a prompt that has none. */
  | { readonly kind: 'latest'; readonly name: string }
  | { readonly kind: 'number'; readonly name: string; readonly number: number }
  | { readonly kind: 'label'; readonly name: string; readonly label: string }
  /** `hash` is the start of the content's hex SHA-256, at least 6 characters. */
  | { readonly kind: 'hash'; readonly name: string; readonly hash: string };

/**
 * Reads `name`, `name@12`, `name@production` or `name@3f2a9c1` (the start of a hash; `name@sha:12345678`, or `sha256:`,
 * for one that is digits alone or shorter). Throws `invalid` with what was expected and what came.
 */
export function parseVersionRef(text: string): VersionRef {
  const trimmed = text.trim();
  const at = trimmed.indexOf('@');
  const name = at < 0 ? trimmed : trimmed.slice(0, at);
  const slash = name.indexOf('/');
  // A project may be called anything, so only what follows it has to be a prompt's name.
  const parsedName = promptNameSchema.safeParse(slash > 0 ? name.slice(slash + 1) : name);
  if (!parsedName.success) throw invalidRef(text, `"${name}" is no name. ${parsedName.error.issues[0]?.message}`);
  if (at < 0) return { kind: 'latest', name };

  const selector = trimmed.slice(at + 1);
  const hash = /^sha(?:256)?:([0-9a-f]{6,64})$/.exec(selector)?.[1];
  if (hash !== undefined) return { kind: 'hash', name, hash };
  if (selector === latestLabel) return { kind: 'latest', name };
  if (numberPattern.test(selector)) return { kind: 'number', name, number: versionNumber(text, selector) };
  if (hashPattern.test(selector)) return { kind: 'hash', name, hash: selector };
  if (labelPattern.test(selector)) return { kind: 'label', name, label: selector };
  const expected = 'a version number, a label or at least 7 characters of a hash';
  throw invalidRef(text, `After "@" comes ${expected}, as in "${name}@12", not "${selector}".`);
}

/** The reference as a person would write it; `parseVersionRef` reads it back. */
export function formatVersionRef(ref: VersionRef): string {
  switch (ref.kind) {
    case 'latest':
      return ref.name;
    case 'number':
      return `${ref.name}@${ref.number}`;
    case 'label':
      return `${ref.name}@${ref.label}`;
    case 'hash':
      return `${ref.name}@sha256:${ref.hash}`;
  }
}

function versionNumber(text: string, digits: string): number {
  const number = Number(digits);
  if (number >= 1 && number <= 1_000_000_000) return number;
  throw invalidRef(text, `Version numbers start at 1 and stay below a billion, so "${digits}" is none.`);
}

function invalidRef(text: string, problem: string): AppError {
  return new AppError('invalid', `"${text.slice(0, 250)}" does not refer to a version. ${problem}`);
}
