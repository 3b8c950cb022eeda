import { z } from 'zod';
import { contentSchema, type PromptContent } from '../../../src-core/contract/content.ts';
import { typedTextsSchema } from '../../../src-core/contract/prompts.ts';
import { freeWindowSlots, windowSlot } from '../window-slot.ts';
import { shownContentSchema } from './draft-wire.ts';

const backupSchema = z.object({
  /** The stored draft that the text was typed on. */
  base: z.object({ hash: z.string(), content: contentSchema, typed: typedTextsSchema }),
  /** Hash of what was on its way to the host then; it may have arrived. */
  sent: z.string().nullable(),
  content: shownContentSchema,
  typed: z.record(z.string(), z.string()),
  at: z.number(),
});

/** What a window shows that the host has not confirmed. */
export interface Backup extends Omit<z.infer<typeof backupSchema>, 'content'> {
  readonly content: PromptContent;
}

const keyOf = (id: string, slot: number) => `promptdev:draft:${id}:${slot}`;

/** Keeps what may not reach the host, beyond the life of the window. Null forgets it. */
export function keepBackup(id: string, backup: Backup | null): void {
  const key = keyOf(id, windowSlot());
  try {
    if (backup === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(backup));
  } catch {
    // The browser's room for a page is full; the text is still in the window and goes on being sent.
  }
}

/** What this window, or one that is gone, kept last; it stays kept until it is stored. */
export async function readBackup(id: string): Promise<Backup | null> {
  const slots = [windowSlot(), ...(await freeWindowSlots())];
  const found = slots.flatMap((slot) => {
    const backup = parse(localStorage.getItem(keyOf(id, slot)));
    return backup === null ? [] : [{ slot, backup }];
  });
  const newest = found.sort((one, other) => other.backup.at - one.backup.at)[0];
  if (newest === undefined) return null;
  // From here on it is this window's.
  keepBackup(id, newest.backup);
  if (newest.slot !== windowSlot()) localStorage.removeItem(keyOf(id, newest.slot));
  return newest.backup;
}

function parse(text: string | null): Backup | null {
  if (text === null) return null;
  try {
    const parsed = backupSchema.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data as Backup) : null;
  } catch {
    return null;
  }
}
