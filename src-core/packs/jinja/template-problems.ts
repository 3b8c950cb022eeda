import type { Syntax } from '../../contract/content.ts';
import { parseTemplate } from '../../templates/engine.ts';
import type { ImportProblem } from '../imported.ts';

/** Most problems that are listed of one file. */
const mostProblems = 100;

/** What is wrong with a template here, as a filter of another tool: it is imported all the same. */
export function templateProblems(text: string, syntax: Syntax, firstLine = 1): readonly ImportProblem[] {
  return parseTemplate(text, { syntax })
    .problems.slice(0, mostProblems)
    .map(({ message, start }) => ({ message, line: firstLine + start.line - 1 }));
}
