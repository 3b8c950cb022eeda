import type { ModelSettings, Tool } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { readParameters } from '../text/model-parameters.ts';
import { isMapping } from '../text/read-yaml.ts';
import { constructedOf, isNotImplemented, secretName } from './manifest.ts';

export interface ReadModel {
  readonly settings: Partial<ModelSettings>;
  readonly tools: readonly Tool[];
  readonly rest: JsonObject;
}

const modelNames = ['model', 'model_name', 'model_id', 'deployment_name', 'azure_deployment'];
const ignored = [
  ...modelNames,
  'model_kwargs',
  'tools',
  'functions',
  '_type',
  'name',
  'verbose',
  'cache',
  'callbacks',
  'client',
];

/** The model behind a prompt: alone, in a binding with arguments, or the last of a sequence. */
export function readModel(value: unknown, losses: Losses): ReadModel | null {
  const made = constructedOf(value);
  const isOld = made === null && isMapping(value) && modelNames.some((name) => typeof value[name] === 'string');
  const kwargs = made?.kwargs ?? (isOld ? (value as JsonObject) : null);
  if (kwargs === null) return null;
  if (made?.className === 'RunnableSequence') return readModel(kwargs.last, losses);
  if (made?.className === 'RunnableBinding') {
    const bound = readModel(kwargs.bound, losses);
    const given = readKwargs(isMapping(kwargs.kwargs) ? (kwargs.kwargs as JsonObject) : {}, losses);
    if (bound === null) return null;
    return {
      settings: { ...bound.settings, ...given.settings },
      tools: [...bound.tools, ...given.tools],
      rest: { ...bound.rest, ...given.rest },
    };
  }
  if (made !== null && !/Chat|LLM|OpenAI|Anthropic|Bedrock|Ollama|Model/i.test(made.className)) return null;
  return readKwargs(kwargs, losses);
}

function readKwargs(kwargs: JsonObject, losses: Losses): ReadModel {
  const plain = Object.entries({ ...kwargs, ...(isMapping(kwargs.model_kwargs) ? kwargs.model_kwargs : {}) }).filter(
    ([, value]) => secretName(value) === null && !isNotImplemented(value),
  );
  const model = modelNames.map((name) => kwargs[name]).find((name) => typeof name === 'string');
  const { settings, rest } = readParameters(Object.fromEntries(plain), losses, { ignored, where: 'model' });
  const tools = [kwargs.tools, kwargs.functions].flatMap((list) => (Array.isArray(list) ? list : []));
  return {
    settings: { ...settings, ...(typeof model === 'string' && { model }) },
    tools: tools.flatMap((tool, index) => toolOf(tool, `tools[${index}]`, losses)),
    rest,
  };
}

function toolOf(value: unknown, place: string, losses: Losses): readonly Tool[] {
  const made = isMapping(value) && isMapping(value.function) ? value.function : value;
  if (!isMapping(made) || typeof made.name !== 'string' || made.name === '' || made.name.length > 64) {
    losses.add('dropped', 'tool', place, 'It is no function with a name.');
    return [];
  }
  const { name, description, parameters } = made;
  return [
    {
      name,
      description: typeof description === 'string' ? description : '',
      parameters: isMapping(parameters) ? (parameters as JsonObject) : {},
    },
  ];
}
