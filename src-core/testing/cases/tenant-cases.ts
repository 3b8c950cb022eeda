import { expect } from 'vitest';
import type { Client } from '../../client/connection.ts';
import type { Change } from '../../contract/workspace.ts';
import { sleep } from '../../follow.ts';
import { eventually, failureOf, type Side } from '../world.ts';
import type { ServiceCase } from './case.ts';

/** Follows the changes that a window is told of, until `stop`. */
async function follow(client: Client) {
  const abort = new AbortController();
  const changes: Change[] = [];
  const stream = await client.workspace.changes(undefined, { signal: abort.signal });
  const done = (async () => {
    try {
      for await (const change of stream) changes.push(change);
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  })();
  return {
    changes,
    async stop() {
      abort.abort();
      await done;
    },
  };
}

/** Everything that can be asked for by an id, and each of the ids that a side has. */
async function reachable({ client, content }: Side) {
  const { id } = await client.prompts.create({ name: 'secret', content: content('Keep it') });
  const { version } = await client.versions.save({ promptId: id });
  await client.labels.move({ promptId: id, name: 'staging', versionId: version.id });
  const step = (await client.prompts.draftSteps({ id })).items[0]!.step;
  return { id, version: version.id, step };
}

type Ids = Awaited<ReturnType<typeof reachable>>;

const questions: readonly ((client: Client, own: Ids, asked: Ids) => Promise<unknown>)[] = [
  (client, _, { id }) => client.prompts.get({ id }),
  (client, _, { id }) => client.prompts.update({ id, changes: { title: 'x' } }),
  (client, _, { id }) => client.prompts.duplicate({ id }),
  (client, _, { id }) => client.prompts.setStatus({ ids: [id], status: 'trashed' }),
  (client, _, { id }) => client.prompts.purge({ ids: [id] }),
  (client, _, { id }) => client.prompts.undoDraft({ id }),
  (client, _, { id }) => client.prompts.discardDraft({ id }),
  (client, _, { id }) => client.prompts.draftSteps({ id }),
  (client, own, { step }) => client.prompts.draftStep({ id: own.id, step }),
  (client, own, { step }) => client.prompts.goToStep({ id: own.id, step }),
  (client, _, { id }) => client.prompts.render({ id, inputs: {} }),
  (client, _, { id }) => client.versions.save({ promptId: id }),
  (client, _, { id }) => client.versions.list({ promptId: id }),
  (client, _, { version }) => client.versions.get({ id: version }),
  (client, _, { version }) => client.versions.blame({ id: version }),
  (client, _, { version }) => client.versions.restore({ id: version, mode: 'onTop' }),
  (client, own, { version }) =>
    client.versions.diff({
      before: { kind: 'version', versionId: version },
      after: { kind: 'version', versionId: own.version },
    }),
  (client, own, { version }) => client.versions.previewMerge({ promptId: own.id, theirs: version }),
  (client, own, { version }) => client.labels.move({ promptId: own.id, name: 'staging', versionId: version }),
  (client, own, { id }) => client.labels.move({ promptId: id, name: 'staging', versionId: own.version }),
  (client, _, { id }) => client.labels.list({ promptId: id }),
  (client, _, { id }) => client.labels.rollback({ promptId: id, name: 'staging' }),
  (client, _, { id }) => client.labels.remove({ promptId: id, name: 'staging' }),
  (client, _, { id }) => client.prompts.summaries({ ids: [id] }),
  (client, _, { id }) => client.library.whereUsed({ id }),
  (client, _, { id }) => client.library.rename({ id, name: 'mine-now', rewriteIncludes: false }),
  (client, _, { id }) => client.library.moveToProject({ ids: [id], project: 'default' }),
  (client, _, { id }) => client.library.tag({ ids: [id], add: ['x'] }),
  (client, _, { id }) => client.runs.start({ promptId: id, model: 'lab/echo' }),
  (client, _, { version }) => client.runs.get({ id: version }),
  (client, _, { id }) => client.comparisons.get({ id }),
];

/** What comes of a question, without the ids that were asked with. */
async function outcome(call: Promise<unknown>, { id, version, step }: Ids): Promise<string> {
  const text = await call.then(
    (answer) => `answered ${JSON.stringify(answer)}`,
    (error: Error & { code?: string; details?: unknown }) =>
      `${error.code}: ${error.message} ${JSON.stringify(error.details)}`,
  );
  return text.replaceAll(id, '…').replaceAll(version, '…').replaceAll(step, '…');
}

/** Waits until the other side has come as far. */
function createMeeting<Brought>() {
  const brought = new WeakMap<Side, Brought>();
  return async (side: Side, other: Side, mine: Brought): Promise<Brought> => {
    brought.set(side, mine);
    await eventually(async () => brought.has(other), side.abandoned);
    return brought.get(other)!;
  };
}

const meetWithIds = createMeeting<Ids>();
const meetAtTheEnd = createMeeting<null>();

export const tenantCases: readonly ServiceCase[] = [
  {
    name: 'an id of another tenant is answered like one that nobody has, and nothing of theirs is changed by it',
    async run(side, other) {
      const { client } = side;
      const own = await reachable(side);
      const theirs = await meetWithIds(side, other, own);
      const nobodys = { id: crypto.randomUUID(), version: crypto.randomUUID(), step: crypto.randomUUID() };
      for (const [i, ask] of questions.entries()) {
        const expected = await outcome(ask(client, own, nobodys), nobodys);
        expect(await outcome(ask(client, own, theirs), theirs), `question ${i}`).toBe(expected);
      }
      await meetAtTheEnd(side, other, null);
      expect(await client.prompts.get({ id: own.id })).toMatchObject({
        name: 'secret',
        title: '',
        tags: [],
        status: 'active',
      });
      expect(await client.labels.list({ promptId: own.id })).toMatchObject([{ name: 'latest' }, { name: 'staging' }]);
      expect((await client.versions.list({ promptId: own.id })).total).toBe(1);
    },
  },
  {
    name: 'what another tenant wrote is found by no search, filter, name, tag, label, author or hash',
    async run(side, other) {
      const { client } = side;
      const made = await reachable(side);
      await client.prompts.update({ id: made.id, changes: { tags: [side.mark], title: side.mark } });
      await client.models.addEndpoint({ name: 'lab', baseUrl: side.endpoint, maxRetries: 0 });
      const run = await client.runs.start({ content: side.content('Say it'), model: 'lab/echo' });
      for await (const _ of await client.runs.watch({ id: run.id }));
      await eventually(async () => (await client.runs.list({ search: side.mark })).total === 1, side.abandoned);
      await meetWithIds(side, other, made);
      for (const query of [other.mark, `"${other.mark}"`, other.mark.slice(0, 3)]) {
        expect((await client.prompts.list({ search: query })).total, query).toBe(0);
        expect((await client.library.search({ query })).total, query).toBe(0);
        expect((await client.runs.list({ search: query })).total, query).toBe(0);
      }
      expect((await client.prompts.list({ search: `tag:${other.mark}` })).total).toBe(0);
      expect((await client.prompts.list({ tags: [other.mark] })).total).toBe(0);
      expect((await client.prompts.list({})).total).toBe(1);
      expect((await client.versions.log({})).total).toBe(1);
      expect((await client.runs.list({})).total).toBe(1);
      expect(await client.library.projects()).toHaveLength(1);
      expect(await client.models.listEndpoints()).toHaveLength(1);
      expect(await client.prompts.tags()).toHaveLength(1);
      expect((await client.labels.names()).find(({ name }) => name === 'staging')).toMatchObject({ prompts: 1 });
      expect((await client.versions.list({ promptId: made.id, text: other.mark })).total).toBe(0);
    },
  },
  {
    name: 'windows in every process are told of what changes in their tenant, and of nothing else',
    async run(side, other) {
      const elsewhere = await side.join('Ada', 'elsewhere');
      const here = await follow(side.client);
      const there = await follow(elsewhere);
      const { id } = await side.client.prompts.create({ name: 'followed', content: side.content('x') });
      const sees = (changes: readonly Change[]) =>
        changes.some(({ topic, ids }) => topic === 'prompts' && ids.includes(id));
      for (let n = 0; !(sees(here.changes) && sees(there.changes)); n += 1) {
        // A window that is still subscribing sees the next change.
        await (n % 2 ? elsewhere : side.client).prompts.update({ id, changes: { title: `${side.mark} ${n}` } });
        await sleep(100);
        side.abandoned.throwIfAborted();
        if (n > 150) throw new Error('A window was not told within fifteen seconds.');
      }
      await meetAtTheEnd(side, other, null);
      await Promise.all([here.stop(), there.stop()]);
      const named = [...here.changes, ...there.changes]
        .filter(({ topic }) => topic === 'prompts')
        .flatMap(({ ids }) => ids);
      expect(new Set(named)).toEqual(new Set([id]));
    },
  },
  {
    name: 'a window is told of what changes from its call on, however late it reads',
    async run(side) {
      for (const window of [side.client, await side.join('Ada', 'elsewhere')]) {
        const left = await window.workspace.changes();
        const abort = new AbortController();
        const stream = await window.workspace.changes(undefined, { signal: abort.signal });
        const { id } = await side.client.prompts.create({ name: crypto.randomUUID(), content: side.content('x') });
        await sleep(50);
        await side.client.prompts.update({ id, changes: { title: side.mark } });
        const told: string[] = [];
        for await (const { topic, ids } of stream) {
          if (topic === 'prompts') told.push(...ids);
          if (told.length > 0) break;
        }
        expect(told).toEqual([id]);
        abort.abort();
        await left.return?.(undefined);
      }
    },
  },
  {
    name: 'what one person types is seen, found and noticed by nobody else, and what they save is',
    async run(side) {
      if (!side.isShared) return;
      const { client: ada, content } = side;
      const bob = await side.join('Bob');
      const { id, draft } = await ada.prompts.create({ name: 'private', content: content('First') });
      const window = await follow(bob);
      const saved = await ada.prompts.saveDraft({ id, revision: draft.revision, content: content('Embarrassing') });
      expect(JSON.stringify(await bob.prompts.get({ id }))).not.toContain('Embarrassing');
      expect((await bob.prompts.list({ search: 'embarrassing' })).total).toBe(0);
      // What is not Bob's to see is not empty, and no version of nothing.
      for (const use of [() => bob.prompts.render({ id, inputs: {} }), () => bob.versions.save({ promptId: id })])
        expect((await failureOf(use())).code).toBe('not_found');
      const including = await bob.prompts.render({ content: content('{% include "private" %}'), inputs: {} });
      expect(including.messages).toBeNull();
      expect(JSON.stringify(including.problems)).toContain('private');
      expect((await bob.prompts.draftSteps({ id })).items.map(({ step }) => step)).not.toContain(saved.step);
      const mine = (await bob.prompts.get({ id })).draft;
      await bob.prompts.saveDraft({ id, revision: mine.revision, content: content('Bob’s own') });
      expect((await ada.prompts.get({ id })).draft.content).toEqual(content('Embarrassing'));
      await ada.versions.save({ promptId: id });
      expect((await bob.prompts.list({ search: 'embarrassing' })).total).toBe(1);
      for (let n = 0; !window.changes.some(({ topic }) => topic === 'prompts'); n += 1) {
        await ada.prompts.update({ id, changes: { title: `${n}` } });
        await sleep(100);
        side.abandoned.throwIfAborted();
        if (n > 150) throw new Error('Bob’s window was not told within fifteen seconds.');
      }
      await window.stop();
      const drafts = window.changes.filter(({ topic }) => topic === 'drafts');
      expect(drafts.every(({ origin }) => origin?.startsWith('Bob'))).toBe(true);
    },
  },
  {
    name: 'what the windows of one person remember and how they look is nobody else’s, on one device',
    async run(side) {
      if (!side.isShared) return;
      const { client: ada, mark } = side;
      const bob = await side.join('Bob');
      const window = await follow(bob);
      await ada.settings.setState({ key: 'window.tabs', value: [mark] });
      await ada.settings.update({ theme: 'dark', editorFontSize: 20, welcomeSeen: true, idleUnloadMinutes: 7 });
      expect(await bob.settings.getState({ key: 'window.tabs' })).toBeNull();
      expect(await bob.settings.get()).toMatchObject({ theme: 'system', editorFontSize: 13, welcomeSeen: false });
      await bob.settings.setState({ key: 'window.tabs', value: [] });
      await bob.settings.update({ theme: 'light' });
      expect(await ada.settings.getState({ key: 'window.tabs' })).toEqual([mark]);
      expect(await ada.settings.get()).toMatchObject({ theme: 'dark', editorFontSize: 20, welcomeSeen: true });
      // The computer is the same one for both.
      expect((await bob.settings.get()).idleUnloadMinutes).toBe(7);
      await eventually(async () => window.changes.some(({ ids }) => ids.includes('theme')), side.abandoned);
      await window.stop();
      const told = window.changes.filter(({ topic }) => topic === 'settings');
      expect(told.map(({ ids }) => ids)).toEqual([['idleUnloadMinutes'], ['theme']]);
    },
  },
  {
    name: "a person's first save rests on the version that they saw, and is a conflict when another is the latest by now",
    async run(side) {
      if (!side.isShared) return;
      const { client: ada, content } = side;
      const bob = await side.join('Bob');
      const { id } = await ada.prompts.create({ name: 'begun', content: content('First') });
      await ada.versions.save({ promptId: id });
      const seen = (await bob.prompts.get({ id })).draft;
      expect(seen).toMatchObject({ revision: 0, baseVersion: { number: 1 }, content: content('First') });
      const { draft } = await ada.prompts.get({ id });
      await ada.prompts.saveDraft({ id, revision: draft.revision, content: content('Second') });
      await ada.versions.save({ promptId: id });

      const save = { id, revision: seen.revision, content: content('First, and Bob') };
      const late = await failureOf(bob.prompts.saveDraft({ ...save, baseVersionId: seen.baseVersion!.id }));
      expect(late.code).toBe('conflict');
      const { baseVersion } = (await bob.prompts.get({ id })).draft;
      const saved = await bob.prompts.saveDraft({ ...save, baseVersionId: baseVersion!.id });
      expect(saved).toMatchObject({ revision: 1, canUndo: true });
      expect((await bob.prompts.get({ id })).draft).toMatchObject({ hash: saved.hash, baseVersion: { number: 2 } });
      expect((await ada.prompts.get({ id })).draft.content).toEqual(content('Second'));
    },
  },
];
