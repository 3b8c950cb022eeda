import { client } from '../../live/api.ts';
import { openPrompt } from '../../workbench/navigation/open-prompt.ts';

/** Shows the sample prompt that a person meets first; nothing when all samples are gone. */
export async function openSample(): Promise<void> {
  const { items } = await client.prompts.list({ order: 'name', limit: 100 });
  const samples = items.filter((prompt) => prompt.source === 'system');
  const first = samples.find((prompt) => prompt.name.includes('greeting')) ?? samples[0];
  if (first !== undefined) openPrompt(first);
}
