import type { JsonText } from './columns.ts';

/** A person's own state of a prompt; where there is none, the draft is what the latest version says. */
export interface DraftsTable {
  person_id: string;
  prompt_id: string;
  base_version_id: string | null;
  /** The second parent that the next version gets when the draft came out of a merge. */
  merged_version_id: string | null;
  entry_id: string;
  /** Hash of the content, so that lists need not read drafts. */
  hash: string;
  /** The models that the content names, each on a line, with line breaks around all of them. */
  models: string;
  revision: number;
  /** The window or program that wrote last. */
  writer: string;
  updated_at: string;
}

/** The draft's undo tree; the current state is the entry that the draft points at. Ids grow with time. */
export interface DraftEntriesTable {
  id: string;
  person_id: string;
  prompt_id: string;
  parent_id: string | null;
  content: JsonText;
  /** What fields show in place of the content, as the contract's `typed`. */
  typed: JsonText;
  created_at: string;
  /** The draft's `merged_version_id` at this state, so that undoing a merge undoes its second parent too. */
  merged_version_id: string | null;
}

export interface PersonSettingsTable {
  person_id: string;
  key: string;
  value: JsonText;
}

/** What travels to a person's own devices and is seen by nobody else. */
export interface PersonalTables {
  drafts: DraftsTable;
  draft_entries: DraftEntriesTable;
  person_settings: PersonSettingsTable;
}
