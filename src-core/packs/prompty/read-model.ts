import type { ModelSettings, Tool } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { readParameters } from '../text/model-parameters.ts';
import { isMapping } from '../text/read-yaml.ts';

export interface ReadModel {
  readonly settings: Partial<ModelSettings>;
  readonly responseSchema: JsonObject | null;
  /** Of version 1, as the requests of OpenAI have them. */
  readonly tools: readonly Tool[];
  /** What has no home: members of `model`, and parameters by their names. */
  readonly kept: JsonObject;
}

/** `model` of both versions; which one it is, its members show. */
export function readModel(model: unknown, losses: Losses): ReadModel {
  if (typeof model === 'string') return { settings: { model }, responseSchema: null, tools: [], kept: {} };
  if (!isMapping(model)) return { settings: {}, responseSchema: null, tools: [], kept: {} };
  const { id, configuration, parameters, options, ...others } = model as JsonObject;
  const configured = isMapping(configuration) ? configuration : {};
  const given = isMapping(parameters) ? parameters : {};
  const { tools, response_format: format, ...sampling } = given;
  const read = readParameters(sampling, losses, { where: 'model.parameters' });
  const readOptions = readParameters(isMapping(options) ? options : {}, losses, { where: 'model.options' });
  const schema = schemaOf(format);
  if (format !== undefined && schema === null)
    losses.add(
      'kept',
      'parameter:response_format',
      'model.parameters.response_format',
      'It holds no schema. It is kept in the metadata.',
    );
  const hasTools = tools !== undefined && tools !== null;
  if (hasTools && !Array.isArray(tools))
    losses.add(
      'kept',
      'parameter:tools',
      'model.parameters.tools',
      'It is no list of tools. It is kept in the metadata.',
    );
  if (Object.keys(configured).length > 0 || others.connection !== undefined)
    losses.add(
      'kept',
      'connection',
      'configuration' in model ? 'model.configuration' : 'model.connection',
      'Endpoints are set up here. It is kept in the metadata.',
    );
  for (const key of Object.keys(others))
    if (key !== 'connection')
      losses.add('kept', 'model', `model.${key}`, 'It has no home here. It is kept in the metadata.');
  const rest = {
    ...read.rest,
    ...readOptions.rest,
    ...(format !== undefined && schema === null && { response_format: format }),
    ...(hasTools && !Array.isArray(tools) && { tools }),
  };
  const name = [id, configured.azure_deployment, configured.model, configured.name].find(
    (each) => typeof each === 'string' && each !== '',
  );
  return {
    settings: { ...read.settings, ...readOptions.settings, ...(typeof name === 'string' && { model: name }) },
    responseSchema: schema,
    tools: Array.isArray(tools)
      ? tools.flatMap((tool, index) => openAiTool(tool, `model.parameters.tools[${index}]`, losses))
      : [],
    kept: {
      ...(Object.keys(rest).length > 0 && { parameters: rest as JsonObject }),
      ...(Object.keys(configured).length > 0 && { configuration: configured as JsonObject }),
      ...(Object.keys(others).length > 0 && { model: others }),
    },
  };
}

function schemaOf(format: unknown): JsonObject | null {
  if (!isMapping(format) || !isMapping(format.json_schema)) return null;
  return isMapping(format.json_schema.schema) ? (format.json_schema.schema as JsonObject) : null;
}

function openAiTool(value: unknown, place: string, losses: Losses): readonly Tool[] {
  const made = isMapping(value) && isMapping(value.function) ? value.function : value;
  const name = isMapping(made) ? made.name : undefined;
  if (!isMapping(made) || typeof name !== 'string' || name === '' || name.length > 64) {
    losses.add('dropped', 'tool', place, 'It is no function with a name.');
    return [];
  }
  return [
    {
      name,
      description: typeof made.description === 'string' ? made.description : '',
      parameters: isMapping(made.parameters) ? (made.parameters as JsonObject) : {},
    },
  ];
}
