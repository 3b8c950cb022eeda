/**
 * A whole host in a process of its own that is to be killed: it edits, saves, moves labels, tags, runs and compares until it
 * is ended, and says what it begins and what was acknowledged.
 */
import type { Client } from '../../src-core/client/connection.ts';
import { type Host, openHost } from '../../src-host/host/host.ts';
import { clientOf, contentOf } from '../../src-host/testing/host-clients.ts';
import { askedOf, modelNames, rowsEach } from './cells.ts';

export interface Order {
  readonly dataDir: string;
  readonly baseUrl: string;
  /** Number of this session; what it writes names it. */
  readonly session: number;
  /** A start of a comparison that an earlier session sent and had no answer to. */
  readonly unanswered: string | null;
  /** Only finishes what others have begun. */
  readonly onlyStays: boolean;
}

/** A write that was acknowledged. */
export type Acknowledged =
  | { readonly kind: 'draft'; readonly promptId: string; readonly revision: number; readonly token: string }
  | { readonly kind: 'version'; readonly promptId: string; readonly id: string; readonly hash: string }
  | { readonly kind: 'label'; readonly promptId: string; readonly token: string; readonly versionId: string | null }
  | { readonly kind: 'tags'; readonly promptId: string; readonly token: string }
  | { readonly kind: 'compare'; readonly id: string; readonly token: string }
  | { readonly kind: 'cancel' | 'rerun' | 'remove' | 'run'; readonly id: string };

export type Report =
  | { readonly kind: 'ready' | 'open' }
  | { readonly kind: 'begun'; readonly what: Acknowledged['kind']; readonly token: string }
  | { readonly kind: 'removing'; readonly id: string }
  /** `since`: commit counter of the workspace before it. */
  | { readonly kind: 'done'; readonly since: number; readonly what: Acknowledged }
  /** Somebody else was faster, as the product is to say so. */
  | { readonly kind: 'conflict'; readonly what: Acknowledged['kind'] }
  | { readonly kind: 'failed'; readonly what: Acknowledged['kind']; readonly message: string };

/** So short that the next host takes over soon; a renewal that comes late on a busy machine is to be seen too. */
const lease = { leaseMs: 600, renewMs: 150 };
const promptNames = ['one', 'two', 'three'];
const labels = ['staging', 'production'];
/** Most comparisons that are kept; the oldest goes. */
const keptComparisons = 6;

const report = (message: Report): void => void process.send?.(message);

if (process.send) {
  process.once('message', (order: Order) => void work(order));
  report({ kind: 'ready' });
}

async function work(order: Order): Promise<void> {
  process.env.PROMPTDEV_KEYRING = 'off';
  const host = await openHost({ dataDir: order.dataDir, withoutSamples: true, stays: true, lease });
  report({ kind: 'open' });
  if (order.onlyStays) return;
  const client = clientOf(host, `session-${order.session}`);
  await addEndpoint(client, order.baseUrl);
  const prompts = await Promise.all(promptNames.map((name) => openPrompt(client, name)));
  const session: Session = { host, client, prompts };
  if (order.unanswered !== null) await act(session, compareAgain(order.unanswered));
  for (let count = 0; ; count += 1) {
    const token = `s${order.session}-${count}`;
    await act(session, choose(token));
    // Comparisons go on meanwhile.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
  }
}

interface Session {
  readonly host: Host;
  readonly client: Client;
  /** Ids of prompts. */
  readonly prompts: readonly string[];
}

interface Act {
  readonly kind: Acknowledged['kind'];
  readonly token: string;
  /** It may have been done before. */
  readonly isAgain?: boolean;
  /** Null when there was nothing to do. */
  readonly run: (session: Session) => Promise<Acknowledged | null>;
}

async function act(session: Session, { kind, token, run, isAgain = false }: Act): Promise<void> {
  try {
    const { rev } = await session.host.database.selectFrom('workspace').select('rev').executeTakeFirstOrThrow();
    report({ kind: 'begun', what: kind, token });
    const what = await run(session);
    // What was done before an earlier session heard of it has its stamp from then.
    if (what !== null) report({ kind: 'done', since: isAgain ? -1 : rev, what });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'conflict' || code === 'not_found') return report({ kind: 'conflict', what: kind });
    report({ kind: 'failed', what: kind, message: `${code ?? ''} ${message}` });
  }
}

function choose(token: string): Act {
  const dice = Math.random();
  if (dice < 0.3) return saveDraft(token);
  if (dice < 0.45) return saveVersion(token);
  if (dice < 0.6) return moveLabel(token);
  if (dice < 0.7) return setTags(token);
  if (dice < 0.78) return startRun(token);
  if (dice < 0.9) return compare(token);
  return dice < 0.95 ? rerunSome(token) : cancelOne(token);
}

const anyOf = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)]!;

const saveDraft = (token: string): Act => ({
  kind: 'draft',
  token,
  async run({ client, prompts }) {
    const promptId = anyOf(prompts);
    const { draft } = await client.prompts.get({ id: promptId });
    const content = contentOf(`A prompt of some length.\nLast changed by ${token}.`);
    const { revision } = await client.prompts.saveDraft({ id: promptId, revision: draft.revision, content });
    return { kind: 'draft', promptId, revision, token };
  },
});

const saveVersion = (token: string): Act => ({
  kind: 'version',
  token,
  async run({ client, prompts }) {
    const promptId = anyOf(prompts);
    const { version, created } = await client.versions.save({ promptId, note: token });
    return created ? { kind: 'version', promptId, id: version.id, hash: version.hash } : null;
  },
});

const moveLabel = (token: string): Act => ({
  kind: 'label',
  token,
  async run({ client, prompts }) {
    const [promptId, name] = [anyOf(prompts), anyOf(labels)];
    const { items } = await client.versions.list({ promptId, limit: 10 });
    const placed = (await client.labels.list({ promptId })).find((label) => label.name === name);
    const others = items.filter(({ id }) => id !== placed?.version.id);
    if (placed && Math.random() < 0.3) {
      await client.labels.remove({ promptId, name, reason: token, confirm: true });
      return { kind: 'label', promptId, token, versionId: null };
    }
    if (others.length === 0) return null;
    const { version } = await client.labels.move({
      promptId,
      name,
      versionId: anyOf(others).id,
      reason: token,
      confirm: true,
    });
    // Where another session has just put it, nothing is recorded.
    const moves = await client.labels.history({ promptId, name, limit: 20 });
    if (!moves.items.some(({ reason }) => reason === token)) return null;
    return { kind: 'label', promptId, token, versionId: version.id };
  },
});

const setTags = (token: string): Act => ({
  kind: 'tags',
  token,
  async run({ client, prompts }) {
    const promptId = anyOf(prompts);
    await client.prompts.update({ id: promptId, changes: { tags: ['kept', token] } });
    return { kind: 'tags', promptId, token };
  },
});

const startRun = (token: string): Act => ({
  kind: 'run',
  token,
  async run({ client }) {
    const { id } = await client.runs.start({ content: contentOf(`Run ${token}`), model: 'lab/tick', key: token });
    return { kind: 'run', id };
  },
});

const compare = (token: string): Act => ({
  kind: 'compare',
  token,
  async run({ client }) {
    const { items } = await client.comparisons.list({ limit: 50 });
    const over = items.filter(({ status }) => status !== 'running');
    if (items.length >= keptComparisons && over.length > 0) {
      const { id } = over.at(-1)!;
      report({ kind: 'removing', id });
      await client.comparisons.remove({ id });
      return { kind: 'remove', id };
    }
    return items.length - over.length >= 2 ? null : startComparison(client, token);
  },
});

/** The same start once more, as a client sends it that had no answer. */
const compareAgain = (token: string): Act => ({
  kind: 'compare',
  token,
  isAgain: true,
  run: ({ client }) => startComparison(client, token),
});

async function startComparison(client: Client, token: string): Promise<Acknowledged> {
  const content = contentOf('Say {{ cell }}.', { inputs: [{ name: 'cell', type: 'string' }] });
  const { id } = await client.comparisons.start({
    title: token,
    prompts: [{ content }],
    models: [...modelNames],
    rows: Array.from({ length: rowsEach }, (_, row) => ({ cell: askedOf(token, row) })),
    concurrency: 4,
    key: token,
  });
  return { kind: 'compare', id, token };
}

const rerunSome = (token: string): Act => ({
  kind: 'rerun',
  token,
  async run({ client }) {
    const { items } = await client.comparisons.list({ limit: 50 });
    const finished = items.filter(({ status }) => status === 'finished');
    if (finished.length === 0) return null;
    const { id } = anyOf(finished);
    const cells = await client.runs.list({ comparisonId: id, status: 'succeeded', limit: 5 });
    if (cells.items.length === 0) return null;
    await client.comparisons.rerun({ id, cells: cells.items.map((cell) => cell.id) });
    return { kind: 'rerun', id };
  },
});

const cancelOne = (token: string): Act => ({
  kind: 'cancel',
  token,
  async run({ client }) {
    const { items } = await client.comparisons.list({ limit: 50 });
    const running = items.find(({ status }) => status === 'running');
    if (!running) return null;
    await client.comparisons.cancel({ id: running.id });
    return { kind: 'cancel', id: running.id };
  },
});

async function addEndpoint(client: Client, baseUrl: string): Promise<void> {
  await client.models.addEndpoint({ name: 'lab', baseUrl, maxConcurrency: 8 }).catch(ignoreConflict);
}

/** Of two sessions that open at once one may have been faster. */
function ignoreConflict(error: unknown): void {
  if ((error as { code?: string }).code !== 'conflict') throw error;
}

async function openPrompt(client: Client, name: string): Promise<string> {
  const find = async () => (await client.prompts.find({ name })).id;
  return find().catch(async () => {
    await client.prompts.create({ name, content: contentOf(name) }).catch(ignoreConflict);
    return find();
  });
}
