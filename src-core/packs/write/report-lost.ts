import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';

/** What a prompt has besides its messages and inputs. */
export const promptParts = [
  ...(['title', 'description', 'tags', 'labels', 'versions', 'model', 'fallbacks', 'parameters', 'tools'] as const),
  ...(['response-schema', 'samples', 'extra', 'inactive'] as const),
] as const;
export type PromptPart = (typeof promptParts)[number];

const names: Readonly<Record<PromptPart, string>> = {
  title: 'title',
  description: 'description',
  tags: 'tags',
  labels: 'labels',
  versions: 'versions before the newest',
  model: 'model',
  fallbacks: 'models to fall back on',
  parameters: 'parameters of the model',
  tools: 'tools',
  'response-schema': 'schema of the answer',
  samples: 'sample inputs',
  extra: 'fields of one provider',
  inactive: 'prompts that are put away',
};

/** One loss for each thing that a prompt has and the format that is written has not; `homes` is what the format has. */
export function reportLost(prompt: ImportedPrompt, homes: readonly PromptPart[], losses: Losses): void {
  for (const part of promptParts)
    if (!homes.includes(part) && has(prompt, part))
      losses.add('dropped', part, prompt.name, `The format has no place for this: ${names[part]}.`);
}

function has({ content, ...prompt }: ImportedPrompt, part: PromptPart): boolean {
  const { model, fallbacks, extra, ...parameters } = content.settings;
  switch (part) {
    case 'title':
    case 'description':
      return prompt[part] !== '';
    case 'tags':
    case 'labels':
    case 'versions':
      return prompt[part].length > 0;
    case 'model':
      return model !== null;
    case 'fallbacks':
      return fallbacks.length > 0;
    case 'parameters':
      return Object.values(parameters).some((value) => value !== undefined);
    case 'tools':
    case 'samples':
      return content[part].length > 0;
    case 'response-schema':
      return content.responseSchema !== null;
    case 'extra':
      return content.extra !== undefined || extra !== undefined;
    case 'inactive':
      return !prompt.active;
  }
}
