import type SqliteDatabase from 'better-sqlite3';
import { foldCase, foldText } from '../../../../src-core/content/search-terms/fold-text.ts';
import { modelsOf } from '../../../../src-core/library/drafts/drafts.ts';
import { folderOf } from '../../../../src-core/library/prompts/prompt-metadata.ts';
import { distinctTags } from '../../../../src-core/library/stored/tags.ts';
import { idFrom, newId } from '../../../../src-core/scope/ids.ts';
import { ofDevice, placeOfSetting } from '../../../../src-core/settings/stored-settings.ts';
import { storedJson, storedText, storedTexts } from '../../../../src-core/tables/stored-fields.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the workspace of 0.1.0 becomes; ids are made once, so that the device's file agrees with them. */
export interface Identity {
  readonly workspaceId: string;
  readonly personId: string;
  readonly deviceId: string;
  readonly now: string;
  /** The name of whoever runs the program, where no author was set. */
  readonly userName: string;
}

/** What belongs to the device, for its own file; tables as in `src-core/tables/device.ts`. */
export type DeviceRows = Readonly<Record<string, readonly Row[]>>;

const prefix = 'of_0_1_0_';

/** Tables whose rows are read below, and those that come to an end. */
const renamed = [
  ...['prompts', 'contents', 'versions', 'drafts', 'draft_entries', 'labels', 'label_moves', 'projects'],
  ...['former_names', 'prompt_changes', 'local_models', 'endpoints', 'remote_models', 'refused_fields', 'runs'],
  ...['run_texts', 'unindexed_runs', 'comparisons', 'cancel_requests', 'set_aside_files', 'settings', 'window_state'],
  ...['hosts', 'topic_changes'],
];

/** Puts the tables of 0.1.0 aside; the search index stays, its documents are the same. */
export function setTablesAside(sqlite: SqliteDatabase.Database): void {
  const named = (type: string) =>
    sqlite
      .prepare(`SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL AND tbl_name NOT LIKE 'search_%'`)
      .pluck()
      .all(type) as string[];
  for (const name of named('trigger')) sqlite.exec(`DROP TRIGGER "${name}"`);
  for (const name of named('index')) sqlite.exec(`DROP INDEX "${name}"`);
  for (const name of renamed) sqlite.exec(`ALTER TABLE "${name}" RENAME TO "${prefix}${name}"`);
  sqlite.exec('DROP TABLE kysely_migration; DROP TABLE kysely_migration_lock');
}

/** Fills the tables of the first release from those that were put aside, drops these, and returns what is the device's. */
export function convert(sqlite: SqliteDatabase.Database, identity: Identity): DeviceRows {
  sqlite.pragma('defer_foreign_keys = ON');
  const { personId, now } = identity;
  const author = storedJson(one(sqlite, 'settings', 'author')?.value);
  insert(sqlite, 'workspace', [{ id: identity.workspaceId, rev: 1, home: 'here', created_at: now }]);
  const name = typeof author === 'string' && author !== '' ? author : identity.userName;
  insert(sqlite, 'people', [{ id: personId, name, created_at: now }]);
  insert(sqlite, 'devices', [{ id: identity.deviceId, person_id: personId, name: '', created_at: now }]);

  const projects = convertProjects(sqlite, now);
  convertPrompts(sqlite, projects);
  copy(sqlite, 'contents', (row) => row);
  convertVersions(sqlite);
  copy(sqlite, 'labels', (row) => row);
  for (const [table, at] of [
    ['label_moves', 'moved_at'],
    ['prompt_changes', 'changed_at'],
  ] as const)
    copy(sqlite, table, (row, sequence) => ({ ...row, id: idFrom(storedText(row[at]), sequence), author_id: null }));
  copy(sqlite, 'former_names', ({ project, ...row }) => ({ ...row, project_id: projects(project) }));
  convertDrafts(sqlite, personId);
  convertModels(sqlite);
  convertRuns(sqlite, personId);
  const device = deviceRows(sqlite, personId);
  convertSettings(sqlite, personId);
  for (const table of renamed.toReversed()) sqlite.exec(`DROP TABLE "${prefix}${table}"`);
  return device;
}

function all(sqlite: SqliteDatabase.Database, table: string): Row[] {
  return sqlite.prepare(`SELECT * FROM "${prefix}${table}" ORDER BY rowid`).all() as Row[];
}

function one(sqlite: SqliteDatabase.Database, table: string, key: string): Row | undefined {
  return sqlite.prepare(`SELECT * FROM "${prefix}${table}" WHERE key = ?`).get(key) as Row | undefined;
}

function insert(sqlite: SqliteDatabase.Database, table: string, values: readonly Row[]): void {
  for (const row of values) {
    const columns = Object.keys(row);
    sqlite
      .prepare(
        `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
      )
      .run(row);
  }
}

/** Rows of a table that keeps its name, some at a time: a statement that reads would keep others from writing. */
function copy(
  sqlite: SqliteDatabase.Database,
  table: string,
  change: (row: Row, sequence: number) => Row | null,
): void {
  const page = sqlite.prepare(
    `SELECT rowid AS "rowid!", * FROM "${prefix}${table}" WHERE rowid > ? ORDER BY rowid LIMIT 200`,
  );
  let sequence = 0;
  for (let after: unknown = -1; ; ) {
    const read = page.all(after) as Row[];
    for (const { 'rowid!': rowid, ...row } of read) {
      after = rowid;
      const changed = change(row, sequence);
      sequence += 1;
      if (changed !== null) insert(sqlite, table, [changed]);
    }
    if (read.length < 200) return;
  }
}

type ProjectIds = (name: unknown) => string;

function convertProjects(sqlite: SqliteDatabase.Database, now: string): ProjectIds {
  const ids = new Map<string, string>();
  const add = (name: string, at: string) => {
    if (ids.has(name)) return;
    const id = newId();
    ids.set(name, id);
    insert(sqlite, 'projects', [{ id, name, created_at: at }]);
  };
  for (const { name, created_at } of all(sqlite, 'projects')) add(storedText(name), storedText(created_at));
  for (const table of ['prompts', 'former_names'])
    for (const { project } of all(sqlite, table)) add(storedText(project), now);
  return (name) => ids.get(storedText(name)) ?? '';
}

function convertPrompts(sqlite: SqliteDatabase.Database, projects: ProjectIds): void {
  copy(sqlite, 'prompts', ({ project, tags, draft_hash: _, ...row }) => ({
    ...row,
    project_id: projects(project),
    folder: folderOf(storedText(row.name)),
    revision: 0,
  }));
  for (const { id, tags } of all(sqlite, 'prompts'))
    for (const [position, tag] of distinctTags(storedTexts(tags)).entries())
      insert(sqlite, 'prompt_tags', [{ prompt_id: id, folded: foldCase(tag), tag, position }]);
}

/** A parent is older than its child, and its depth is known first. */
function convertVersions(sqlite: SqliteDatabase.Database): void {
  const depths = new Map<unknown, number>();
  const depthOf = ({ first_parent_id, second_parent_id }: Row): number => {
    const known = [first_parent_id, second_parent_id]
      .map((id) => depths.get(id))
      .filter((depth) => depth !== undefined);
    return known.length === 0 ? 0 : Math.max(...known) + 1;
  };
  const versions = all(sqlite, 'versions').sort((one, other) => Number(one.number) - Number(other.number));
  for (const row of versions) {
    const depth = depthOf(row);
    depths.set(row.id, depth);
    const folded = foldText(`${storedText(row.note)}\n${storedText(row.author)}`);
    insert(sqlite, 'versions', [{ ...row, confirmed: 1, depth, author_id: null, folded }]);
  }
}

function convertDrafts(sqlite: SqliteDatabase.Database, personId: string): void {
  const ids = new Map<unknown, string>();
  const idOf = (id: unknown) => (id === null ? null : (ids.get(id) ?? null));
  const times = sqlite.prepare(`SELECT id, created_at FROM "${prefix}draft_entries" ORDER BY id`).all() as Row[];
  for (const [sequence, { id, created_at }] of times.entries()) ids.set(id, idFrom(storedText(created_at), sequence));
  copy(sqlite, 'draft_entries', (row) => ({
    ...row,
    id: idOf(row.id),
    parent_id: idOf(row.parent_id),
    person_id: personId,
  }));
  const bodyOf = sqlite.prepare(`SELECT content FROM "${prefix}draft_entries" WHERE id = ?`).pluck();
  const hashOf = sqlite.prepare(`SELECT draft_hash FROM "${prefix}prompts" WHERE id = ?`).pluck();
  copy(sqlite, 'drafts', (row) => ({
    ...row,
    entry_id: idOf(row.entry_id),
    person_id: personId,
    hash: storedText(hashOf.get(row.prompt_id)),
    models: modelsOf(storedText(bodyOf.get(row.entry_id))),
    writer: '',
  }));
}

function convertModels(sqlite: SqliteDatabase.Database): void {
  copy(sqlite, 'endpoints', ({ key_env: _, key_env_origin: __, ...row }) => row);
  copy(sqlite, 'remote_models', (row) => row);
}

function convertRuns(sqlite: SqliteDatabase.Database, personId: string): void {
  // What was under way when the program stopped is long over.
  const ended = (status: unknown) => (status === 'running' ? 'finished' : status);
  copy(sqlite, 'comparisons', (row) => ({ ...row, status: ended(row.status), person_id: personId, budget: null }));
  copy(sqlite, 'runs', (row) => ({ ...row, ...openEnd(row), person_id: personId, tool_call_count: countOf(row) }));
  copy(sqlite, 'run_texts', (row) => row);
  const waiting = sqlite.prepare('INSERT OR IGNORE INTO unindexed_runs (run_id) VALUES (?)');
  for (const { run_id } of all(sqlite, 'unindexed_runs')) waiting.run(run_id);
}

function countOf({ tool_calls }: Row): number {
  const calls = storedJson(tool_calls);
  return Array.isArray(calls) ? calls.length : 0;
}

/** A cell that never ran is over, too; its comparison is. */
function openEnd({ status, finished_at, created_at, comparison_id }: Row): Row {
  if (finished_at !== null || comparison_id === null) return {};
  return { status: status === 'queued' ? 'cancelled' : 'failed', finished_at: created_at };
}

function deviceRows(sqlite: SqliteDatabase.Database, personId: string): DeviceRows {
  const endpoints = all(sqlite, 'endpoints').filter(({ key_env }) => key_env !== null);
  const settings = all(sqlite, 'settings').flatMap((row) => {
    const place = placeOf(row.key);
    if (place === 'device') return [{ ...row, person_id: ofDevice }];
    return place === 'personHere' ? [{ ...row, person_id: personId }] : [];
  });
  const state = all(sqlite, 'window_state').filter(({ key }) => key !== 'host:erase-deleted');
  return {
    local_models: all(sqlite, 'local_models'),
    set_aside_files: all(sqlite, 'set_aside_files'),
    refused_fields: all(sqlite, 'refused_fields'),
    endpoint_variables: endpoints.map(({ id, key_env, key_env_origin }) => {
      return { endpoint_id: id, variable: key_env, origin: key_env_origin };
    }),
    device_settings: settings,
    window_state: state.map((row) => ({ ...row, person_id: personId })),
  };
}

function placeOf(key: unknown): (typeof placeOfSetting)[keyof typeof placeOfSetting] {
  const name = storedText(key);
  return Object.hasOwn(placeOfSetting, name) ? placeOfSetting[name as keyof typeof placeOfSetting] : 'workspace';
}

function convertSettings(sqlite: SqliteDatabase.Database, personId: string): void {
  for (const row of all(sqlite, 'settings')) {
    const place = placeOf(row.key);
    if (place === 'workspace') insert(sqlite, 'settings', [row]);
    if (place === 'person') insert(sqlite, 'person_settings', [{ ...row, person_id: personId }]);
  }
}
