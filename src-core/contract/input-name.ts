import type { Syntax } from './content.ts';
import { isLonger } from './text-length.ts';

/*
 * What the name of an input looks like. Apart from the schemas, so that what only checks a name needs no zod.
 *
 * A name may be written in any script that its template language takes. Names are the same when they look the same
 * (é composed or not, full-width letters): everywhere they are compared in Unicode's form NFKC, as Python does.
 */

export const longestInputName = 100;
/** Inputs of one prompt. */
export const mostInputs = 200;

const patterns: Readonly<Record<Syntax, RegExp>> = {
  jinja: /^[\p{XID_Start}_][\p{XID_Continue}]*$/u,
  liquid: /^(?!\p{Nd}+\??$)[\p{XID_Continue}](?:[\p{XID_Continue}-]*[\p{XID_Continue}])?\??$/u,
  nunjucks: /^[\p{XID_Start}_$][\p{XID_Continue}$]*$/u,
};
const rules: Readonly<Record<Syntax, string>> = {
  jinja: 'An input name starts with a letter or "_" and has letters, digits and "_".',
  liquid:
    'An input name has letters, digits, "_" and "-" between them, at least one letter or "_", and may end with "?".',
  nunjucks: 'An input name starts with a letter, "_" or "$" and has letters, digits, "_" and "$".',
};

/** The form in which names are kept and compared. */
export function canonicalInputName(name: string): string {
  return name.normalize('NFKC');
}

/** Values by the form in which names are compared. What is given under the very name wins over what only looks the same. */
export function byCanonicalName<Value>(values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  const entries = Object.entries(values).map(([name, value]) => [canonicalInputName(name), name, value] as const);
  const meant = entries.filter(([canonical, name]) => canonical === name || !Object.hasOwn(values, canonical));
  return Object.fromEntries(meant.map(([canonical, , value]) => [canonical, value]));
}

/** What is wrong with a name for an input, in a syntax or in every one; null when nothing is. */
export function inputNameProblem(name: string, syntax?: Syntax): string | null {
  const canonical = canonicalInputName(name);
  const isName =
    syntax === undefined
      ? Object.values(patterns).some((pattern) => pattern.test(canonical))
      : patterns[syntax].test(canonical);
  if (!isName) return rules[syntax ?? 'jinja'];
  return isLonger(canonical, longestInputName) ? `An input name has at most ${longestInputName} characters.` : null;
}
