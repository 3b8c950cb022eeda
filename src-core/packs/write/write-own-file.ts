import type { InputDeclaration, PromptContent } from '../../contract/content.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { reportLost } from './report-lost.ts';
import { writeYaml } from './written-yaml.ts';

/** A prompt file of PromptDev: everything of the content, without what is the usual anyway. */
export function writeOwnFile(prompt: ImportedPrompt, losses: Losses): WrittenFile {
  const { content, title, description, tags } = prompt;
  reportLost(
    prompt,
    [
      ...(['title', 'description', 'tags', 'model', 'fallbacks', 'parameters', 'tools', 'response-schema'] as const),
      ...(['samples', 'extra'] as const),
    ],
    losses,
  );
  const { syntax, messages, inputs, tools, responseSchema, samples, extra } = content;
  const text = writeYaml({
    title: title === '' ? undefined : title,
    description: description === '' ? undefined : description,
    tags: tags.length === 0 ? undefined : tags,
    syntax: syntax === 'jinja' ? undefined : syntax,
    messages,
    inputs: inputs.length === 0 ? undefined : inputs.map(writeInput),
    settings: writeSettings(content),
    tools: tools.length === 0 ? undefined : tools,
    responseSchema: responseSchema ?? undefined,
    samples: samples.length === 0 ? undefined : samples,
    extra,
  });
  return { path: `${prompt.name}.yaml`, text };
}

function writeInput({ required, description, ...input }: InputDeclaration) {
  return { ...input, ...(!required && { required }), ...(description !== '' && { description }) };
}

function writeSettings({ settings }: PromptContent) {
  const { model, fallbacks, ...others } = settings;
  const values = { ...(model !== null && { model }), ...(fallbacks.length > 0 && { fallbacks }), ...others };
  return Object.keys(values).length === 0 ? undefined : values;
}
