/**
 * The library on its own, in a process for tests that kill it or race it: edits one prompt, saves versions and labels them until it
 * is ended, and says what it typed and what is stored. Starts when it is told which prompt, so that it can be warm.
 */

import { contentSchema, type PromptContent } from '../../src-core/contract/content.ts';
import { textOf } from '../../src-core/contract/message-texts.ts';
import { createLabelsService } from '../../src-core/library/labels/labels-service.ts';
import { createPromptsService } from '../../src-core/library/prompts/prompts-service.ts';
import { createVersionsService } from '../../src-core/library/versions/versions-service.ts';
import { sessionOf } from '../../src-core/scope/scope.ts';
import { requestErasure } from '../store/sqlite/erasure.ts';
import { openIdentity, personActor } from '../store/sqlite/identity.ts';
import { openDatabase } from '../store/sqlite/open-database.ts';
import { createSqliteStore } from '../store/sqlite/sqlite-store.ts';

export interface EditingOrder {
  readonly dataDir: string;
  readonly name: string;
  /** Stops by itself after so many edits. */
  readonly edits: number;
}

export type EditingReport =
  | { readonly kind: 'ready' }
  /** A person typed up to here; nothing is promised yet. */
  | { readonly kind: 'typed'; readonly edit: number }
  /** The draft with this edit is stored. */
  | { readonly kind: 'stored'; readonly edit: number }
  | { readonly kind: 'saved'; readonly id: string; readonly hash: string; readonly edit: number }
  /** The label points at this version. */
  | { readonly kind: 'labelled'; readonly version: string }
  | { readonly kind: 'done' };

const report = (message: EditingReport): void => void process.send?.(message);

process.once('message', (order: EditingOrder) => void edit(order));
report({ kind: 'ready' });

async function edit({ dataDir, name, edits }: EditingOrder): Promise<void> {
  const opened = await openDatabase(dataDir);
  const log = { info: () => undefined, error: () => undefined };
  const store = createSqliteStore(opened, { log, requestErasure, erase: () => undefined });
  const session = sessionOf(store, personActor(await openIdentity(opened.kysely), 'child'));
  const prompts = createPromptsService();
  const versions = createVersionsService();
  const labels = createLabelsService();
  const { id, draft } = await openPrompt();
  let { revision, content } = draft;
  const first = editOf(content) + 1;
  for (let edit = first; edit < first + edits; edit++) {
    content = withEdit(content, edit);
    report({ kind: 'typed', edit });
    ({ revision } = await session.write(async (scope) =>
      prompts.saveDraft({ id, revision, content, ownStep: false }, scope),
    ));
    report({ kind: 'stored', edit });
    if (edit % 3 !== 0) continue;
    const { version, prompt } = await session.write(async (scope) =>
      versions.save({ promptId: id, note: '', revision }, scope),
    );
    report({ kind: 'saved', id: version.id, hash: version.hash, edit });
    const move = { promptId: id, name: 'staging', versionId: version.id, reason: '', confirm: false };
    await session.write(async (scope) => labels.move(move, scope));
    report({ kind: 'labelled', version: version.id });
    revision = prompt.draft.revision;
  }
  store.close();
  await opened.close();
  report({ kind: 'done' });
  process.disconnect?.();

  async function openPrompt() {
    try {
      return await session.read(async (scope) => prompts.find({ name }, scope));
    } catch {
      const plain = { title: '', description: '', type: 'chat', scope: 'user', owner: '', domain: '' } as const;
      const rest = { tags: [], metadata: {}, project: 'default', source: 'human' } as const;
      const input = { ...plain, ...rest, tags: [], name, content: withEdit(null, 0) };
      return session.write(async (scope) => prompts.create(input, scope));
    }
  }
}

/** A prompt of some length whose last line says which edit it is. */
function withEdit(content: PromptContent | null, edit: number): PromptContent {
  const lines = content ? textOf(content.messages[0]!).split('\n').slice(0, -1) : [];
  const text = [...lines.slice(-40), `A line of the prompt that edit ${edit} added.`, `edit ${edit}`].join('\n');
  return contentSchema.parse({ messages: [{ role: 'user', content: text }] });
}

function editOf(content: PromptContent): number {
  return Number(textOf(content.messages[0]!).split(' ').at(-1));
}
