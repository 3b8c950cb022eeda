import type { ModelSettings } from '../../contract/content.ts';
import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import { jinjaOfParts, templateParts } from '../chainforge/convert-template.ts';
import { type Flow, type FlowNode, flowOf } from '../chainforge/flow.ts';
import { rowsFor, tableOf } from '../chainforge/node-values.ts';
import type { Format, ReadFile } from '../format.ts';
import type { ImportedPrompt, ImportedRows } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { type InputDraft, toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { escapeText } from '../text/escape-text.ts';
import { readParameters } from '../text/model-parameters.ts';
import { createInputNames, fileStem } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** Nodes that hold code. */
const codeNodes = new Set(['evaluator', 'processor', 'multieval', 'script']);
const systemVariable = '=system_msg';
/** Rows up to which a table is nothing but samples. */
const mostSamples = 100;

/** Flows of ChainForge: nodes joined by edges, of which prompts and the values that they get are imported. */
export const chainforge: Format = {
  title: 'ChainForge',
  ids: ['chainforge'],
  detect(source) {
    const json = source.json();
    return 'value' in json && flowOf(json.value) !== null ? { id: 'chainforge', sureness: 'certain' } : null;
  },
  async read(source, _, losses) {
    const json = source.json();
    const flow = 'value' in json ? flowOf(json.value) : null;
    if (flow === null)
      throw refusal(`${source.path} is no flow of ChainForge: it must be JSON with "flow" and its "nodes".`, {
        reason: 'problem' in json ? 'json' : 'no-prompts',
        ...('problem' in json && json.line !== null && { line: json.line }),
      });
    noteLeftOut(flow, losses);
    return readFlow(source, flow, losses);
  },
};

function readFlow(source: Source, flow: Flow, losses: Losses): ReadFile {
  const nodes = flow.nodes.filter(({ type }) => type === 'prompt' || type === 'chat');
  const templates = nodes.flatMap((node) =>
    templatesOf(node).map((template, index, all) => ({ node, template, index, count: all.length })),
  );
  const prompts = templates.flatMap(({ node, template, index, count }, number): readonly ImportedPrompt[] => {
    const base =
      titleOf(node) ?? (templates.length > 1 ? `${fileStem(source.path)}/${number + 1}` : fileStem(source.path));
    const name = count > 1 && titleOf(node) !== null ? `${base}/${index + 1}` : base;
    try {
      return [promptOf(flow, node, template, name, losses)];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      losses.add('dropped', 'prompt', node.id, error.message);
      return [];
    }
  });
  const data = flow.nodes.map(tableOf).find((table) => (table?.rows.length ?? 0) > mostSamples) ?? null;
  if (prompts.length === 0 && data === null)
    throw refusal(`${source.path} has no prompt: no node of its flow is one.`, { reason: 'no-prompts' });
  return { prompts, data: data as ImportedRows | null };
}

function titleOf({ data }: FlowNode): string | null {
  const { title } = data;
  if (typeof title !== 'string' || title.trim() === '' || /^(?:prompt|chat turn) node$/i.test(title.trim()))
    return null;
  return title.trim().replaceAll('/', '-');
}

/** A prompt, or its variants. */
function templatesOf({ data }: FlowNode): readonly string[] {
  const list = Array.isArray(data.prompt) ? data.prompt : [data.prompt];
  return list.filter((text) => typeof text === 'string' && text.trim() !== '') as readonly string[];
}

function promptOf(flow: Flow, node: FlowNode, template: string, name: string, losses: Losses): ImportedPrompt {
  const names = createInputNames(losses);
  const filled = new Set(flow.edges.filter(({ target }) => target === node.id).map(({ targetHandle }) => targetHandle));
  const parts = templateParts(template, filled);
  const variables = [...new Set(parts.flatMap((part) => ('variable' in part ? [part.variable] : [])))];
  const [llm, ...others] = llmsOf(node, losses);
  const model = settingsOf(llm ?? {}, losses);
  for (const { model: id } of others)
    losses.add(
      'kept',
      'models',
      String(id ?? ''),
      'Several models are compared; the prompt gets the first, all are kept.',
    );
  for (const variable of variables)
    if (variable.startsWith('=') && variable !== systemVariable)
      losses.add('approximated', 'setting-variable', variable, 'It sets a parameter of the model and prints nothing.');
  const inputs: readonly InputDraft[] = variables.flatMap((variable): readonly InputDraft[] => {
    if (variable === systemVariable)
      return [{ name: names.legal(variable), type: 'string', required: false, default: model.system }];
    return variable.startsWith('=') ? [] : [{ name: names.legal(variable), type: 'string' }];
  });
  const content = jinjaOfParts(parts, (variable) => names.legal(variable));
  const n = typeof node.data.n === 'number' && node.data.n > 1 ? node.data.n : undefined;
  if (n !== undefined)
    losses.add('kept', 'parameter:n', `${node.id}.n`, 'It asks for several answers. It is kept in the metadata.');
  const legal = new Map(
    variables
      .filter((variable) => !variable.startsWith('=') || variable === systemVariable)
      .map((variable) => [variable, names.legal(variable)]),
  );
  const rows = rowsFor(flow, node.id, legal, losses);
  return toImportedPrompt(
    {
      name,
      title: titleOf(node) ?? '',
      messages: [
        ...systemOf(variables, names.legal, model.system),
        ...historyOf(node, filled, losses),
        { role: 'user', content },
      ],
      inputs,
      inputSources: names.sources(),
      settings: model.settings,
      tools: model.tools,
      responseSchema: model.responseSchema,
      samples: rows.map((row, index) => ({ name: `Row ${index + 1}`, inputs: row })),
      kept: {
        n,
        parameters: Object.keys(model.rest).length > 0 ? model.rest : undefined,
        llms: others.length > 0 ? others : undefined,
      },
    },
    { format: 'chainforge' },
    losses,
  );
}

function systemOf(
  variables: readonly string[],
  legal: (name: string) => string,
  system: string,
): readonly MessageTemplateInput[] {
  if (variables.includes(systemVariable)) return [{ role: 'system', content: `{{ ${legal(systemVariable)} }}` }];
  return system === '' ? [] : [{ role: 'system', content: escapeText(system) }];
}

/** A chat node goes on with the chats of the node before. */
function historyOf(node: FlowNode, filled: ReadonlySet<string>, losses: Losses): readonly MessageTemplateInput[] {
  if (node.type !== 'chat' && !filled.has('__past_chats')) return [];
  losses.add('approximated', 'history', node.id, 'The turns of the node before stand here as a placeholder.');
  return [{ placeholder: 'past_chats', optional: true }];
}

/** Models of a node, without keys and without what is shown of them. */
function llmsOf({ data }: FlowNode, losses: Losses): readonly Mapping[] {
  const list = Array.isArray(data.llms) ? data.llms.filter(isMapping) : [];
  return list.map(({ key: _, emoji: __, formData: ___, progress: ____, settings, ...llm }) => ({
    ...llm,
    settings: withoutSecrets(isMapping(settings) ? settings : {}, losses),
  }));
}

interface ModelFacts {
  readonly settings: Partial<ModelSettings>;
  readonly rest: JsonObject;
  readonly system: string;
  readonly tools: readonly { readonly name: string; readonly description: string; readonly parameters: JsonObject }[];
  readonly responseSchema: JsonObject | null;
}

function settingsOf(
  llm: Mapping,
  losses: Losses,
): Omit<ModelFacts, 'tools'> & { tools: ModelFacts['tools'][number][] } {
  const {
    system_msg: system,
    tools,
    functions,
    response_format: format,
    ...given
  } = isMapping(llm.settings) ? llm.settings : {};
  const set = Object.entries(given).filter(([, value]) => !isUnset(value));
  const parameters = { ...(typeof llm.temp === 'number' && { temperature: llm.temp }), ...Object.fromEntries(set) };
  const { settings, rest } = readParameters(parameters, losses);
  const definitions = [tools, functions].flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []));
  const schema =
    isMapping(format) && isMapping(format.json_schema) ? (format.json_schema.schema ?? format.json_schema) : null;
  return {
    settings: { ...settings, ...(typeof llm.model === 'string' && { model: llm.model }) },
    rest,
    system: typeof system === 'string' ? system : '',
    tools: definitions.flatMap((item) => toolOf(item, losses)),
    responseSchema: isMapping(schema) ? (schema as JsonObject) : null,
  };
}

/** What the form of ChainForge writes for a parameter that nobody set. */
function isUnset(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function toolOf(item: unknown, losses: Losses): ModelFacts['tools'] {
  const tool: unknown = isMapping(item) && isMapping(item.function) ? item.function : item;
  if (isMapping(tool) && typeof tool.name === 'string' && tool.name !== '' && tool.name.length <= 64) {
    const parameters = isMapping(tool.parameters)
      ? tool.parameters
      : isMapping(tool.input_schema)
        ? tool.input_schema
        : {};
    const description = typeof tool.description === 'string' ? tool.description : '';
    return [{ name: tool.name, description, parameters: parameters as JsonObject }];
  }
  losses.add('dropped', 'tool', 'tools', 'It is no function with a name.');
  return [];
}

function noteLeftOut(flow: Flow, losses: Losses): void {
  let answers = sizeOf(flow.cache);
  for (const { id, type, data } of flow.nodes) {
    if (codeNodes.has(type) || typeof data.code === 'string')
      losses.add('refused', 'code', id, 'It is code, which is never run.');
    else if (type === 'llmeval' || type === 'simpleval')
      losses.add('dropped', 'evaluator', id, 'It marks answers; write it again as an assertion here.');
    else if (type === 'prompt' || type === 'chat') answers += sizeOf(data.fields);
  }
  if (answers > 0)
    losses.add(
      'dropped',
      'answers',
      'cache',
      `Answers of earlier runs (${Math.ceil(answers / 1024)} KiB) are left out.`,
    );
}

function sizeOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const text = JSON.stringify(value);
  return text === '{}' || text === '[]' ? 0 : text.length;
}
