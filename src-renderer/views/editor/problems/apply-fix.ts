import type { ProblemFix } from '../../../../src-core/content/templates/content-problem.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { declareInput, removeInput, replaceText } from '../../../live/drafts/edit-content.ts';

/** Carries out the fix of a problem. */
export function applyFix(handle: DraftHandle, fix: ProblemFix): void {
  handle.edit((content) => {
    switch (fix.kind) {
      case 'remove':
        return removeInput(content, fix.name);
      case 'replace':
        return replaceText(content, fix.messageIndex, fix, fix.text, fix.part);
      case 'declare': {
        const { name, type, schema } = fix;
        return declareInput(content, { name, type, required: true, description: '', ...(schema && { schema }) });
      }
    }
  });
}
