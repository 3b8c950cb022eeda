import { expect } from 'vitest';
import type { Client } from '../../client/connection.ts';
import { eventually, failureOf, type Side } from '../world.ts';
import type { ServiceCase } from './case.ts';

async function addModels({ client, endpoint }: Side): Promise<void> {
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint, maxRetries: 0 });
  await client.models.addRemote({ endpoint: 'lab', model: 'echo', price: { inputPerMillion: 1, outputPerMillion: 1 } });
}

async function finished(client: Client, id: string) {
  for await (const event of await client.runs.watch({ id })) if (event.kind === 'finished') return event.run;
  throw new Error('The watch ended without a finished run.');
}

const greeting = { inputs: [{ name: 'name', type: 'string' as const }] };

export const runCases: readonly ServiceCase[] = [
  {
    name: 'endpoints and their models are kept, changed, offered and removed',
    async run(side) {
      const { client } = side;
      await addModels(side);
      const again = client.models.addEndpoint({ name: 'lab', baseUrl: side.endpoint });
      expect((await failureOf(again)).code).toBe('conflict');
      const [endpoint] = await client.models.listEndpoints();
      await client.models.updateEndpoint({ id: endpoint!.id, changes: { title: side.mark } });
      expect((await client.models.listOffers({ id: endpoint!.id, query: 'echo' })).matching).toBeGreaterThan(0);
      expect(await client.models.checkEndpoint({ id: endpoint!.id })).toMatchObject({ kind: 'ok' });
      await client.models.updateRemote({ id: 'lab/echo', title: `Echo ${side.mark}`, neverSend: ['seed'] });
      expect(await client.models.get({ id: 'lab/echo' })).toMatchObject({
        title: `Echo ${side.mark}`,
        neverSend: ['seed'],
      });
      await client.models.forgetRefused({ id: 'lab/echo' });
      expect((await client.models.list()).filter(({ kind }) => kind === 'remote')).toHaveLength(1);
      await client.models.remove({ id: 'lab/echo' });
      await client.models.removeEndpoint({ id: endpoint!.id });
      expect(await client.models.listEndpoints()).toEqual([]);
    },
  },
  {
    name: 'a run streams, is kept, found, scored and removed, and the same start twice is one run',
    async run(side) {
      const { client, mark, content } = side;
      await addModels(side);
      const prompt = await client.prompts.create({
        name: 'hello',
        content: content('Say hello to {{ name }}', greeting),
      });
      const start = { promptId: prompt.id, inputs: { name: `Grace ${mark}` }, model: 'lab/echo', key: 'once' };
      const { id } = await client.runs.start(start);
      expect(await client.runs.start(start)).toEqual({ id });
      const run = await finished(client, id);
      const said = `Say hello to Grace ${mark} (${mark})`;
      expect(run).toMatchObject({ status: 'succeeded', output: expect.stringContaining(said), promptId: prompt.id });
      expect(await client.runs.get({ id })).toEqual(run);
      await client.runs.score({ id, score: 0.5 });
      expect(await client.runs.list({ promptId: prompt.id, model: 'lab/echo', status: 'succeeded' })).toMatchObject({
        items: [{ id, score: 0.5 }],
        total: 1,
      });
      const found = await eventually(async () => {
        const { items } = await client.runs.list({ search: 'grace' });
        return items.length > 0 && items;
      });
      expect(found.map((item) => item.id)).toEqual([id]);
      const endless = await client.runs.start({ content: content('x'), model: 'lab/endless' });
      for await (const event of await client.runs.watch({ id: endless.id })) if (event.kind === 'delta') break;
      await client.runs.cancel({ id: endless.id });
      expect((await finished(client, endless.id)).status).toBe('cancelled');
      await client.runs.remove({ ids: [id, endless.id] });
      expect((await client.runs.list({})).total).toBe(0);
      expect((await client.runs.list({ search: 'grace' })).total).toBe(0);
    },
  },
  {
    name: 'a comparison asks every cell, is run again where it failed, stopped, renamed and removed',
    async run(side) {
      const { client, mark, content } = side;
      await addModels(side);
      const start = {
        title: `Greetings ${mark}`,
        prompts: [{ content: content('Hello {{ name }}', greeting) }, { content: content('Bye {{ name }}', greeting) }],
        models: ['lab/echo', 'lab/fail-500'],
        rows: [{ name: 'Ada' }, { name: 'Grace' }, { name: mark }],
        key: 'once',
      };
      const { id } = await client.comparisons.start(start);
      expect(await client.comparisons.start(start)).toEqual({ id });
      const watched = async () => {
        for await (const event of await client.comparisons.watch({ id }))
          if (event.kind === 'totals' && event.status !== 'running') return event;
        throw new Error('The watch ended without totals.');
      };
      const sums = async () => (await watched()).totals.map(({ succeeded, failed }) => [succeeded, failed]);
      const expected = [
        [6, 0],
        [0, 6],
      ];
      expect(await sums()).toEqual(expected);
      await client.comparisons.rerun({ id, cells: 'failed' });
      expect(await sums()).toEqual(expected);
      await client.comparisons.rename({ id, title: `Renamed ${mark}` });
      expect(await client.comparisons.get({ id })).toMatchObject({ title: `Renamed ${mark}`, status: 'finished' });
      const { items, total } = await client.comparisons.list({});
      expect([items.map(({ cells, succeeded, failed }) => [cells, succeeded, failed]), total]).toEqual([
        [[12, 6, 6]],
        1,
      ]);
      expect((await client.runs.list({ comparisonId: id })).total).toBeGreaterThanOrEqual(12);
      const endless = await client.comparisons.start({ prompts: [{ content: content('x') }], models: ['lab/endless'] });
      await client.comparisons.cancel({ id: endless.id });
      await eventually(async () => (await client.comparisons.get({ id: endless.id })).status === 'cancelled');
      await client.comparisons.remove({ id });
      await client.comparisons.remove({ id: endless.id });
      expect((await client.comparisons.list({})).total).toBe(0);
    },
  },
  {
    name: 'who changed what everybody shares, or deleted what was everybody’s, stands in the audit, and no key does',
    async run(side) {
      const { client, content } = side;
      const { id: prompt } = await client.prompts.create({ name: 'answered', content: content('x') });
      const { version } = await client.versions.save({ promptId: prompt });
      const label = { promptId: prompt, name: 'staging', versionId: version.id };
      const [key, otherKey] = [`canary-${crypto.randomUUID()}`, `canary-${crypto.randomUUID()}`];
      let endpoint = '';
      const run = async () => {
        const { id } = await client.runs.start({ content: content('x'), model: 'lab/echo' });
        await finished(client, id);
        return id;
      };
      const steps: readonly (readonly [() => Promise<unknown>, readonly string[]])[] = [
        [() => client.labels.move(label), ['label.move']],
        [() => client.labels.remove(label), ['label.remove']],
        [() => client.labels.protect({ name: 'staging', protected: true }), ['setting.change']],
        [() => client.settings.update({ author: `Ada ${side.mark}` }), ['person.rename']],
        [() => client.library.createProject({ name: 'team' }), []],
        [() => client.library.renameProject({ from: 'team', to: 'crew' }), ['project.rename']],
        [() => client.library.removeProject({ name: 'crew' }), ['project.remove']],
        [
          async () => {
            const baseUrl = `${side.endpoint}?api-key=${key}`;
            ({ id: endpoint } = await client.models.addEndpoint({ name: 'other', baseUrl, key }));
          },
          ['endpoint.add', 'key.set'],
        ],
        [
          () => client.models.updateEndpoint({ id: endpoint, changes: { title: 'New', maxRetries: 0 } }),
          ['endpoint.change'],
        ],
        [() => client.models.updateEndpoint({ id: endpoint, changes: { title: 'New' } }), []],
        [() => client.models.updateEndpoint({ id: endpoint, changes: {}, key: otherKey }), ['key.set']],
        [() => client.models.updateEndpoint({ id: endpoint, changes: { keyEnv: 'CANARY_NAME' } }), ['key.set']],
        // Another origin: neither the key nor its variable goes along.
        [
          () => client.models.updateEndpoint({ id: endpoint, changes: { baseUrl: 'http://127.0.0.1:9/v1' } }),
          ['endpoint.move', 'key.remove', 'key.remove'],
        ],
        [() => client.models.updateEndpoint({ id: endpoint, changes: {}, key: null }), []],
        [() => client.models.updateEndpoint({ id: endpoint, changes: {}, key }), ['key.set']],
        [() => client.models.updateEndpoint({ id: endpoint, changes: {}, key: null }), ['key.remove']],
        [() => client.models.removeEndpoint({ id: endpoint }), ['endpoint.remove']],
        [() => addModels(side), ['endpoint.add', 'model.add']],
        [() => client.models.updateRemote({ id: 'lab/echo', price: null }), ['model.change']],
        [async () => client.runs.remove({ ids: [await run(), await run()] }), ['run.remove', 'run.remove']],
        [
          async () => {
            const { id } = await client.comparisons.start({
              prompts: [{ content: content('x') }],
              models: ['lab/echo'],
            });
            for await (const _ of await client.comparisons.watch({ id }));
            await client.comparisons.remove({ id });
          },
          ['comparison.remove'],
        ],
        [() => client.models.remove({ id: 'lab/echo' }), ['model.remove']],
        [() => client.prompts.setStatus({ ids: [prompt], status: 'trashed' }), []],
        [() => client.prompts.purge({ ids: [prompt] }), ['prompt.purge']],
      ];
      const entries = () =>
        side.read(({ db }) => db.selectFrom('audit').selectAll().orderBy('at').orderBy('id').execute());
      for (const [step, expected] of steps) {
        const before = new Set((await entries()).map(({ id }) => id));
        await step();
        const written = (await entries()).filter(({ id }) => !before.has(id));
        expect(
          written.map(({ action }) => action),
          String(step),
        ).toEqual(expected);
        expect(written.every(({ actor_kind }) => actor_kind === 'person')).toBe(true);
      }
      const text = JSON.stringify(await entries());
      for (const secret of [key, otherKey]) expect(text).not.toContain(secret);
      expect(text).toContain('CANARY_NAME');
    },
  },
  {
    name: 'settings and what windows remember are kept',
    async run({ client, mark }) {
      await client.settings.update({ author: `Ada ${mark}`, defaultModel: mark, theme: 'dark' });
      expect(await client.settings.get()).toMatchObject({ author: `Ada ${mark}`, defaultModel: mark, theme: 'dark' });
      await client.settings.setState({ key: 'layout', value: { mark } });
      expect(await client.settings.getState({ key: 'layout' })).toEqual({ mark });
    },
  },
];
