import type SqliteDatabase from 'better-sqlite3';
import { hashText } from '../../src-core/content/hash-content.ts';
import type { Acknowledged } from './child.ts';
import type { Known } from './known.ts';

/** Says what is wrong. */
export type Say = (problem: string) => void;

/** The file itself, and its feed. */
export function checkFile(file: SqliteDatabase.Database, say: Say): void {
  if (file.pragma('integrity_check', { simple: true }) !== 'ok') say('the file is damaged');
  if ((file.pragma('foreign_key_check') as unknown[]).length > 0) say('a row refers to nothing');
  const revs = file.prepare('SELECT rev, (SELECT max(rev) FROM feed) FROM workspace').raw().get();
  // Its row comes a moment after its table.
  if (revs === undefined) return;
  const [rev, last] = revs as [number, number | null];
  if (rev !== (last ?? 0)) say(`the workspace is at ${rev}, its feed at ${String(last)}`);
}

/** Versions, drafts and labels as a whole. */
export function checkLibrary(file: SqliteDatabase.Database, known: Known, say: Say): void {
  const stored = new Map(file.prepare('SELECT id, content_hash FROM versions').raw().all() as [string, string][]);
  for (const [id, hash] of known.versions)
    if (stored.get(id) !== hash) say(`version ${id} is ${stored.get(id) ?? 'gone'}`);
  const newest = 'SELECT hash, body FROM contents JOIN versions ON content_hash = hash ORDER BY versions.rowid DESC';
  for (const { hash, body } of file.prepare(`${newest} LIMIT 5`).all() as { hash: string; body: string }[])
    if (hashText(body) !== hash) say(`content ${hash} is another`);
  const unsearchable = `SELECT count(*) FROM versions v LEFT JOIN search_documents d ON d.kind = 'version' AND d.ref = v.id
    WHERE d.id IS NULL`;
  if (file.prepare(unsearchable).pluck().get() !== 0) say('a version is not in the search index');
  const draftOf = file.prepare(
    'SELECT revision, content FROM drafts JOIN draft_entries e ON e.id = entry_id WHERE drafts.prompt_id = ?',
  );
  for (const [promptId, { revision, token }] of known.drafts) {
    const draft = draftOf.get(promptId) as { revision: number; content: string } | undefined;
    if (!draft || draft.revision < revision) say(`draft of ${promptId} is at ${draft?.revision}, not at ${revision}`);
    else if (draft.revision === revision && !draft.content.includes(`${token}.`)) say(`draft ${token} is another`);
  }
  checkLabels(file, say);
}

/** A label is where its last move put it, and each move is answered for. */
function checkLabels(file: SqliteDatabase.Database, say: Say): void {
  const misplaced = `SELECT count(*) FROM label_moves m LEFT JOIN labels l ON l.prompt_id = m.prompt_id AND l.name = m.name
    WHERE m.id = (SELECT max(id) FROM label_moves WHERE prompt_id = m.prompt_id AND name = m.name)
      AND m.to_version_id IS NOT l.version_id`;
  if (file.prepare(misplaced).pluck().get() !== 0) say('a label is not where its last move put it');
  const moves = file.prepare('SELECT count(*) FROM label_moves').pluck().get();
  const entries = file.prepare("SELECT count(*) FROM audit WHERE action LIKE 'label.%'").pluck().get();
  if (moves !== entries) say(`${String(moves)} label moves, ${String(entries)} audit entries`);
}

const topicOf: Readonly<Record<Acknowledged['kind'], string>> = {
  draft: 'drafts',
  version: 'versions',
  label: 'labels',
  tags: 'prompts',
  compare: 'comparisons',
  cancel: 'comparisons',
  rerun: 'comparisons',
  remove: 'comparisons',
  run: 'runs',
};

/** Each of these writes: its stamp in the feed, and what it did where that stays. */
export function checkWrites(file: SqliteDatabase.Database, done: Known['done'], say: Say): void {
  const stamp = file.prepare('SELECT max(rev) FROM feed WHERE topic = ? AND id = ?').pluck();
  const move = file.prepare('SELECT to_version_id FROM label_moves WHERE prompt_id = ? AND reason = ?');
  const change = file.prepare('SELECT count(*) FROM prompt_changes WHERE prompt_id = ? AND after LIKE ?').pluck();
  for (const { since, what } of done) {
    const id = 'promptId' in what ? what.promptId : what.id;
    const rev = stamp.get(topicOf[what.kind], id) as number | null;
    if (rev === null || rev <= since) say(`${what.kind} of ${id} has no stamp after ${since}`);
    if (what.kind === 'label') {
      const found = move.get(id, what.token) as { to_version_id: string | null } | undefined;
      if (found?.to_version_id !== what.versionId) say(`label move ${what.token} is lost`);
    }
    if (what.kind === 'tags' && change.get(id, `%"${what.token}"%`) !== 1) say(`tags ${what.token} are lost`);
  }
}
