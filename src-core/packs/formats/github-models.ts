import type { RoleMessage } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Format } from '../format.ts';
import type { ImportedTest } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { convertTemplate } from '../text/escape-text.ts';
import { lookAtMapping } from '../text/look-at-mapping.ts';
import { readParameters } from '../text/model-parameters.ts';
import { createInputNames, fileStem, type InputNames } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

/** `{{name}}`, without blanks inside for GitHub Models; with them it prints what stands there. */
const variable = /\{\{([ \t]*)([\w.-]+)[ \t]*\}\}/g;
const roles = ['system', 'user', 'assistant'] as const;
/** Keys of a row of `testData` below which some libraries put the variables. */
const nests = ['vars', 'variables', 'inputs'];

/** `.prompt.yml` of GitHub Models (service closed 2026-07-30; the files live on): one YAML mapping with `messages`. */
export const githubModels: Format = {
  title: 'GitHub Models',
  ids: ['github-models'],
  detect(source) {
    const values = lookAtMapping(source, ['messages']);
    if (values === null) return null;
    const { messages, testData, evaluators, modelParameters } = values;
    const isNamed = /\.prompt\.ya?ml$/.test(source.name);
    if (!Array.isArray(messages) || !messages.every(isRoleMessage)) return null;
    const hasOwn = [testData, evaluators, modelParameters].some((value) => value !== undefined);
    if (hasOwn) return { id: 'github-models', sureness: 'certain' };
    return isNamed ? { id: 'github-models', sureness: 'likely' } : null;
  },
  async read(source, { id }, losses) {
    const yaml = source.yaml();
    if ('problem' in yaml)
      throw refusal(`${source.path} is not valid YAML, line ${yaml.line}: ${yaml.problem}`, {
        reason: 'yaml',
        line: yaml.line,
      });
    const file = withoutSecrets(isMapping(yaml.value) ? yaml.value : {}, losses);
    const messages = (Array.isArray(file.messages) ? file.messages : []).filter(isRoleMessage);
    if (messages.length === 0)
      throw refusal(`${source.path} has no messages: "messages" is an empty list.`, { reason: 'no-messages' });
    const names = createInputNames(losses);
    const converted = messages.map(({ role, content }) => ({
      role: role as RoleMessage['role'],
      content: convertText(content.replace(/\n$/, ''), names, losses),
    }));
    const parameters = isMapping(file.modelParameters) ? file.modelParameters : {};
    const { settings, rest } = readParameters(parameters, losses, { where: 'modelParameters' });
    const tests = testsOf(file.testData, names);
    const { name, description, model, testData: _, messages: __, modelParameters: ___, ...others } = file;
    const { jsonSchema, responseFormat, evaluators, ...unknown } = others;
    for (const key of Object.keys(unknown))
      losses.add('kept', 'unknown-key', key, 'It is no key of the format. It is kept in the metadata.');
    const asserts = Array.isArray(evaluators) ? (evaluators.filter(isMapping) as JsonObject[]) : [];
    const prompt = toImportedPrompt(
      {
        name: typeof name === 'string' && name.trim() !== '' ? name : fileStem(source.path),
        title: textOf(name),
        description: textOf(description),
        messages: converted,
        inputSources: names.sources(),
        settings: { ...settings, ...(typeof model === 'string' && { model }) },
        responseSchema: responseSchemaOf(jsonSchema, losses),
        samples: tests.map(({ inputs }, index) => ({ name: `Row ${index + 1}`, inputs })),
        kept: { parameters: Object.keys(rest).length > 0 ? rest : undefined, responseFormat, evaluators, ...unknown },
      },
      { format: id },
      losses,
    );
    return { prompts: [prompt], tests: tests.map((test, index) => ({ ...test, asserts: index === 0 ? asserts : [] })) };
  },
};

interface RawMessage {
  readonly role: string;
  readonly content: string;
}

function isRoleMessage(value: unknown): value is RawMessage {
  return isMapping(value) && roles.some((role) => role === value.role) && typeof value.content === 'string';
}

function convertText(text: string, names: InputNames, losses: Losses): string {
  return convertTemplate(text, variable, ([, blank = '', source = '']) => {
    if (blank !== '')
      losses.add(
        'approximated',
        'spaced-variable',
        source,
        'GitHub Models prints it as it stands; here it is an input.',
      );
    return { jinja: `{{ ${names.legal(source)} }}` };
  });
}

/** `expected` is what an answer is compared with, and no input. */
function testsOf(testData: unknown, names: InputNames): readonly ImportedTest[] {
  const rows = Array.isArray(testData) ? testData.filter(isMapping) : [];
  return rows.map((row) => {
    const nest = nests.find((key) => isMapping(row[key]));
    const { expected: _, ...values } = (nest === undefined ? row : row[nest]) as JsonObject;
    const inputs = Object.fromEntries(Object.entries(values).map(([key, value]) => [names.legal(key), value]));
    return { description: '', inputs, asserts: [] };
  });
}

/** A text of JSON with `name` and `schema`. */
function responseSchemaOf(jsonSchema: unknown, losses: Losses): JsonObject | null {
  if (jsonSchema === undefined) return null;
  try {
    const parsed: unknown = typeof jsonSchema === 'string' ? JSON.parse(jsonSchema) : jsonSchema;
    if (isMapping(parsed)) return (isMapping(parsed.schema) ? parsed.schema : parsed) as JsonObject;
  } catch {
    // Said below.
  }
  losses.add('kept', 'response-schema', 'jsonSchema', 'It is not valid JSON, so no answer can be checked with it.');
  return null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
