import type { Role } from '../../contract/messages.ts';
import { globalNames } from '../../templates/builtins/globals.ts';
import type { Format } from '../format.ts';
import { keepHomeless, reportDoubtful, textList, textValue } from '../markdown/matter-values.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { convertBraces } from '../text/brace-variables.ts';
import { lookAtMapping } from '../text/look-at-mapping.ts';
import { readParameters } from '../text/model-parameters.ts';
import { createInputNames, fileStem } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

type Values = Readonly<Record<string, unknown>>;

/** Keys whose text is a message, in the order in which the messages stand. */
const roleKeys: readonly (readonly [string, Role])[] = [
  ...([
    ['system', 'system'],
    ['developer', 'developer'],
    ['prompt', 'user'],
    ['user', 'user'],
  ] as const),
  ['assistant', 'assistant'],
];
const plainKeys = ['name', 'title', 'description', 'tags', 'model'];
const parameterKeys = ['parameters', 'modelParameters', 'model_parameters', 'settings', 'config'];
const parameters =
  /^(?:temperature|top_?[pk]|max_?(?:completion_?|output_?)?tokens|stop(?:_?sequences)?|seed|n|(?:frequency|presence)_?penalty|response_?format|tool_?choice|reasoning_?effort|logprobs|stream)$/i;
/** Keys of formats that have a `prompt` or a `system` too. */
const foreign = [
  'messages',
  'template',
  'template_format',
  'prompts',
  'providers',
  'tests',
  '_type',
  'input_variables',
];

/** A YAML mapping with the roles as its keys: `system:` and `user:`, or `prompt:` beside a model. */
export const yamlRoles: Format = {
  title: 'YAML with one key per role',
  ids: ['yaml-roles'],
  detect(source) {
    if (!/\.ya?ml$/.test(source.name) && /\.\w+$/.test(source.name)) return null;
    const values = lookAtMapping(source, ['system', 'prompt', 'user']);
    if (values === null) return null;
    if (foreign.some((key) => key in values)) return null;
    const found = roleKeys.filter(([key]) => typeof values[key] === 'string').map(([key]) => key);
    if (found.includes('user')) return { id: 'yaml-roles', sureness: found.length > 1 ? 'certain' : 'likely' };
    if (found.includes('system') || (found.includes('prompt') && values.model !== undefined))
      return { id: 'yaml-roles', sureness: 'likely' };
    return null;
  },
  async read(source, { id }, losses) {
    const yaml = source.yaml();
    if ('problem' in yaml)
      throw refusal(`${source.path} is not valid YAML, line ${yaml.line}: ${yaml.problem}`, {
        reason: 'yaml',
        line: yaml.line,
      });
    const values: Values = isMapping(yaml.value) ? withoutSecrets(yaml.value, losses) : {};
    reportDoubtful(yaml.doubtful, losses);
    const names = createInputNames(losses, globalNames);
    const messages = roleKeys.flatMap(([key, role]) => {
      const text = values[key];
      if (typeof text !== 'string' || text.trim() === '') return [];
      return [{ role, content: convertBraces(text.replace(/\n$/, ''), names) }];
    });
    if (messages.length === 0) throw refusal(`${source.path} has no text for any role.`, { reason: 'no-messages' });
    const { model, rest: modelRest } = modelOf(values.model);
    const given = Object.fromEntries(Object.entries(values).filter(([key]) => parameters.test(key)));
    const nested = parameterKeys.filter((key) => isMapping(values[key]));
    const read = [
      readParameters(given, losses),
      readParameters(modelRest, losses, { where: 'model' }),
      ...nested.map((key) => readParameters(values[key] as Values, losses, { where: key })),
    ];
    const rest = Object.assign({}, ...read.map((each) => each.rest)) as Values;
    const textKeys = roleKeys.map(([key]) => key).filter((key) => typeof values[key] === 'string');
    const homes = [...textKeys, ...plainKeys, ...nested, ...Object.keys(given)];
    const name = textValue(values.name);
    const prompt = toImportedPrompt(
      {
        name: name === '' ? fileStem(source.path) : name,
        title: textValue(values.title) || name,
        description: textValue(values.description),
        tags: textList(values.tags) ?? [],
        messages,
        inputSources: names.sources(),
        settings: Object.assign({}, ...read.map(({ settings }) => settings), model === '' ? {} : { model }),
        kept: {
          ...keepHomeless(values, homes, {}, losses),
          parameters: Object.keys(rest).length > 0 ? rest : undefined,
        },
      },
      { format: id },
      losses,
    );
    return { prompts: [prompt] };
  },
};

/** A name, or a mapping with `name` (or `id`) and parameters. */
function modelOf(given: unknown): { readonly model: string; readonly rest: Values } {
  if (!isMapping(given)) return { model: textValue(given), rest: {} };
  const { name, id, parameters: nested, ...rest } = given;
  return { model: textValue(name) || textValue(id), rest: { ...rest, ...(isMapping(nested) && nested) } };
}
