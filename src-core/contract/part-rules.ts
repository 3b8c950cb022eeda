import type { RenderedPart, Role } from './messages.ts';

/*
 * How long the short texts of parts may be, and which role may have which part. Apart from the schemas, so that what
 * renders a prompt needs no zod.
 */

export const longestCallId = 500;
export const longestToolName = 200;
export const longestFileName = 255;
export const longestDetail = 40;

/** Why a message of a role cannot have a part of a type: what the part is, and what to do; null when it can. */
export function partRoleProblem(
  role: Role,
  type: RenderedPart['type'],
): { readonly thing: string; readonly remedy: string } | null {
  if (type === 'tool_call' && role !== 'assistant')
    return { thing: 'a tool call', remedy: 'only an assistant message can' };
  if (type === 'tool_result' && role !== 'tool')
    return { thing: 'a tool result', remedy: 'give the message the role tool' };
  return null;
}

/** The same as a sentence. */
export function misplacedPart(role: Role, type: RenderedPart['type']): string | null {
  const problem = partRoleProblem(role, type);
  return problem && `A message of the role ${role} has ${problem.thing}; ${problem.remedy}.`;
}
