import { describe, expect, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { contentOf, eventually, finishedRun, openTestHost } from './testing/test-host.ts';

const paragraph =
  'You are a support agent of a small shop: be brief, be kind, ask one question at a time, and never say no to a refund if it is due.';
const without = (word: string) => paragraph.replace(new RegExp(`\\b${word}\\b,? ?`), '');

describe('a search of many words', () => {
  test('finds prompts, versions and runs that have all of them, however short, and no others', async () => {
    const endpoint = await startScriptedEndpoint();
    const { client } = await openTestHost();
    await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
    const texts = { whole: paragraph, first: without('if'), second: without('no'), third: without('kind') };
    for (const [name, text] of Object.entries(texts)) {
      const { id } = await client.prompts.create({ name, content: contentOf(text) });
      await client.versions.save({ promptId: id });
      await finishedRun(client, (await client.runs.start({ content: contentOf(text), model: 'lab/echo' })).id);
    }
    await endpoint.close();
    await eventually(async () => (await client.runs.list({ search: 'refund' })).total === 4);
    const shuffled = paragraph.split(' ').reverse().join(' ');
    for (const search of [paragraph, shuffled, `"${paragraph}"`, paragraph.replaceAll(/[ :,]+/g, '-')]) {
      expect(await found(client, search), search).toEqual(['whole']);
      expect(
        (await client.runs.list({ search })).items.map(({ excerpt }) => excerpt),
        search,
      ).toEqual([paragraph]);
      const everywhere = await client.library.search({ query: search });
      expect(new Set(everywhere.items.map(({ name }) => name)), search).toEqual(new Set(['whole', '']));
    }
    expect(await found(client, `${shuffled} zebra`)).toEqual([]);
    expect(await found(client, 'support agent small shop brief question time q')).toHaveLength(4);
    expect(await found(client, 'support agent small shop brief question time x')).toEqual([]);
    // What is found only in what a prompt said before, too.
    const { id, draft } = await client.prompts.find({ name: 'whole' });
    await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('gone') });
    expect(await found(client, shuffled)).toEqual(['whole']);
    expect(await found(client, `tag:none ${shuffled}`)).toEqual([]);
  });
});

async function found(client: Client, search: string): Promise<string[]> {
  return (await client.prompts.list({ search })).items.map(({ name }) => name);
}
