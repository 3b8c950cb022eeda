import { client } from '../../live/api.ts';
import type { FoundPrompt } from '../../monaco/template/template-scope.ts';

/** What a template gets when it includes that name; null when there is no such prompt or the host is away. */
export async function readIncluded(name: string): Promise<string | null> {
  return (await client.prompts.includes({ names: [name] }).catch(() => null))?.[name]?.source ?? null;
}

/** Prompts, other than the one that asks, whose names fit what was typed of one; none while the host is away. */
export async function findPrompts(typed: string, exceptId: string): Promise<readonly FoundPrompt[]> {
  try {
    const { items } = await client.prompts.list({ search: '', limit: 500, order: 'name' });
    return items
      .filter(({ id, name }) => id !== exceptId && name.includes(typed))
      .map(({ name, title, description }) => ({ name, title, description, read: () => readIncluded(name) }));
  } catch {
    return [];
  }
}
