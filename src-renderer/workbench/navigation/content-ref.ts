import type { ContentRef } from '../../../src-core/contract/content-diff.ts';

export function draftRef(promptId: string): ContentRef {
  return { kind: 'draft', promptId };
}
export function versionRef(versionId: string): ContentRef {
  return { kind: 'version', versionId };
}
export function stepRef(promptId: string, step: string): ContentRef {
  return { kind: 'step', promptId, step };
}

/** A ref as it stands in the id of a tab, as in `draft.<uuid>`. */
export function refText(ref: ContentRef): string {
  switch (ref.kind) {
    case 'draft':
      return `draft.${ref.promptId}`;
    case 'version':
      return `version.${ref.versionId}`;
    case 'step':
      return `step.${ref.promptId}.${ref.step}`;
  }
}

/** The inverse of `refText`; null for anything else. */
export function parseRef(text: string): ContentRef | null {
  const [kind, id, step = ''] = text.split('.');
  if (id === undefined || id === '') return null;
  if (kind === 'draft') return draftRef(id);
  if (kind === 'step') return step === '' ? null : stepRef(id, step);
  return kind === 'version' ? versionRef(id) : null;
}

/** What a diff tab compares, as it stands in the tab's id. */
export interface RefPair {
  readonly before: ContentRef;
  readonly after: ContentRef;
}

export function pairText({ before, after }: RefPair): string {
  return `${refText(before)}~${refText(after)}`;
}

/** The inverse of `pairText`; null for anything else. */
export function parsePair(text: string): RefPair | null {
  const [before, after] = text.split('~').map(parseRef);
  return before && after ? { before, after } : null;
}
