import { attempt } from '../../components/overlays/attempt.ts';
import { client } from '../../live/api.ts';
import { openPrompt } from './open-prompt.ts';

/** Opens the prompt that a template includes as `name`, `name@label` or `name@12`. */
export async function openIncluded(name: string): Promise<void> {
  const prompt = await attempt('The prompt was not opened', () =>
    client.prompts.find({ name: name.replace(/@.*$/, '') }),
  );
  if (prompt !== null) openPrompt(prompt);
}
