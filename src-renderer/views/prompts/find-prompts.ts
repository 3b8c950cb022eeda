import { client } from '../../api.ts';

/** Names of prompts that fit what was typed of one; none while the host is away. */
export async function findPromptNames(typed: string): Promise<readonly string[]> {
  try {
    const { items } = await client.prompts.list({ search: '', limit: 500, order: 'name' });
    return items.map((prompt) => prompt.name).filter((name) => name.includes(typed));
  } catch {
    return [];
  }
}
