import { utf8ToBytes } from '@noble/hashes/utils.js';
import { normaliseContent } from '../content/hash-content.ts';
import { checkDeclarations } from '../content/inputs/coerce-inputs.ts';
import { includedNames } from '../content/templates/includes-of.ts';
import {
  contentSchema,
  type InputDeclaration,
  type ModelSettings,
  type PromptContent,
  type PromptContentInput,
  type Syntax,
} from '../contract/content.ts';
import { inputsBeside, isPlaceholder, templatesOf } from '../contract/message-texts.ts';
import { longestExtra, type MessageTemplate, type MessageTemplateInput } from '../contract/messages.ts';
import type { Json, JsonObject } from '../contract/shared.ts';
import { parseTemplate } from '../templates/engine.ts';
import { inputsOf } from '../templates/template-inputs.ts';
import type { ImportedPrompt, ImportedVersion, PromptType } from './imported.ts';
import type { Losses } from './losses.ts';
import { refusal } from './refusal.ts';
import { promptName } from './text/names.ts';

/** An input as a reader declares it; what is left out is the usual. */
export type InputDraft = Partial<InputDeclaration> & Pick<InputDeclaration, 'name'>;

/** What a reader knows of a prompt before bounds and defaults are looked at. */
export interface PromptDraft {
  /** As the file has it; becomes a legal name. */
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly type?: PromptType | undefined;
  readonly syntax?: Syntax | undefined;
  readonly messages: readonly MessageTemplateInput[];
  /** Declared ones, in their order; what the templates read besides is added behind them. */
  readonly inputs?: readonly InputDraft[] | undefined;
  readonly inputSources?: Readonly<Record<string, string>> | undefined;
  readonly settings?: Partial<ModelSettings> | undefined;
  readonly tools?: PromptContentInput['tools'];
  readonly responseSchema?: JsonObject | null | undefined;
  readonly samples?: readonly { readonly name: string; readonly inputs: JsonObject }[] | undefined;
  readonly versions?: readonly ImportedVersion[] | undefined;
  readonly active?: boolean | undefined;
  /** What has no home here, by the names that the format gives it; written back on export to the same format. */
  readonly kept?: Readonly<Record<string, unknown>> | undefined;
}

interface Origin {
  /** Id of the format. */
  readonly format: string;
  readonly version?: string | undefined;
}

/** Turns what a reader found into a prompt that the contract accepts; what does not fit is a loss, never an error. */
export function toImportedPrompt(draft: PromptDraft, origin: Origin, losses: Losses): ImportedPrompt {
  const content = toContent(draft, losses);
  const values = keptValues(draft.kept ?? {}, losses);
  return {
    name: promptName(draft.name),
    title: (draft.title ?? '').trim().slice(0, 200),
    description: (draft.description ?? '').trim(),
    tags: draft.tags ?? [],
    labels: draft.labels ?? [],
    ...(draft.type !== undefined && { type: draft.type }),
    content,
    versions: draft.versions ?? [],
    active: draft.active ?? true,
    includes: includedNames(content),
    inputSources: draft.inputSources ?? {},
    metadata: {
      import: {
        format: origin.format,
        ...(origin.version !== undefined && { version: origin.version }),
        ...(Object.keys(values).length > 0 && { values }),
      },
    },
  };
}

/** The content alone, for versions before the newest. */
export function toContent(draft: PromptDraft, losses: Losses): PromptContent {
  const syntax = draft.syntax ?? 'jinja';
  const { messages, inputs, settings = {}, samples = [] } = draft;
  if (messages.length === 0) throw refusal(`"${draft.name}" has no messages.`, { reason: 'no-messages' });
  const base = {
    syntax,
    messages: [...messages],
    settings: settings as PromptContentInput['settings'],
    tools: draft.tools ?? [],
    responseSchema: draft.responseSchema ?? null,
  };
  const parsed = contentSchema.safeParse(base);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const message = `"${draft.name}" cannot be imported: "${issue?.path.join('.')}" is wrong. ${issue?.message}`;
    throw refusal(message, { reason: 'invalid' });
  }
  const declared = [...(inputs ?? []), ...undeclared(parsed.data.messages, syntax, inputs ?? [])];
  const content = contentSchema.safeParse({
    ...base,
    inputs: fitting(declared, losses),
    samples: samples.slice(0, 100),
  });
  if (content.success) return normaliseContent(content.data);
  const [issue] = content.error.issues;
  throw refusal(`"${draft.name}" cannot be imported: "${issue?.path.join('.')}" is wrong. ${issue?.message}`, {
    reason: 'invalid',
  });
}

/** Inputs that messages read and nobody declared, in the order of their first use. */
function undeclared(
  messages: readonly MessageTemplate[],
  syntax: Syntax,
  declared: readonly InputDraft[],
): readonly InputDraft[] {
  const known = new Set(declared.map(({ name }) => name));
  const found: InputDraft[] = [];
  const add = (input: InputDraft) => {
    if (known.has(input.name)) return;
    known.add(input.name);
    found.push(input);
  };
  for (const message of messages) {
    if (isPlaceholder(message))
      add({ name: message.placeholder, type: 'messages', required: message.optional !== true });
    for (const { text } of templatesOf(message)) {
      const { template } = parseTemplate(text, { syntax });
      if (template === null) continue;
      for (const { name, paths } of inputsOf(template))
        add({ name, type: paths.every(({ path }) => path === name) ? 'string' : 'object' });
    }
    for (const name of inputsBeside(message)) add({ name, type: 'string' });
  }
  return found;
}

/** Declarations whose parts fit each other; a default that its type does not take is a loss. */
function fitting(inputs: readonly InputDraft[], losses: Losses): readonly InputDraft[] {
  return inputs.map((input) => {
    const whole = { type: 'string', required: true, description: '', ...input } as InputDeclaration;
    const [problem] = checkDeclarations([whole]);
    if (problem === undefined) return whole;
    const { default: given, ...rest } = whole;
    losses.add(
      'approximated',
      'default',
      whole.name,
      `The default of "${whole.name}" does not fit: ${problem.message}`,
    );
    return given === undefined ? { ...rest, type: 'string' } : rest;
  });
}

function keptValues(kept: Readonly<Record<string, unknown>>, losses: Losses): JsonObject {
  const values: JsonObject = {};
  let bytes = 2;
  for (const [key, value] of Object.entries(kept)) {
    if (value === undefined) continue;
    const size = utf8ToBytes(JSON.stringify({ [key]: value })).length;
    if (bytes + size > longestExtra) {
      losses.add('dropped', 'metadata', key, 'What has no home here is kept up to 64 KiB a prompt; this is more.');
      continue;
    }
    bytes += size;
    values[key] = value as Json;
  }
  return values;
}
