import { type ContentDiff, changeSize, diffContent } from '../../content/diff/diff-content.ts';
import { summariseChanges } from '../../content/diff/summarise-changes.ts';
import { hashText } from '../../content/hash-content.ts';
import type { NumberedVersion } from '../../content/version-name.ts';
import type { contract } from '../../contract/index.ts';
import { documentOf } from '../../contract/message-texts.ts';
import { decodeCursor, encodeCursor } from '../../scope/page.ts';
import type { Reader } from '../../scope/scope.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { isStoredId, storedText, storedWhole } from '../../tables/stored-fields.ts';
import { parseContent } from '../stored/contents.ts';
import { isSettled } from './draft-journal.ts';
import { loadState } from './drafts.ts';

type StepPage = Awaited<ReturnType<ServiceOf<typeof contract.prompts>['draftSteps']>>;
type Step = StepPage['items'][number];

/** What a step says of itself, however the draft moves on. */
interface Described extends Pick<Step, 'summary' | 'size' | 'excerpt'> {
  readonly hash: string;
}

export interface StepFilter {
  readonly id: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const keptDescriptions = 5_000;
const excerptLength = 200;

/** Lists steps of drafts; remembers what it found out about those that can no longer change. */
export interface StepLister {
  list(filter: StepFilter, scope: Reader): Promise<StepPage>;
  /** Forgets all that it remembers: steps were deleted for good. */
  forget(): void;
}

export function createStepLister(): StepLister {
  const known = new Map<string, Described>();

  const describe = async (scope: Reader, rows: readonly StepRow[]): Promise<ReadonlyMap<string, Described>> => {
    const described = new Map(rows.flatMap((row) => entryIf(row.id, known.get(row.id))));
    const fresh = rows.filter((row) => !described.has(row.id));
    const bodies = await bodiesOf(
      scope,
      fresh.flatMap((row) => (row.parent_id === null ? [row.id] : [row.id, row.parent_id])),
    );
    if (known.size > keptDescriptions) known.clear();
    for (const row of fresh) {
      const description = describeStep(bodies.get(row.id) ?? '', bodies.get(row.parent_id ?? ''));
      described.set(row.id, description);
      if (isSettled(row, scope.now)) known.set(row.id, description);
    }
    return described;
  };

  const list: StepLister['list'] = async ({ id, limit, cursor }, scope) => {
    const { entry } = await loadState(scope, id);
    const steps = scope.db
      .selectFrom('draft_entries')
      .where('person_id', '=', scope.actor.personId)
      .where('prompt_id', '=', id);
    let page = steps
      .select(['id', 'parent_id', 'created_at'])
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (cursor !== undefined) page = page.where('id', '<', String(decodeCursor(cursor, 1)[0]));
    const rows = await page.execute();
    const shown = rows.slice(0, limit);
    const described = await describe(scope, shown);
    const versions = await versionsSaying(
      scope,
      id,
      [...described.values()].map(({ hash }) => hash),
    );
    const { total } = await steps.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const items = shown.map((row): Step => {
      const { hash, ...description } = described.get(row.id)!;
      return {
        step: row.id,
        parent: isStoredId(row.parent_id) ? row.parent_id : null,
        current: row.id === entry.id,
        at: storedText(row.created_at),
        ...description,
        version: versions.get(hash) ?? null,
      };
    });
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.step]) : null, total: Number(total) };
  };
  return { list, forget: () => known.clear() };
}

interface StepRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly created_at: string;
}

/** The root has nothing before it, so it says nothing of a change. */
function describeStep(body: string, before: string | undefined): Described {
  const hash = hashText(body);
  if (before === undefined) return { hash, summary: '', size: { added: 0, removed: 0 }, excerpt: '' };
  const diff = diffIfReadable(before, body);
  if (diff === null) return { hash, summary: 'It cannot be read.', size: { added: 0, removed: 0 }, excerpt: '' };
  return { hash, summary: summariseChanges(diff), size: changeSize(diff), excerpt: firstLine(diff) };
}

/** Null when one of the two is stored damaged. */
function diffIfReadable(before: string, after: string): ContentDiff | null {
  try {
    return diffContent(parseContent(before), parseContent(after));
  } catch {
    return null;
  }
}

function firstLine({ messages }: ContentDiff): string {
  for (const change of messages) {
    if (change.kind === 'same' || change.lines.added + change.lines.removed === 0) continue;
    const before = change.kind === 'added' ? [] : documentOf(change.before.message).split('\n');
    const after = change.kind === 'removed' ? [] : documentOf(change.after.message).split('\n');
    const isGone = change.lines.added === 0;
    const [lines, others] = isGone ? [before, after] : [after, before];
    const line = lines.find((text, i) => text !== others[i])?.trim() ?? '';
    return `${isGone ? '−' : '+'} ${line.slice(0, excerptLength)}`;
  }
  return '';
}

async function bodiesOf(scope: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await scope.db
    .selectFrom('draft_entries')
    .select(['id', 'content'])
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row.content]));
}

/** The newest version with each content. */
async function versionsSaying(
  scope: Reader,
  promptId: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, NumberedVersion>> {
  if (hashes.length === 0) return new Map();
  const rows = await scope.db
    .selectFrom('versions')
    .select(['content_hash', 'number', 'confirmed'])
    .where('prompt_id', '=', promptId)
    .where('content_hash', 'in', [...new Set(hashes)])
    .orderBy('number')
    .orderBy('confirmed', 'desc')
    .execute();
  return new Map(
    rows.map((row) => [row.content_hash, { number: storedWhole(row.number, 1, 1), confirmed: row.confirmed !== 0 }]),
  );
}

function entryIf<Key, Value>(key: Key, value: Value | undefined): readonly (readonly [Key, Value])[] {
  return value === undefined ? [] : [[key, value]];
}
