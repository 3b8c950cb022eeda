import { includesOf, renameIncludes } from '../../content/templates/includes-of.ts';
import type { Syntax } from '../../contract/content.ts';
import type { Losses } from '../losses.ts';
import type { Source } from '../source.ts';
import { pathStem, promptName } from '../text/names.ts';

/** The template with the names that its includes have here: paths of files become names of prompts. */
export async function importIncludes(text: string, syntax: Syntax, source: Source, losses: Losses): Promise<string> {
  const names = new Map<string, string>();
  for (const reference of includesOf(text, syntax)) names.set(reference, await includeName(reference, source, losses));
  return names.size === 0 ? text : renameIncludes(text, syntax, (name) => names.get(name) ?? null);
}

/** The name here of a file that is included. Templates look from the folder of the file and from those around it. */
export async function includeName(reference: string, source: Source, losses: Losses): Promise<string> {
  const depth = source.path.split('/').length - 1;
  for (let up = 0; up <= Math.min(depth, 20); up += 1) {
    const found = await source.find('../'.repeat(up) + reference);
    if (found.kind === 'file') return promptName(pathStem(found.file.path));
  }
  losses.add('unresolved', 'include', reference, `"${reference}" is not in the folder; the include stays.`);
  return promptName(pathStem(reference));
}
