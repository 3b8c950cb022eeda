import { readContentFile } from '../../content/files/read-content-file.ts';
import { normaliseContent } from '../../content/hash-content.ts';
import { includedNames } from '../../content/templates/includes-of.ts';
import { contentSchema } from '../../contract/content.ts';
import { AppError } from '../../scope/errors.ts';
import type { Format, Sureness } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { matterKeys } from '../markdown/markdown-file.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { lookAtMapping } from '../text/look-at-mapping.ts';
import { fileStem, promptName } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';
import { writeOwnFile } from '../write/write-own-file.ts';

type Values = Readonly<Record<string, unknown>>;

const metadataKeys = ['title', 'description', 'tags'];
const contentKeys = Object.keys(contentSchema.shape);
const knownKeys = [...metadataKeys, 'template', ...contentKeys];

/** Prompt files of PromptDev itself, as `promptdev create --file` takes them: YAML, JSON, or front matter above a text. */
export const promptdev: Format = {
  title: 'PromptDev',
  ids: ['promptdev'],
  detect(source) {
    const isText = /\.(?:md|markdown|txt|jinja2?|j2)$/.test(source.name);
    const values = isText ? matterKeys(source) : lookAtMapping(source, ['template', 'messages']);
    const sureness = values === null ? null : surenessOf(values, isText);
    return sureness && { id: 'promptdev', sureness };
  },
  async read(source, { id }, losses) {
    return { prompts: [readOwn(source, id, losses)] };
  },
  write: (prompts, losses) => prompts.map((prompt) => writeOwnFile(prompt, losses)),
};

/** Certain where a key of ours has our shape, and no key is of another tool. */
function surenessOf(values: Values, isText: boolean): Sureness | null {
  const keys = Object.keys(values);
  const { messages, template, settings, tools, inputs, samples, syntax, responseSchema } = values;
  const hasText = isText ? template === undefined : Array.isArray(messages) || typeof template === 'string';
  if (!hasText || keys.length === 0 || !keys.every((key) => knownKeys.includes(key))) return null;
  const shapes: readonly (readonly [unknown, boolean])[] = [
    [inputs, isListOf(inputs, ({ name }) => typeof name === 'string')],
    [samples, isListOf(samples, ({ inputs: values }) => isMapping(values))],
    [settings, isMapping(settings)],
    [syntax, typeof syntax === 'string'],
    [responseSchema, isMapping(responseSchema) || responseSchema === null],
    [messages, messages === undefined || isListOf(messages, isOwnMessage)],
    // Those of OpenAI have a "type" and of Anthropic an "input_schema".
    [tools, isListOf(tools, (tool) => typeof tool.name === 'string' && !('type' in tool) && !('input_schema' in tool))],
  ];
  if (shapes.some(([value, fits]) => value !== undefined && !fits)) return null;
  if ([inputs, samples, settings, syntax, responseSchema].some((value) => value !== undefined)) return 'certain';
  if (typeof template === 'string') return 'likely';
  const isOwn = Array.isArray(messages) && messages.some((message) => isMapping(message) && 'placeholder' in message);
  return isOwn ? 'likely' : isText ? null : 'possible';
}

function isListOf(value: unknown, test: (item: Values) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isMapping(item) && test(item));
}

function isOwnMessage(message: Values): boolean {
  if (typeof message.placeholder === 'string') return message.role === undefined;
  return typeof message.role === 'string' && (typeof message.content === 'string' || Array.isArray(message.content));
}

function readOwn(source: Source, format: string, losses: Losses): ImportedPrompt {
  const file = readFile(source);
  const content = normaliseContent(withoutSecrets(file.content, losses));
  return {
    name: promptName(fileStem(source.path)),
    title: (file.title ?? '').trim().slice(0, 200),
    description: (file.description ?? '').trim(),
    tags: file.tags ?? [],
    labels: [],
    content,
    versions: [],
    active: true,
    includes: includedNames(content),
    inputSources: {},
    metadata: { import: { format } },
  };
}

function readFile(source: Source) {
  const isJson = 'value' in source.json();
  const isNamed = /\.(?:json|ya?ml|md|markdown|txt|jinja2?|j2)$/.test(source.name);
  // What is pasted has no name that would say what it is.
  const name = isNamed ? source.path : `${source.path}${isJson ? '.json' : '.yaml'}`;
  try {
    return readContentFile(name, source.text);
  } catch (error) {
    if (error instanceof AppError) throw refusal(error.message, { reason: 'invalid' });
    throw error;
  }
}
