import { z } from 'zod';
import { contentSchema, type PromptContent } from '../../../src-core/contract/content.ts';
import { typedTextsSchema } from '../../../src-core/contract/prompts.ts';
import { freeWindowSlots, windowSlot } from '../window-slot.ts';
import { shownContentSchema } from './draft-wire.ts';

const backupSchema = z.object({
  /** The stored draft that the text was typed on. */
  base: z.object({ hash: z.string(), content: contentSchema, typed: typedTextsSchema }),
  /** Hash of what was being sent to the host; it may have arrived. */
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

/** Stores in the browser what may not reach the host; null removes it. */
export function keepBackup(id: string, backup: Backup | null): void {
  const key = keyOf(id, windowSlot());
  try {
    if (backup === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(backup));
  } catch {
    // The browser's storage is full; the text is still in the window, which goes on sending it.
  }
}

/** The newest backup of this window or of a closed one; it is removed once the host has stored it. */
export async function readBackup(id: string): Promise<Backup | null> {
  const slots = [windowSlot(), ...(await freeWindowSlots())];
  const found = slots.flatMap((slot) => {
    const backup = parse(localStorage.getItem(keyOf(id, slot)));
    return backup === null ? [] : [{ slot, backup }];
  });
  const newest = found.sort((one, other) => other.backup.at - one.backup.at)[0];
  if (newest === undefined) return null;
  // It belongs to this window now.
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
