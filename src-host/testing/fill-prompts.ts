import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { canonicalContent, hashText } from '../../src-core/content/hash-content.ts';
import { indexedText } from '../../src-core/content/search-terms/search-terms.ts';
import { contentSchema } from '../../src-core/contract/content.ts';

export interface FilledPrompt {
  readonly name: string;
  readonly text: string;
  readonly tags?: readonly string[];
}

/** Many unsaved prompts straight into the tables of a data directory, where the services would take minutes; oldest first. */
export function fillPrompts(dataDir: string, prompts: readonly FilledPrompt[]): void {
  const database = new SqliteDatabase(join(dataDir, 'promptdev.db'));
  const insert = {
    prompt: database.prepare(
      `INSERT INTO prompts VALUES (?, 'default', ?, '', '', 'chat', 'user', '', '', ?, '{}', 'human', 'active', NULL, ?, ?, ?)`,
    ),
    entry: database.prepare('INSERT INTO draft_entries (prompt_id, content, created_at) VALUES (?, ?, ?)'),
    draft: database.prepare('INSERT INTO drafts VALUES (?, NULL, NULL, ?, 0, ?)'),
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
      insert.prompt.run(id, name, JSON.stringify(tags), hashText(body), at, at);
      insert.draft.run(id, insert.entry.run(id, body, at).lastInsertRowid, at);
      const document = insert.document.run(id, id).lastInsertRowid;
      insert.texts.run(document, name, tags.join(' '), text);
      insert.words.run(document, ...[name, tags.join(' '), text].map(indexedText));
    }
  })();
  database.close();
}
