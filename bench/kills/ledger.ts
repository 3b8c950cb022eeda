/** What was acknowledged, and whether all of it is in the file. */
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { hashText } from '../../src-core/content/hash-content.ts';
import { answerOf, modelNames, rowsEach } from './cells.ts';
import type { Acknowledged, Report } from './child.ts';

/** A request that the endpoint had: its model and what it was asked for. */
export interface Asked {
  readonly model: string;
  readonly prompt: string;
}

export interface Ledger {
  hear(report: Report): void;
  /** Opens the file as the next start would and says what is wrong with it. */
  inspect(dataDir: string, asked: readonly Asked[]): string[];
  /** What is wrong once nobody is killed any more and all is to be over; null while work goes on. */
  inspectEnd(dataDir: string): string[] | null;
  acknowledged(): number;
  conflicts(): number;
  /** Cells that are finished on disk. */
  finishedCells(): number;
  /** Tokens of starts of comparisons that had no answer, oldest first. */
  unanswered(): readonly string[];
}

interface Cell {
  readonly id: string;
  readonly comparison_id: string;
  readonly title: string;
  readonly cell_prompt: number;
  readonly cell_model: number;
  readonly cell_row: number;
  readonly superseded: number;
  readonly status: string;
  readonly finished_at: string | null;
  readonly output: string;
  readonly inputs: string;
}

type Row = Readonly<Record<string, unknown>>;

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

export function createLedger(): Ledger {
  const done: { readonly since: number; readonly what: Acknowledged }[] = [];
  let checked = 0;
  let conflicts = 0;
  const problems: string[] = [];
  const begun: string[] = [];
  const comparisons = new Map<string, string>();
  const removing = new Set<string>();
  const removed = new Set<string>();
  const cancelled = new Set<string>();
  /** Comparisons that were stored as cancelled, which is for good: nobody runs their cells again here. */
  const storedCancelled = new Set<string>();
  const runs = new Set<string>();
  const drafts = new Map<string, { revision: number; token: string }>();
  const versions = new Map<string, string>();
  /** Finished cells by id of their run, as they were stored. */
  const finished = new Map<string, string>();
  /** The run at a place of a grid that was finished at the last look. */
  let finishedAt = new Map<string, string>();

  const take = (what: Acknowledged): void => {
    if (what.kind === 'draft') {
      const known = drafts.get(what.promptId);
      if (!known || known.revision < what.revision) drafts.set(what.promptId, what);
    }
    if (what.kind === 'version') versions.set(what.id, what.hash);
    if (what.kind === 'compare') comparisons.set(what.id, what.token);
    if (what.kind === 'cancel') cancelled.add(what.id);
    if (what.kind === 'remove') removed.add(what.id);
    if (what.kind === 'run') runs.add(what.id);
  };

  const hear: Ledger['hear'] = (report) => {
    if (report.kind === 'conflict') conflicts += 1;
    if (report.kind === 'failed') problems.push(`${report.what} failed: ${report.message}`);
    if (report.kind === 'begun' && report.what === 'compare') begun.push(report.token);
    if (report.kind === 'removing') removing.add(report.id);
    if (report.kind !== 'done') return;
    done.push(report);
    take(report.what);
  };

  const inspectLibrary = (file: SqliteDatabase.Database, say: (problem: string) => void): void => {
    const stored = new Map(
      file.prepare('SELECT id, content_hash FROM versions').raw().all() as [string, string][],
    );
    for (const [id, hash] of versions) if (stored.get(id) !== hash) say(`version ${id} is ${stored.get(id) ?? 'gone'}`);
    const newest = 'SELECT hash, body FROM contents JOIN versions ON content_hash = hash ORDER BY versions.rowid DESC';
    for (const { hash, body } of file.prepare(`${newest} LIMIT 5`).all() as { hash: string; body: string }[])
      if (hashText(body) !== hash) say(`content ${hash} is another`);
    const unsearchable = `SELECT count(*) FROM versions v LEFT JOIN search_documents d ON d.kind = 'version' AND d.ref = v.id
      WHERE d.id IS NULL`;
    if (file.prepare(unsearchable).pluck().get() !== 0) say('a version is not in the search index');
    for (const [promptId, { revision, token }] of drafts) {
      const draft = file
        .prepare('SELECT revision, content FROM drafts JOIN draft_entries e ON e.id = entry_id WHERE drafts.prompt_id = ?')
        .get(promptId) as { revision: number; content: string } | undefined;
      if (!draft || draft.revision < revision) say(`draft of ${promptId} is at ${draft?.revision}, not at ${revision}`);
      else if (draft.revision === revision && !draft.content.includes(`${token}.`)) say(`draft ${token} is another`);
    }
    // A label is where its last move put it, and each move is answered for.
    const misplaced = `SELECT count(*) FROM label_moves m LEFT JOIN labels l ON l.prompt_id = m.prompt_id AND l.name = m.name
      WHERE m.id = (SELECT max(id) FROM label_moves WHERE prompt_id = m.prompt_id AND name = m.name)
        AND m.to_version_id IS NOT l.version_id`;
    if (file.prepare(misplaced).pluck().get() !== 0) say('a label is not where its last move put it');
    const moves = file.prepare('SELECT count(*) FROM label_moves').pluck().get();
    const entries = file.prepare("SELECT count(*) FROM audit WHERE action LIKE 'label.%'").pluck().get();
    if (moves !== entries) say(`${String(moves)} label moves, ${String(entries)} audit entries`);
  };

  const inspectNew = (file: SqliteDatabase.Database, say: (problem: string) => void): void => {
    const stamp = file.prepare('SELECT max(rev) FROM feed WHERE topic = ? AND id = ?').pluck();
    const move = file.prepare('SELECT to_version_id FROM label_moves WHERE prompt_id = ? AND reason = ?');
    const change = file.prepare('SELECT count(*) FROM prompt_changes WHERE prompt_id = ? AND after LIKE ?').pluck();
    for (const { since, what } of done.slice(checked)) {
      const id = 'promptId' in what ? what.promptId : what.id;
      const rev = stamp.get(topicOf[what.kind], id) as number | null;
      if (rev === null || rev <= since) say(`${what.kind} of ${id} has no stamp after ${since}`);
      if (what.kind === 'label') {
        const found = move.get(id, what.token) as { to_version_id: string | null } | undefined;
        if (found?.to_version_id !== what.versionId) say(`label move ${what.token} is lost`);
      }
      if (what.kind === 'tags' && change.get(id, `%"${what.token}"%`) !== 1) say(`tags ${what.token} are lost`);
    }
    checked = done.length;
  };

  const inspectCells = (file: SqliteDatabase.Database, asked: readonly Asked[], say: (problem: string) => void): void => {
    const cells = file
      .prepare(
        `SELECT r.*, c.title FROM runs r JOIN comparisons c ON c.id = r.comparison_id WHERE c.whole = 1 ORDER BY r.seq`,
      )
      .all() as Cell[];
    const status = new Map(
      file.prepare('SELECT id, status FROM comparisons WHERE whole = 1').raw().all() as [string, string][],
    );
    const jobs = new Map(file.prepare('SELECT target_id, status FROM jobs').raw().all() as [string, string][]);
    const stored = new Map(cells.map((cell) => [cell.id, cell]));
    for (const [id, as] of finished) {
      const cell = stored.get(id);
      if (cell && fingerprint(cell) !== as) say(`finished cell ${id} has changed`);
    }
    const places = new Map<string, string>();
    const placesOf = new Map<string, Set<string>>();
    for (const cell of cells) {
      if (cell.finished_at !== null) finished.set(cell.id, fingerprint(cell));
      if (cell.superseded === 1) continue;
      const at = placesOf.get(cell.comparison_id) ?? new Set();
      placesOf.set(cell.comparison_id, at.add(`${cell.cell_model} ${cell.cell_row}`));
      const key = `${modelNames[cell.cell_model]} ${cell.title} ${cell.cell_row}`;
      if (places.has(key)) say(`two cells at ${key}`);
      const text = (JSON.parse(cell.inputs) as { cell: string }).cell;
      places.set(key, cell.finished_at === null ? '' : cell.id);
      if (cell.status === 'succeeded' && cell.output !== answerOf(text)) say(`cell ${key} says ${cell.output}`);
      if (cell.status === 'failed') say(`cell ${key} failed: ${String((cell as unknown as Row).error)}`);
    }
    for (const [id, token] of comparisons) {
      if (removed.has(id)) {
        if (status.has(id)) say(`removed comparison ${token} is back`);
        continue;
      }
      if (!status.has(id)) {
        if (!removing.has(id)) say(`comparison ${token} is lost`);
        continue;
      }
      const size = placesOf.get(id)?.size ?? 0;
      if (size !== modelNames.length * rowsEach) say(`comparison ${token} has ${size} cells`);
      if (status.get(id) === 'running' && jobs.get(id) !== 'running') say(`comparison ${token} runs without a job`);
    }
    for (const [id, is] of status) {
      if (is === 'cancelled') storedCancelled.add(id);
      else if (storedCancelled.has(id)) say(`cancelled comparison ${id} is ${is}`);
      // One that had just finished stays so.
      else if (cancelled.has(id) && is === 'running') say(`comparison ${id} runs although its end was acknowledged`);
    }
    cancelled.clear();
    for (const { model, prompt } of asked) {
      const match = /^Say (.+)\/(\d+)\.$/.exec(prompt);
      if (!match) continue;
      const key = `lab/${model} ${match[1]} ${match[2]}`;
      const before = finishedAt.get(key);
      // A cell that was run again has another run at its place since.
      if (before && places.get(key) === before) say(`cell ${key}, ${stored.get(before)?.status}, was asked again`);
    }
    finishedAt = new Map([...places].filter(([, id]) => id !== ''));
    for (const title of new Set(cells.map((cell) => cell.title)))
      if (new Set(cells.filter((cell) => cell.title === title).map((cell) => cell.comparison_id)).size > 1)
        say(`comparison ${title} was begun twice`);
  };

  const inspectRuns = (file: SqliteDatabase.Database, say: (problem: string) => void): void => {
    const stored = new Set(file.prepare('SELECT id FROM runs WHERE comparison_id IS NULL').pluck().all() as string[]);
    for (const id of runs) if (!stored.has(id)) say(`run ${id} is lost`);
  };

  return {
    hear,
    acknowledged: () => done.length,
    conflicts: () => conflicts,
    finishedCells: () => finished.size,
    unanswered: () => {
      const answered = new Set(comparisons.values());
      return begun.filter((token) => !answered.has(token));
    },
    inspect(dataDir, asked) {
      const found = problems.splice(0);
      const say = (problem: string) => void found.push(problem);
      const file = new SqliteDatabase(join(dataDir, 'promptdev.db'), { timeout: 10_000 });
      try {
        if (file.pragma('integrity_check', { simple: true }) !== 'ok') say('the file is damaged');
        if ((file.pragma('foreign_key_check') as unknown[]).length > 0) say('a row refers to nothing');
        if (file.prepare("SELECT count(*) FROM sqlite_master WHERE name IN ('feed', 'hosts')").pluck().get() !== 2)
          return found;
        file.transaction(() => {
          const [rev, last] = file.prepare('SELECT rev, (SELECT max(rev) FROM feed) FROM workspace').raw().get() as [
            number,
            number | null,
          ];
          if (rev !== (last ?? 0)) say(`the workspace is at ${rev}, its feed at ${String(last)}`);
          inspectLibrary(file, say);
          inspectNew(file, say);
          inspectCells(file, asked, say);
          inspectRuns(file, say);
        })();
        return found;
      } finally {
        file.close();
      }
    },
    inspectEnd(dataDir) {
      const file = new SqliteDatabase(join(dataDir, 'promptdev.db'), { readonly: true });
      const count = (query: string) => file.prepare(query).pluck().get() as number;
      try {
        if (count("SELECT count(*) FROM comparisons WHERE status = 'running' AND whole = 1") > 0) return null;
        if (count('SELECT count(*) FROM comparisons WHERE whole = 0') > 0) return null;
        const found: string[] = [];
        const open = count('SELECT count(*) FROM runs WHERE finished_at IS NULL');
        if (open > 0) found.push(`${open} runs are open for ever`);
        const jobs = count("SELECT count(*) FROM jobs WHERE status = 'running'");
        if (jobs > 0) found.push(`${jobs} jobs are open for ever`);
        return found;
      } finally {
        file.close();
      }
    },
  };
}

/** All of a cell but whether another one has taken its place. */
function fingerprint(cell: Cell): string {
  const { superseded: _, title: __, ...rest } = cell;
  return hashText(JSON.stringify(rest));
}
