/**
 * The library on its own, in a process for tests that kill it or race it: edits one prompt and saves versions until it
 * is ended, and says what it typed and what is stored. Starts when it is told which prompt, so that it can be warm.
 */

import { contentSchema, type PromptContent } from '../../src-core/contract/content.ts';
import { textOf } from '../../src-core/contract/message-texts.ts';
import { createPromptsService } from '../../src-core/library/prompts/prompts-service.ts';
import { createVersionsService } from '../../src-core/library/versions/versions-service.ts';
import { createChangeFeed } from '../../src-core/scope/changes.ts';
import type { LibraryCore } from '../../src-core/scope/core.ts';
import { createSettingsService } from '../../src-core/settings/settings-service.ts';
import { describeMachine } from '../host/machine.ts';
import { leftErasure } from '../store/sqlite/erasure.ts';
import { createFtsIndex } from '../store/sqlite/fts-index.ts';
import { openDatabase } from '../store/sqlite/open-database.ts';

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
  | { readonly kind: 'done' };

const report = (message: EditingReport): void => void process.send?.(message);

process.once('message', (order: EditingOrder) => void edit(order));
report({ kind: 'ready' });

async function edit({ dataDir, name, edits }: EditingOrder): Promise<void> {
  const { kysely, file, close } = await openDatabase(dataDir);
  const changes = createChangeFeed();
  const core: LibraryCore = {
    database: kysely,
    search: createFtsIndex(),
    erasure: leftErasure,
    clock: { now: () => new Date().toISOString(), monotonic: () => performance.now() },
    machine: describeMachine(dataDir, file),
    changes,
    settings: createSettingsService(kysely, changes),
  };
  const prompts = createPromptsService(core);
  const versions = createVersionsService(core);
  const call = { clientId: 'child', signal: undefined };
  const { id, draft } = await openPrompt();
  let { revision, content } = draft;
  const first = editOf(content) + 1;
  for (let edit = first; edit < first + edits; edit++) {
    content = withEdit(content, edit);
    report({ kind: 'typed', edit });
    ({ revision } = await prompts.saveDraft({ id, revision, content, ownStep: false }, call));
    report({ kind: 'stored', edit });
    if (edit % 3 !== 0) continue;
    const { version, prompt } = await versions.save({ promptId: id, note: '', revision }, call);
    report({ kind: 'saved', id: version.id, hash: version.hash, edit });
    revision = prompt.draft.revision;
  }
  await close();
  report({ kind: 'done' });
  process.disconnect?.();

  async function openPrompt() {
    try {
      return await prompts.find({ name }, call);
    } catch {
      const plain = { title: '', description: '', type: 'chat', scope: 'user', owner: '', domain: '' } as const;
      const rest = { tags: [], metadata: {}, project: 'default', source: 'human' } as const;
      return prompts.create({ ...plain, ...rest, tags: [], name, content: withEdit(null, 0) }, call);
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
