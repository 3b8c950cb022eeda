import type { InputType } from '../../contract/content.ts';
import { inputNameProblem } from '../../contract/input-name.ts';
import type { Json } from '../../contract/shared.ts';
import type { Format } from '../format.ts';
import type { Losses } from '../losses.ts';
import {
  type Homeless,
  isEmpty,
  keepHomeless,
  reportDoubtful,
  textList,
  textValue,
} from '../markdown/matter-values.ts';
import { type InputDraft, toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { lookAtMapping } from '../text/look-at-mapping.ts';
import { fileStem } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';
import { writeDakora } from '../write/write-dakora.ts';

type Values = Readonly<Record<string, unknown>>;

/** Keys of formats that have a `template` too. */
const foreign = ['template_format', 'input_variables', '_type', 'execution_settings', 'messages', 'prompts', 'lc'];
const dakoraTypes: readonly InputType[] = ['string', 'number', 'boolean', 'array<string>', 'object'];
const homeless: Homeless = { metadata: 'metadata' };

/** Templates and parts of Dakora: one YAML mapping with `id` and `template`, or `part_id` and `content`; both are Jinja. */
export const dakora: Format = {
  title: 'Dakora',
  ids: ['dakora', 'dakora-part'],
  detect(source) {
    if (!/\.(?:ya?ml|json)$/.test(source.name) && /\.\w+$/.test(source.name)) return null;
    const values = lookAtMapping(source, ['template', 'part_id']);
    if (values === null || foreign.some((key) => key in values)) return null;
    const { id, part_id: partId, template, content, version, inputs, metadata } = values;
    if (isName(partId) && typeof content === 'string') return { id: 'dakora-part', sureness: 'certain' };
    if (!isName(id) || typeof template !== 'string') return null;
    const hasMore = version !== undefined || isMapping(inputs) || isMapping(metadata);
    return { id: 'dakora', sureness: hasMore ? 'certain' : 'likely' };
  },
  async read(source, { id }, losses) {
    const values = withoutSecrets(readMapping(source), losses);
    const isPart = id === 'dakora-part';
    const template = isPart ? values.content : values.template;
    if (typeof template !== 'string' || template.trim() === '')
      throw refusal(`${source.path} has no text in "${isPart ? 'content' : 'template'}".`, { reason: 'no-messages' });
    const yaml = source.yaml();
    if ('value' in yaml) reportDoubtful(yaml.doubtful, losses);
    const { version, metadata } = values;
    const written = readVersion(version, source, losses);
    const { inputs, rest } = readInputs(values.inputs, losses);
    const homes = isPart
      ? ['part_id', 'category', 'name', 'description', 'content', 'inputs', 'version']
      : ['id', 'name', 'description', 'template', 'inputs', 'version'];
    const { tags, rest: otherMetadata } = readTags(metadata);
    const kept = keepHomeless({ ...values, metadata: otherMetadata }, homes, homeless, losses);
    const category = textValue(values.category);
    const own = textValue(isPart ? values.part_id : values.id) || fileStem(source.path);
    const prompt = toImportedPrompt(
      {
        name: isPart && category !== '' ? `${category}/${own}` : own,
        title: textValue(values.name),
        description: textValue(values.description),
        tags,
        messages: [{ role: 'user', content: template.replace(/\n$/, '') }],
        inputs,
        kept: {
          ...kept,
          version: written,
          inputs: rest,
          // Their exact spelling, for a file of the same format: a name here is a slug.
          ...(isPart ? { part_id: own, category: category || undefined } : { id: own }),
        },
      },
      { format: id },
      losses,
    );
    return { prompts: [prompt] };
  },
  write: (prompts, losses) => prompts.map((prompt) => writeDakora(prompt, losses)),
};

function readMapping(source: Source): Values {
  const yaml = source.yaml();
  if ('problem' in yaml)
    throw refusal(`${source.path} is not valid YAML, line ${yaml.line}: ${yaml.problem}`, {
      reason: 'yaml',
      line: yaml.line,
    });
  if (!isMapping(yaml.value)) throw refusal(`${source.path} is no mapping of keys.`, { reason: 'invalid' });
  return yaml.value;
}

function isName(value: unknown): boolean {
  return (typeof value === 'string' && value.trim() !== '') || typeof value === 'number';
}

/** As it is written: as a number, `1.10` would lose a digit. */
function readVersion(given: unknown, { text }: Source, losses: Losses): string | undefined {
  if (isEmpty(given)) return undefined;
  const written = /^version[ \t]*:[ \t]*(["']?)([^\n#"']*)\1/m.exec(text)?.[2]?.trim();
  const version = written === undefined || written === '' ? textValue(given) : written;
  losses.add('kept', 'version', version, 'Versions get a number of their own here. It is kept in the metadata.');
  return version;
}

function readTags(metadata: unknown) {
  if (!isMapping(metadata)) return { tags: [], rest: isEmpty(metadata) ? undefined : metadata };
  const { tags: given, ...rest } = metadata;
  const tags = textList(given);
  const others = tags === null ? metadata : rest;
  return { tags: tags ?? [], rest: Object.keys(others).length > 0 ? others : undefined };
}

/** `{name: {type, required (default true), default}}`; a text instead of the mapping is the type. */
function readInputs(given: unknown, losses: Losses) {
  const inputs: InputDraft[] = [];
  const rest: Record<string, unknown> = {};
  const isList = isMapping(given);
  if (!isList && !isEmpty(given))
    losses.add('kept', 'inputs', 'inputs', 'They are no mapping of names. They are kept.');
  for (const [name, value] of Object.entries(isList ? given : {})) {
    const declared = isMapping(value) ? value : typeof value === 'string' ? { type: value } : {};
    if (inputNameProblem(name, 'jinja') !== null) {
      rest[name] = value;
      losses.add('kept', 'inputs', `inputs.${name}`, 'No template can read an input of this name. It is kept.');
      continue;
    }
    const { type: _, required, default: preset, description, enum: __, ...others } = declared;
    const type = readType(name, declared.type, losses);
    for (const key of Object.keys(others))
      losses.add('kept', 'unknown-key', `inputs.${name}.${key}`, 'It is no key of the format. It is kept.');
    if (Object.keys(others).length > 0) rest[name] = others;
    inputs.push({
      ...{ name, type, required: required !== false },
      ...(preset !== undefined && preset !== null && { default: preset as Json }),
      ...(typeof description === 'string' && { description }),
    });
  }
  return {
    inputs,
    rest: isList ? (Object.keys(rest).length > 0 ? rest : undefined) : isEmpty(given) ? undefined : given,
  };
}

function readType(name: string, given: unknown, losses: Losses): InputType {
  const type = typeof given === 'string' ? given.replace(/\s/g, '') : given;
  const known = dakoraTypes.find((each) => each === type);
  if (known !== undefined || given === undefined || given === null) return known ?? 'string';
  losses.add(
    'approximated',
    'input-type',
    name,
    `Its type ${JSON.stringify(given)} is none of Dakora's; it is text here.`,
  );
  return 'string';
}
