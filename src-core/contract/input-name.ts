/** What the name of an input looks like. Apart from the schemas, so that what only checks a name needs no zod. */
export const inputNamePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const longestInputName = 100;
/** The rule in words, for whoever typed another name. */
export const inputNameRule = 'An input name starts with a letter or "_" and has letters, digits and "_".';

/** What is wrong with a name for an input, or null. */
export function inputNameProblem(name: string): string | null {
  if (!inputNamePattern.test(name)) return inputNameRule;
  return name.length > longestInputName ? `An input name has at most ${longestInputName} characters.` : null;
}
