import type { InputDraft } from '../prompt-draft.ts';

/** How a template uses one of its inputs. */
export type Use = 'printed' | 'tested' | 'members' | 'list' | 'list-of-scalars' | 'value';

/** Inputs in the order of first use, with how each is used. */
export interface InputUses {
  add(name: string, use: Use): void;
  /** As declarations, for those that nobody declares. */
  drafts(): readonly InputDraft[];
}

export function createInputUses(): InputUses {
  const uses = new Map<string, Set<Use>>();
  return {
    add(name, use) {
      uses.set(name, (uses.get(name) ?? new Set()).add(use));
    },
    drafts: () => [...uses].map(([name, found]) => draftOf(name, found)),
  };
}

function draftOf(name: string, uses: ReadonlySet<Use>): InputDraft {
  if (uses.has('list')) return { name, type: 'object', schema: { type: 'array' } };
  if (uses.has('members')) return { name, type: 'object' };
  if (uses.has('list-of-scalars')) return { name, type: 'array<string>' };
  const isOnlyTested = [...uses].every((use) => use === 'tested');
  // What is not there is false.
  return isOnlyTested ? { name, type: 'boolean', required: false } : { name, type: 'string' };
}
