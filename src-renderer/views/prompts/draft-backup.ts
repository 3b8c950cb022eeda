import { z } from 'zod';
import { contentSchema } from '../../../src-core/contract/content.ts';

const backupSchema = z.object({ revision: z.number().int(), content: contentSchema });
/** Typed text that the host has not confirmed, with the revision that it was typed on. */
export type Backup = z.infer<typeof backupSchema>;

const keyOf = (id: string) => `promptdev:draft:${id}`;

/** Keeps what a page that goes away could not save; it lives as long as the browser tab. Null forgets it. */
export function keepBackup(id: string, backup: Backup | null): void {
  if (backup === null) sessionStorage.removeItem(keyOf(id));
  else sessionStorage.setItem(keyOf(id), JSON.stringify(backup));
}

/** What an earlier page kept, once. */
export function takeBackup(id: string): Backup | null {
  const text = sessionStorage.getItem(keyOf(id));
  sessionStorage.removeItem(keyOf(id));
  if (text === null) return null;
  const parsed = backupSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
