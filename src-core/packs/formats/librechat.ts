import type { MessageTemplateInput } from '../../contract/messages.ts';
import { AppError } from '../../scope/errors.ts';
import type { Format } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { type InputDraft, toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { convertTemplate, escapeText } from '../text/escape-text.ts';
import { readParameters } from '../text/model-parameters.ts';
import { createInputNames, fileStem } from '../text/names.ts';
import { readJson } from '../text/read-json.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

type Raw = Readonly<Record<string, unknown>>;

/** `[TARGETLANGUAGE]` of prompt collections (not `[X]`, nor a Markdown link), and what LibreChat fills in by itself. */
const pattern =
  /\[(\p{Lu}[\p{Lu}\p{N} _-]*[\p{Lu}\p{N}])\](?!\()|\{\{(current_date|current_datetime|current_user|iso_datetime)\}\}/gu;
const readKeys = ['title', 'model', 'promptPrefix', 'examples', 'presetId', 'user'];
/** Keys of a preset that say nothing of sampling. */
const presetKeys = [
  ...['endpoint', 'endpointType', 'chatGptLabel', 'modelLabel', 'order', 'defaultPreset', '_id', '__v', 'createdAt'],
  ...[
    'updatedAt',
    'iconURL',
    'greeting',
    'spec',
    'tools',
    'agentOptions',
    'resendFiles',
    'imageDetail',
    'assistant_id',
  ],
  ...['agent_id', 'instructions', 'additional_instructions', 'artifacts', 'conversationId', 'presetOverride'],
];

/** Presets of LibreChat, one or a list. */
export const librechat: Format = {
  title: 'LibreChat preset',
  ids: ['librechat-preset'],
  detect(source) {
    const json = source.json();
    if ('problem' in json) return null;
    return presetsOf(json.value).some(isPreset) ? { id: 'librechat-preset', sureness: 'certain' } : null;
  },
  async read(source, { id }, losses) {
    const presets = presetsOf(withoutSecrets(readJson(source), losses));
    const prompts = presets.flatMap((preset, index): readonly ImportedPrompt[] => {
      const place = presets.length === 1 ? '' : `[${index}]`;
      try {
        return isMapping(preset) ? [readPreset(preset, { id, place, file: source.path }, losses)] : [];
      } catch (error) {
        if (!(error instanceof AppError) || presets.length === 1) throw error;
        losses.add('dropped', 'entry', titleOf(preset) || place, error.message);
        return [];
      }
    });
    if (prompts.length === 0) throw refusal(`${source.path} has no presets with a text.`, { reason: 'no-messages' });
    return { prompts };
  },
};

function presetsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isPreset(value: unknown): value is Raw {
  if (!isMapping(value) || typeof value.endpoint !== 'string') return false;
  return ['promptPrefix', 'presetId', 'chatGptLabel', 'modelLabel'].some((key) => Object.hasOwn(value, key));
}

function readPreset(
  preset: Raw,
  { id, place, file }: { readonly id: string; readonly place: string; readonly file: string },
  losses: Losses,
): ImportedPrompt {
  const texts = createTexts(losses);
  const title = titleOf(preset);
  const prefix = typeof preset.promptPrefix === 'string' ? preset.promptPrefix : '';
  const messages: MessageTemplateInput[] =
    prefix.trim() === '' ? [] : [{ role: 'system', content: texts.convert(prefix) }];
  messages.push(...examplesOf(preset.examples, place, losses));
  if (messages.length === 0)
    throw refusal(`The preset "${title || fileStem(file)}" has no text: its "promptPrefix" is empty.`, {
      reason: 'no-messages',
    });
  const { settings, rest } = readParameters(preset, losses, { ignored: [...readKeys, ...presetKeys], where: place });
  const besides = Object.entries(preset).filter(([key, value]) => presetKeys.includes(key) && hasValue(value));
  for (const [key] of besides)
    losses.add(
      'kept',
      key,
      place === '' ? key : `${place}.${key}`,
      'Prompts have no such field here. It is kept in the metadata.',
    );
  if (hasValue(preset.user)) losses.add('dropped', 'author', place, 'Who made it there is nobody here.');
  return toImportedPrompt(
    {
      name: title === '' ? fileStem(file) : title,
      title,
      messages,
      inputs: texts.inputs(),
      inputSources: texts.sources(),
      settings: { ...settings, ...(typeof preset.model === 'string' && { model: preset.model }) },
      kept: { parameters: Object.keys(rest).length > 0 ? rest : undefined, ...Object.fromEntries(besides) },
    },
    { format: id },
    losses,
  );
}

/** Pairs of what is asked and what is answered, which stand before the conversation. */
function examplesOf(examples: unknown, place: string, losses: Losses): readonly MessageTemplateInput[] {
  return (Array.isArray(examples) ? examples : []).flatMap(
    (example: unknown, index): readonly MessageTemplateInput[] => {
      const said = (key: string) => {
        const side = isMapping(example) ? example[key] : undefined;
        return isMapping(side) && typeof side.content === 'string' ? side.content : '';
      };
      const [input, output] = [said('input'), said('output')];
      if (input === '' && output === '') return [];
      losses.add(
        'approximated',
        'examples',
        `${place === '' ? '' : `${place}.`}examples[${index}]`,
        'The example became two messages.',
      );
      return [
        { role: 'user', content: escapeText(input) },
        { role: 'assistant', content: escapeText(output) },
      ];
    },
  );
}

function createTexts(losses: Losses) {
  const names = createInputNames(losses);
  const inputs = new Map<string, InputDraft>();
  const sources = new Map<string, string>();
  return {
    convert: (text: string) =>
      convertTemplate(text, pattern, ([whole, bracket, filled]) => {
        // A name in capitals is the way that collections write a gap, not the name that they would give to an input.
        const name = names.legal(filled ?? bracket!.toLowerCase().replace(/[ -]+/g, '_'));
        if (filled === undefined) {
          sources.set(name, whole);
          losses.add(
            'approximated',
            'bracket-placeholder',
            whole,
            'LibreChat sends it as a text; here it is an input.',
          );
        } else
          losses.add(
            'approximated',
            'system-variable',
            filled,
            'LibreChat fills it in by itself; here it is an input that may stay empty.',
          );
        inputs.set(name, { name, type: 'string', required: filled === undefined });
        return { jinja: `{{ ${name} }}` };
      }),
    inputs: () => [...inputs.values()],
    sources: () => Object.fromEntries([...Object.entries(names.sources()), ...sources]),
  };
}

function titleOf(preset: unknown): string {
  return isMapping(preset) && typeof preset.title === 'string' ? preset.title.trim() : '';
}

function hasValue(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
