import { canonicalJson } from '../../content/hash-content.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import { createLosses, type Losses } from '../losses.ts';
import { extensionKey, splitBody, type WrittenBody } from '../markdown/prompt-extension.ts';
import { toContent } from '../prompt-draft.ts';
import { isMapping } from '../text/read-yaml.ts';
import { reportLost } from './report-lost.ts';
import { keptFrom, writeFrontMatter } from './written-yaml.ts';

/** Markdown with front matter as Promptory reads it; what it has no keys for stands below a key of ours. */
export function writeMarkdown(prompt: ImportedPrompt, losses: Losses): WrittenFile {
  const { content, description, tags, labels, active } = prompt;
  reportLost(
    prompt,
    [
      ...(['title', 'description', 'tags', 'labels', 'model', 'fallbacks', 'parameters', 'tools'] as const),
      ...(['response-schema', 'samples', 'inactive'] as const),
    ],
    losses,
  );
  if (content.settings.extra !== undefined && content.extra === undefined)
    losses.add(
      'approximated',
      'extra',
      'settings.extra',
      `It stands below "${extensionKey}", which only PromptDev reads.`,
    );
  const written = splitBody(prompt);
  const { body, role, messages } = written;
  if (messages !== undefined)
    losses.add(
      'approximated',
      'messages',
      'messages',
      `The messages beside the text stand below "${extensionKey}", which only PromptDev reads.`,
    );
  const { environment, model, parameters: _, ...kept } = keptFrom(prompt, ['promptory', 'markdown']);
  const { version, ...others } = kept;
  const environments = [...labels, ...(Array.isArray(environment) ? environment : [])];
  const matter = {
    name: prompt.name,
    title: prompt.title === '' || prompt.title === prompt.name ? undefined : prompt.title,
    version,
    type: prompt.type,
    description: description === '' ? undefined : description,
    role,
    model: modelOf(content, model),
    environment: environments.length < 2 ? (environments[0] ?? undefined) : environments,
    active: active ? undefined : false,
    tags: tags.length === 0 ? undefined : tags,
    ...others,
    [extensionKey]: extensionOf(content, written),
  };
  return { path: `${prompt.name}.md`, text: writeFrontMatter(matter, body) };
}

function modelOf({ settings }: PromptContent, kept: unknown) {
  const { model, fallbacks, temperature, maxTokens, topP } = settings;
  const values = {
    default: model ?? undefined,
    fallback: fallbacks.length === 0 ? undefined : fallbacks,
    temperature,
    max_tokens: maxTokens,
    top_p: topP,
    ...(isMapping(kept) && kept),
  };
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}

/** What Promptory has no key for; undefined where there is nothing. */
function extensionOf(content: PromptContent, { messages }: WrittenBody) {
  const { syntax, inputs, settings, tools, responseSchema, samples } = content;
  const { stop, seed, extra } = settings;
  const inferred = toContent({ name: 'x', syntax, messages: content.messages }, createLosses());
  const isInferred = canonicalJson(inferred.inputs) === canonicalJson(inputs);
  const more = Object.entries({ stop, seed, extra }).filter(([, value]) => value !== undefined);
  const values = {
    syntax: syntax === 'jinja' ? undefined : syntax,
    messages,
    inputs: isInferred ? undefined : inputs,
    settings: more.length === 0 ? undefined : Object.fromEntries(more),
    tools: tools.length === 0 ? undefined : tools,
    responseSchema: responseSchema ?? undefined,
    samples: samples.length === 0 ? undefined : samples,
  };
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}
