import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { canonicalContent, hashText } from '../../src-core/content/hash-content.ts';
import { foldCase } from '../../src-core/content/search-terms/fold-text.ts';
import { indexedText } from '../../src-core/content/search-terms/search-terms.ts';
import { contentSchema } from '../../src-core/contract/content.ts';
import { folderOf } from '../../src-core/library/prompts/prompt-metadata.ts';

export interface FilledPrompt {
  readonly name: string;
  readonly text: string;
  readonly tags?: readonly string[];
}

/** Many unsaved prompts straight into the tables of a data directory, where the services would take minutes; oldest first. */
export function fillPrompts(dataDir: string, prompts: readonly FilledPrompt[]): void {
  const database = new SqliteDatabase(join(dataDir, 'promptdev.db'));
  const personId = database.prepare('SELECT id FROM people').pluck().get() as string;
  const projectId = projectOf(database);
  const insert = {
    prompt: database.prepare(
      `INSERT INTO prompts VALUES (?, ?, ?, ?, '', '', 'chat', 'user', '', '', '{}', 'human', 'active', NULL, 0, ?, ?)`,
    ),
    tag: database.prepare('INSERT OR IGNORE INTO prompt_tags VALUES (?, ?, ?, ?)'),
    entry: database.prepare(`INSERT INTO draft_entries (id, person_id, prompt_id, content, typed, created_at)
      VALUES (?, ?, ?, ?, '{}', ?)`),
    draft: database.prepare("INSERT INTO drafts VALUES (?, ?, NULL, NULL, ?, ?, '', 0, '', ?)"),
    document: database.prepare("INSERT INTO search_documents (kind, ref, prompt_id) VALUES ('prompt', ?, ?)"),
    texts: database.prepare(
      "INSERT INTO search_texts (id, name, title, tags, description, body, note) VALUES (?, ?, '', ?, '', ?, '')",
    ),
    words: database.prepare(
      "INSERT INTO search_prompts (rowid, name, title, tags, description, body, note) VALUES (?, ?, '', ?, '', ?, '')",
    ),
  };
  database.transaction(() => {
    for (const [index, { name, text, tags = [] }] of prompts.entries()) {
      const id = crypto.randomUUID();
      const at = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
      const body = canonicalContent(contentSchema.parse({ messages: [{ role: 'user', content: text }] }));
      const entryId = crypto.randomUUID();
      insert.prompt.run(id, projectId, name, folderOf(name), at, at);
      for (const [position, tag] of tags.entries()) insert.tag.run(id, foldCase(tag), tag, position);
      insert.entry.run(entryId, personId, id, body, at);
      insert.draft.run(personId, id, entryId, hashText(body), at);
      const document = insert.document.run(id, id).lastInsertRowid;
      insert.texts.run(document, name, tags.join(' '), text);
      insert.words.run(document, ...[name, tags.join(' '), text].map(indexedText));
    }
  })();
  database.close();
}

/** The default project, made when it is not there yet. */
function projectOf(database: SqliteDatabase.Database): string {
  const known = database.prepare("SELECT id FROM projects WHERE name = 'default'").pluck().get();
  if (typeof known === 'string') return known;
  const id = crypto.randomUUID();
  database.prepare("INSERT INTO projects VALUES (?, 'default', '2026-01-01T00:00:00.000Z')").run(id);
  return id;
}
