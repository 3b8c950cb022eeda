import type { ProblemFix } from '../../../src-core/content/content-problem.ts';
import type { DraftHandle } from './draft-store.ts';
import { declareInput, removeInput } from './edit-content.ts';

/** Does what a problem's remedy says. */
export function applyFix(handle: DraftHandle, fix: ProblemFix): void {
  handle.edit((content) => {
    if (fix.kind === 'remove') return removeInput(content, fix.name);
    const { name, type, schema } = fix;
    return declareInput(content, { name, type, required: true, description: '', ...(schema && { schema }) });
  });
}
