import type { Usage } from '../../../../src-core/contract/library.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { client } from '../../../live/api.ts';

/** The prompts that include a prompt; none while that cannot be asked. */
export async function usagesOf(id: string): Promise<readonly Usage[]> {
  return client.library.whereUsed({ id }).catch(() => []);
}

/** Names of the prompts that include what was about to be trashed, when that is why it was refused. */
export function usedByOf(error: unknown): readonly string[] | null {
  if (!(error instanceof AppError) || error.code !== 'conflict') return null;
  const usedBy = error.details?.usedBy;
  return Array.isArray(usedBy) ? usedBy.map(String) : null;
}

/** Where a usage stands, as in "draft and latest version". */
export function placeOf({ inDraft, inLatest }: Pick<Usage, 'inDraft' | 'inLatest'>): string {
  if (inDraft && inLatest) return 'draft and latest version';
  return inDraft ? 'draft only' : 'latest version only';
}
