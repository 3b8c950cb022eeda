/** Times of list, search, open and save in a library of 10 000 prompts × 10 versions. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { canonicalContent, hashText } from '../src-core/content/hash-content.ts';
import { foldCase, foldText } from '../src-core/content/search-terms/fold-text.ts';
import { indexedText } from '../src-core/content/search-terms/search-terms.ts';
import { contentSchema } from '../src-core/contract/content.ts';
import { folderOf } from '../src-core/library/prompts/prompt-metadata.ts';
import { type Host, openHost } from '../src-host/host/host.ts';
import { clientOf } from '../src-host/testing/host-clients.ts';

const promptCount = 10_000;
const versionsPerPrompt = 10;
const longHistory = 1_000;
const wordsPerPrompt = 120;
const rounds = 40;

/** Fills a data directory, then prints median, p95 and slowest milliseconds of each job beside its goal. */
export async function benchLibrary(): Promise<void> {
  process.env.PROMPTDEV_KEYRING = 'off';
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-bench-'));
  try {
    await (await openHost({ dataDir, withoutSamples: true })).close();
    const started = performance.now();
    fillLibrary(join(dataDir, 'promptdev.db'));
    console.log(
      `${promptCount} prompts × ${versionsPerPrompt} versions of ${wordsPerPrompt} words, one with ${longHistory} versions (filled in ${((performance.now() - started) / 1_000).toFixed(0)} s)`,
    );
    const host = await openHost({ dataDir, withoutSamples: true });
    await measure(host);
    await host.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(host: Host): Promise<void> {
  const client = clientOf(host, 'bench');
  await report('open list', 'goal 100', () => client.prompts.list({ limit: 100 }));
  await report('open list by name, in a folder', 'goal 100', () =>
    client.prompts.list({ limit: 100, order: 'name', folder: 'team-3' }),
  );
  await report('folders with their counts', 'goal 100', () => client.library.folders({}));
  await report('jump in a folder', 'goal 100', () =>
    client.prompts.list({ limit: 100, order: 'name', folder: 'team-3', direct: true, offset: 400 }),
  );
  const queries = typedQueries();
  await report('search as you type (p95)', 'goal 50', (i) =>
    client.prompts.list({ search: queries[i % queries.length]!, limit: 100 }),
  );
  await report('search everything (p95)', 'goal 50', (i) =>
    client.library.search({ query: queries[i % queries.length]!, limit: 50 }),
  );
  const { id } = await client.prompts.find({ name: nameOf(0) });
  await report(`open a prompt with ${longHistory} versions`, 'goal 100', () =>
    Promise.all([client.prompts.get({ id }), client.versions.list({ promptId: id, limit: 100 })]),
  );
  const [newest] = (await client.versions.list({ promptId: id, limit: 1 })).items;
  await report(`blame over ${longHistory} versions`, '', () => client.versions.blame({ id: newest!.id }), 5);
  await report('where used', '', () => client.library.whereUsed({ id }), 10);
  await reportSaves(client);
}

/** The keystrokes of a few searches, from the first letter on. */
function typedQueries(): readonly string[] {
  const searches = ['customer refund', 'reply in german', '"word 12"', 'team-4 support', 'tag:red answer', 'zebra'];
  return searches.flatMap((search) => Array.from(search, (_, i) => search.slice(0, i + 1)));
}

async function reportSaves(client: ReturnType<typeof clientOf>): Promise<void> {
  const { id, draft } = await client.prompts.find({ name: nameOf(1) });
  const times: number[] = [];
  let { revision } = draft;
  for (let i = 0; i < 200; i++) {
    const content = contentSchema.parse({ messages: [{ role: 'user', content: `${textOf(i, 7)}\nEdit ${i}` }] });
    ({ revision } = await client.prompts.saveDraft({ id, revision, content }));
    const started = performance.now();
    const saved = await client.versions.save({ promptId: id });
    times.push(performance.now() - started);
    if (!saved.created) throw new Error('Every save of this bench should make a version.');
    revision = saved.prompt.draft.revision;
  }
  print('save a version, durable (p95)', 'goal 15', times);
}

async function report(name: string, goal: string, job: (round: number) => Promise<unknown>, count = rounds) {
  const times: number[] = [];
  for (let i = 0; i < Math.max(count, name.includes('search') ? 80 : 0); i++) {
    const started = performance.now();
    await job(i);
    times.push(performance.now() - started);
  }
  print(name, goal, times);
}

function print(name: string, goal: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1);
  const figures = `median ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms`;
  console.log(`  ${name.padEnd(36)} ${figures}${goal && ` (${goal} ms)`}`);
}

/** Writes the tables directly, because the services would take minutes and are not measured here. */
export function fillLibrary(file: string, versionsEach = versionsPerPrompt): void {
  const database = new SqliteDatabase(file);
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -262144');
  const personId = database.prepare('SELECT id FROM people').pluck().get() as string;
  const projectId = crypto.randomUUID();
  database.prepare("INSERT INTO projects VALUES (?, 'default', '2026-01-01T00:00:00.000Z')").run(projectId);
  const insert = {
    prompt: database.prepare(
      `INSERT INTO prompts VALUES (?, ?, ?, ?, ?, ?, 'chat', 'user', '', '', '{}', 'human', 'active', NULL, 0, ?, ?)`,
    ),
    tag: database.prepare('INSERT INTO prompt_tags VALUES (?, ?, ?, 0)'),
    content: database.prepare('INSERT OR IGNORE INTO contents VALUES (?, ?)'),
    version: database.prepare(`INSERT INTO versions VALUES (?, ?, ?, 1, ?, ?, ?, NULL, 'bench', NULL, ?, ?, ?, 1, 1)`),
    entry: database.prepare(`INSERT INTO draft_entries (id, person_id, prompt_id, content, typed, created_at)
      VALUES (?, ?, ?, ?, '{}', ?)`),
    draft: database.prepare("INSERT INTO drafts VALUES (?, ?, ?, NULL, ?, ?, '', 0, '', ?)"),
    latest: database.prepare('UPDATE prompts SET latest_version_id = ? WHERE id = ?'),
    document: database.prepare('INSERT INTO search_documents (kind, ref, prompt_id) VALUES (?, ?, ?)'),
    texts: database.prepare(
      'INSERT INTO search_texts (id, name, title, tags, description, body, note) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    prompts: database.prepare(
      'INSERT INTO search_prompts (rowid, name, title, tags, description, body, note) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    versions: database.prepare(
      "INSERT INTO search_index (rowid, name, title, tags, description, body, note) VALUES (?, '', '', '', '', ?, ?)",
    ),
  };
  const addPrompt = (index: number): void => {
    const id = crypto.randomUUID();
    const [name, title, tag] = [nameOf(index), `Prompt number ${index}`, colours[index % colours.length]!];
    const at = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
    const count = index === 0 ? longHistory : versionsEach;
    insert.prompt.run(id, projectId, name, folderOf(name), title, textOf(index, 3).slice(0, 80), at, at);
    insert.tag.run(id, foldCase(tag), tag);
    let parent: string | null = null;
    let text = '';
    let body = '';
    for (let number = 1; number <= count; number++) {
      text = `${textOf(index, number)}\n{% include "${nameOf((index * 7) % promptCount)}" %}`;
      body = canonicalContent({ messages: [{ role: 'user', content: text }] });
      const [version, note] = [crypto.randomUUID(), `Change ${number} of the prompt`];
      insert.content.run(hashText(body), body);
      insert.version.run(version, id, number, number, hashText(body), parent, note, foldText(`${note}\nbench`), at);
      const document = insert.document.run('version', version, id).lastInsertRowid;
      insert.texts.run(document, '', '', '', '', text, note);
      insert.versions.run(document, indexedText(text), indexedText(note));
      parent = version;
    }
    insert.latest.run(parent, id);
    const entry = crypto.randomUUID();
    insert.entry.run(entry, personId, id, body, at);
    insert.draft.run(personId, id, parent, entry, hashText(body), at);
    const document = insert.document.run('prompt', id, id).lastInsertRowid;
    const said = [name, title, tag, textOf(index, 3).slice(0, 80), text, ''];
    insert.texts.run(document, ...said);
    insert.prompts.run(document, ...said.map(indexedText));
  };
  for (let start = 0; start < promptCount; start += 1_000) {
    database.transaction(() => {
      for (let i = start; i < start + 1_000; i++) addPrompt(i);
    })();
  }
  database.close();
}

const colours = ['red', 'green', 'blue', 'support', 'draft'];

function nameOf(index: number): string {
  return `team-${index % 20}/prompt-${index}`;
}

const stems =
  'answer customer refund reply german order word zebra question polite short summary language tone step'.split(' ');

/** Text with some common and many rare words; the same numbers give the same text. */
function textOf(prompt: number, version: number): string {
  const words = ['Answer the customer.'];
  let seed = prompt * 31 + 1;
  for (let i = 0; i < wordsPerPrompt; i++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    // A new version changes one word in ten.
    const rank = Math.floor(4_000 ** (((seed >> 8) % 1_000) / 1_000)) + (i % 10 === version % 10 ? version : 0);
    words.push(`${stems[rank % stems.length]}${rank < stems.length ? '' : ` ${rank}`}`);
  }
  return words.join(' ').replaceAll(/(.{60,70}) /g, '$1\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchLibrary();
