import type { JsonObject } from '../../contract/shared.ts';
import type { Format } from '../format.ts';
import type { Context } from '../langchain/context.ts';
import { type FoundPrompt, isNotImplemented, promptsIn, secretName } from '../langchain/manifest.ts';
import { readModel } from '../langchain/read-model.ts';
import { readPrompt } from '../langchain/read-prompt.ts';
import type { Losses } from '../losses.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { tooDeep } from '../text/json-fault.ts';
import { lookAtMapping } from '../text/look-at-mapping.ts';
import { createInputNames, fileStem } from '../text/names.ts';
import { jsonRefusal } from '../text/read-json.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

/** LangChain: `_type` files in JSON and YAML, and manifests (`lc: 1`) of the hub and of LangSmith. Nothing that an id names is made. */
export const langchain: Format = {
  title: 'LangChain',
  ids: ['langchain'],
  detect(source) {
    if (!/\.(?:ya?ml|json)$/.test(source.name) && !/^\s*\{/.test(source.text)) return null;
    const value = lookAtMapping(source, ['_type', 'input_variables']);
    if (value === null) return null;
    const isManifest = value.lc === 1 && Array.isArray(value.id);
    const isTyped =
      typeof value._type === 'string' &&
      /^(?:prompt|few_shot\w*|chat|\w+_chain|.*agent.*|.*react.*)$/.test(value._type);
    const isOldHub =
      Array.isArray(value.input_variables) &&
      (typeof value.template === 'string' ||
        typeof value.template_path === 'string' ||
        typeof value.suffix === 'string');
    const isWrapped = isMapping(value.manifest) && value.manifest.lc === 1;
    if (!isManifest && !isTyped && !isOldHub && !isWrapped) return null;
    return { id: 'langchain', sureness: isOldHub && !isTyped && !isManifest ? 'likely' : 'certain' };
  },
  async read(source, { id }, losses) {
    const value = parsedOf(source);
    const json = source.json();
    if (value === null && 'problem' in json && json.problem === tooDeep) throw jsonRefusal(source.path, json);
    if (!isMapping(value)) throw refusal(`${source.path} is no object of JSON or YAML.`, { reason: 'json' });
    // What YAML has and JSON has not, as `.nan`, becomes null.
    const clean = withoutSecrets(JSON.parse(JSON.stringify(value)) as JsonObject, losses);
    noteReferences(clean, losses);
    const found = promptsIn(clean);
    if (found.length === 0) throw refusal(`${source.path} has no prompt.`, { reason: 'no-messages' });
    const prompts = [];
    for (const each of found) {
      const name = nameOf(each, source, found.length === 1);
      prompts.push(await importPrompt(each, name, source, losses, id));
    }
    return { prompts };
  },
};

function parsedOf(source: Source): unknown {
  if (/^\s*\{/.test(source.text)) {
    const json = source.json();
    if ('value' in json) return json.value;
  }
  if (!/\.(?:ya?ml|json)$/.test(source.name)) return null;
  const yaml = source.yaml();
  return 'value' in yaml ? yaml.value : null;
}

async function importPrompt(
  { prompt, around, beside }: FoundPrompt,
  name: string,
  source: Source,
  losses: Losses,
  format: string,
) {
  const names = createInputNames(losses);
  const context: Context = { source, names, losses, shown: new Map() };
  const { messages, inputs } = await readPrompt(prompt, context);
  if (messages.length === 0) throw refusal(`${source.path} has a prompt without messages.`, { reason: 'no-messages' });
  const { kwargs } = prompt;
  const model = [...around.map((each) => each.kwargs.last ?? each.kwargs.llm ?? each.kwargs.bound), beside.llm]
    .map((each) => readModel(each, losses))
    .find((each) => each !== null);
  const { metadata, tags, input_types: types, schema_: schema } = kwargs;
  const hasRest = model !== undefined && Object.keys(model.rest).length > 0;
  return toImportedPrompt(
    {
      name,
      title: typeof kwargs.name === 'string' ? kwargs.name : '',
      tags: Array.isArray(tags)
        ? tags
            .filter((tag): tag is string => typeof tag === 'string' && tag.trim() !== '')
            .map((tag) => tag.trim().slice(0, 50))
            .slice(0, 50)
        : [],
      messages,
      inputs,
      inputSources: names.sources(),
      settings: model?.settings,
      tools: [...(model?.tools ?? [])].slice(0, 128),
      responseSchema: isMapping(schema) ? (schema as JsonObject) : null,
      kept: {
        metadata: isMapping(metadata) && Object.keys(metadata).length > 0 ? metadata : undefined,
        input_types: isMapping(types) && Object.keys(types).length > 0 ? types : undefined,
        parameters: hasRest ? model.rest : undefined,
      },
    },
    { format },
    losses,
  );
}

/** The hub's own name, else that of the prompt, else the file's; of several prompts the place of each behind it. */
function nameOf({ prompt, place }: FoundPrompt, source: Source, isAlone: boolean): string {
  const { metadata, name } = prompt.kwargs;
  const repository = isMapping(metadata) ? metadata.lc_hub_repo : undefined;
  const own = [repository, name].find((each) => typeof each === 'string' && each.trim() !== '');
  if (isAlone) return typeof own === 'string' ? own : fileStem(source.path);
  return `${fileStem(source.path)}/${typeof own === 'string' ? own : place.join('-') || 'prompt'}`;
}

/** Keys that a manifest takes from the environment, and things that its maker could not write down. */
function noteReferences(root: unknown, losses: Losses): void {
  const waiting: unknown[] = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const secret = secretName(value);
    if (secret !== null)
      losses.add(
        'kept',
        'secret-reference',
        secret,
        'Keys are never read from the environment on import; add it to the endpoint here.',
      );
    if (isNotImplemented(value)) {
      const id = (value as JsonObject).id;
      losses.add(
        'dropped',
        'not-implemented',
        Array.isArray(id) ? String(id.at(-1)) : '',
        'The file itself says that it could not be written down.',
      );
    }
    waiting.push(...Object.values(value).filter((inner) => inner !== undefined));
  }
}
