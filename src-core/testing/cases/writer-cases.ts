import { expect } from 'vitest';
import type { Client } from '../../client/connection.ts';
import type { Side } from '../world.ts';
import type { ServiceCase } from './case.ts';

/** One person's windows in two processes. */
async function windowsOf(side: Side): Promise<readonly [Client, Client]> {
  return [side.client, await side.join('Ada', 'elsewhere')];
}

/** Does the same eight times at once, from both windows; how often it went well, and the codes of the other times. */
async function eightTimes(windows: readonly [Client, Client], work: (client: Client, n: number) => Promise<unknown>) {
  const results = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => work(windows[n % 2]!, n)));
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as { code?: string }] : [],
  );
  return { done: results.length - failures.length, codes: [...new Set(failures.map(({ code }) => code))] };
}

export const writerCases: readonly ServiceCase[] = [
  {
    name: 'of eight saves that rest on the same draft one is kept, and the others are conflicts',
    async run(side) {
      const windows = await windowsOf(side);
      const { id, draft } = await side.client.prompts.create({ name: 'typed', content: side.content('0') });
      const result = await eightTimes(windows, (client, n) =>
        client.prompts.saveDraft({ id, revision: draft.revision, content: side.content(`${n + 1}`), ownStep: true }),
      );
      expect(result).toEqual({ done: 1, codes: ['conflict'] });
      expect((await side.client.prompts.draftSteps({ id })).total).toBe(2);
    },
  },
  {
    name: 'of eight prompts with one name there is one, and eight tags that come at once are all there',
    async run(side) {
      const windows = await windowsOf(side);
      const created = await eightTimes(windows, (client) =>
        client.prompts.create({ name: 'one', content: side.content('x') }),
      );
      expect(created).toEqual({ done: 1, codes: ['conflict'] });
      const { id } = await side.client.prompts.find({ name: 'one' });
      const tagged = await eightTimes(windows, (client, n) => client.library.tag({ ids: [id], add: [`t${n}`] }));
      expect(tagged.done).toBe(8);
      expect((await side.client.prompts.get({ id })).tags).toHaveLength(8);
    },
  },
  {
    name: 'versions that are saved at once are numbered without gaps, and moves of a label follow one another',
    async run(side) {
      const windows = await windowsOf(side);
      const { client } = side;
      const { id } = await client.prompts.create({ name: 'saved', content: side.content('0') });
      // Saves that find nothing new answer with the version that there is.
      await eightTimes(windows, async (window, n) => {
        const { draft } = await window.prompts.get({ id });
        await window.prompts.saveDraft({ id, revision: draft.revision, content: side.content(`${n + 1}`) });
        await window.versions.save({ promptId: id });
      });
      const { items } = await client.versions.list({ promptId: id, limit: 100 });
      expect(items.length).toBeGreaterThan(0);
      expect(items.map(({ number }) => number)).toEqual(items.map((_, i) => items.length - i));
      const moved = await eightTimes(windows, (window, n) =>
        window.labels.move({ promptId: id, name: 'staging', versionId: items[n % items.length]!.id }),
      );
      expect(moved.done).toBe(8);
      const moves = (await client.labels.history({ promptId: id, name: 'staging', limit: 100 })).items;
      expect(moves.map(({ from }) => from?.id)).toEqual([...moves.slice(1).map(({ to }) => to?.id), undefined]);
    },
  },
  {
    name: 'a run that is started eight times with one key runs once',
    async run(side) {
      const windows = await windowsOf(side);
      await side.client.models.addEndpoint({ name: 'lab', baseUrl: side.endpoint, maxRetries: 0 });
      const start = { content: side.content('x'), model: 'lab/echo', key: 'once' };
      const ids = new Set<string>();
      const started = await eightTimes(windows, async (client) => ids.add((await client.runs.start(start)).id));
      expect(started.done).toBe(8);
      expect(ids.size).toBe(1);
      for await (const _ of await side.client.runs.watch({ id: [...ids][0]! }));
      expect((await side.client.runs.list({})).total).toBe(1);
    },
  },
];
