import { promptTypes } from '../../contract/content.ts';
import { labelNameSchema } from '../../contract/label-name.ts';
import type { Role } from '../../contract/messages.ts';
import { globalNames } from '../../templates/builtins/globals.ts';
import type { Detected, Format } from '../format.ts';
import type { Losses } from '../losses.ts';
import { type MarkdownFile, matterKeys, readMarkdown, refuseEmpty } from '../markdown/markdown-file.ts';
import {
  type Homeless,
  isEmpty,
  keepHomeless,
  reportDoubtful,
  textList,
  textValue,
} from '../markdown/matter-values.ts';
import { extensionKey, isRole, readExtension } from '../markdown/prompt-extension.ts';
import { type PromptDraft, toImportedPrompt } from '../prompt-draft.ts';
import type { Source } from '../source.ts';
import { convertBraces } from '../text/brace-variables.ts';
import { readParameters } from '../text/model-parameters.ts';
import { createInputNames, fileStem } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';
import { writeMarkdown } from '../write/write-markdown.ts';

type Values = Readonly<Record<string, unknown>>;

const homes = ['name', 'title', 'description', 'tags', 'role', 'model', 'environment', 'active', 'type', extensionKey];
const homeless: Homeless = {
  ...{ version: 'version', org: 'org', app: 'app', domain: 'domain', includes: 'includes' },
  ...{ tts: 'tts', audio: 'audio', modality: 'modality' },
};
const promptoryKeys = [
  ...['version', 'org', 'app', 'domain', 'environment', 'includes', 'active', 'tts', 'audio', 'modality'],
];

/** Markdown with front matter as Promptory (now Promptdis) writes it, whose text is Jinja; and any other Markdown. */
export const markdown: Format = {
  title: 'Markdown with front matter',
  ids: ['promptory', 'markdown'],
  detect(source) {
    if (!/\.(?:md|markdown|mdx)$/.test(source.name)) return null;
    return detectPromptory(source) ?? { id: 'markdown', sureness: 'possible' };
  },
  async read(source, { id }, losses) {
    const file = readMarkdown(source, id === 'promptory' ? 'refuse' : 'text');
    const values = withoutSecrets(file.values, losses);
    const body = withoutSecrets(file.body, losses, 'text');
    const draft = id === 'promptory' ? readPromptory(file, values, body, losses) : readPlain(values, body, losses);
    if (draft.messages.length === 0) refuseEmpty(file, source);
    const name = textValue(values.name);
    const prompt = toImportedPrompt(
      { ...draft, name: name === '' ? fileStem(source.path) : name },
      { format: id },
      losses,
    );
    return { prompts: [prompt], problems: file.problems };
  },
  write: (prompts, losses) => prompts.map((prompt) => writeMarkdown(prompt, losses)),
};

function detectPromptory(source: Source): Detected | null {
  const keys = matterKeys(source);
  if (isMapping(keys[extensionKey])) return { id: 'promptory', sureness: 'certain' };
  const model = isMapping(keys.model) ? keys.model : {};
  const isPrompty = ['api', 'configuration', 'parameters', 'id', 'options', 'connection'].some((key) => key in model);
  if (isPrompty) return null;
  const count = promptoryKeys.filter((key) => !isEmpty(keys[key])).length;
  if ('default' in model) return { id: 'promptory', sureness: 'certain' };
  if (isRole(keys.role)) return { id: 'promptory', sureness: count > 0 ? 'certain' : 'likely' };
  return count > 1 && !isEmpty(keys.name) ? { id: 'promptory', sureness: 'likely' } : null;
}

function readPromptory(file: MarkdownFile, values: Values, body: string, losses: Losses): Omit<PromptDraft, 'name'> {
  reportDoubtful(file.doubtful, losses);
  const role = readRole(values.role, losses);
  const { settings, rest } = readModel(values.model, losses);
  const { version, ...others } = values;
  const written = readVersion(version, file, losses);
  const { labels, rest: environment } = readLabels(values.environment, losses);
  const active = !(values.active === false || textValue(values.active).toLowerCase() === 'false');
  if (!active)
    losses.add('approximated', 'inactive', 'active', 'The prompt was not active; it is put away in the archive here.');
  const { type, rest: typeRest } = readType(values.type, losses);
  const extension = readExtension(values[extensionKey], body, role, losses);
  return {
    ...metadataOf(values, losses),
    labels,
    active,
    type,
    messages: body === '' ? [] : [{ role, content: body }],
    ...extension,
    settings: { ...settings, ...extension.settings },
    kept: {
      ...keepHomeless(others, homes, homeless, losses),
      version: written,
      environment,
      type: typeRest,
      model: Object.keys(rest).length > 0 ? rest : undefined,
    },
  };
}

/** Markdown that says nothing of its templates: `{{ name }}` is an input, all other braces are text. */
function readPlain(values: Values, body: string, losses: Losses): Omit<PromptDraft, 'name'> {
  const names = createInputNames(losses, globalNames);
  const content = convertBraces(body, names);
  const kept = keepHomeless(values, ['name', 'title', 'description', 'tags'], {}, losses);
  if (/\{%[-+]?\s*\w|\{\{[-+]?[^{}\n]*[|(]/.test(body))
    losses.add(
      'approximated',
      'template-tags',
      '',
      'Plain Markdown has no template language, so tags and filters stay text. Import it as Jinja if they are meant.',
    );
  return {
    ...metadataOf(values, losses),
    messages: content === '' ? [] : [{ role: 'user', content }],
    inputSources: names.sources(),
    kept,
  };
}

function metadataOf(values: Values, losses: Losses) {
  const tags = textList(values.tags);
  if (tags === null) losses.add('dropped', 'malformed', 'tags', 'Tags are a list of texts.');
  const title = textValue(values.title);
  return {
    title: title === '' ? textValue(values.name) : title,
    description: textValue(values.description),
    tags: tags ?? [],
  };
}

function readRole(given: unknown, losses: Losses): Role {
  if (isEmpty(given)) return 'user';
  const role = textValue(given).toLowerCase();
  if (isRole(role)) return role;
  losses.add('approximated', 'role', textValue(given) || 'role', 'It is no role here; the text is a user message.');
  return 'user';
}

function readType(given: unknown, losses: Losses) {
  const type = promptTypes.find((each) => each === textValue(given).toLowerCase());
  // Of a completion, the one message would have to be the user's.
  const isKnown = type !== undefined && type !== 'completion';
  if (isEmpty(given) || isKnown) return { type, rest: undefined };
  losses.add('kept', 'type', textValue(given) || 'type', 'It is a chat prompt here. The type is kept in the metadata.');
  return { type: undefined, rest: given };
}

/** `model` is a name, or a mapping with `default`, `fallback` and parameters. */
function readModel(given: unknown, losses: Losses) {
  if (!isMapping(given)) {
    const model = textValue(given);
    if (!isEmpty(given) && model === '') losses.add('dropped', 'malformed', 'model', 'It names no model.');
    return { settings: model === '' ? {} : { model }, rest: {} };
  }
  const { default: first, fallback, fallbacks, ...parameters } = given;
  const { settings, rest } = readParameters(parameters, losses, { where: 'model' });
  const later = textList(fallback ?? fallbacks);
  if (later === null) losses.add('dropped', 'malformed', 'model.fallback', 'Fallbacks are names of models.');
  const model = textValue(first);
  return { settings: { ...settings, ...(model !== '' && { model }), fallbacks: [...(later ?? [])] }, rest };
}

/** As it is written: as a number, `1.10` would lose a digit. */
function readVersion(given: unknown, { matter }: MarkdownFile, losses: Losses): string | undefined {
  if (isEmpty(given)) return undefined;
  const written = /^version[ \t]*:[ \t]*(["']?)([^\n#"']*)\1/m.exec(matter)?.[2]?.trim();
  const version = written === undefined || written === '' ? textValue(given) : written;
  losses.add('kept', 'version', version, 'Versions get a number of their own here. It is kept in the metadata.');
  return version;
}

function readLabels(given: unknown, losses: Losses) {
  const names = textList(given);
  if (names === null) losses.add('kept', 'environment', 'environment', 'It is no name. It is kept in the metadata.');
  const labels = (names ?? []).filter((name) => labelNameSchema.safeParse(name).success);
  const others = (names ?? []).filter((name) => !labels.includes(name));
  for (const name of others)
    losses.add('kept', 'environment', name, 'It cannot be a label here. It is kept in the metadata.');
  return { labels, rest: names === null ? given : others.length > 0 ? others : undefined };
}
