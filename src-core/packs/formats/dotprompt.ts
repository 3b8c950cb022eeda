import { readOutput, readTools } from '../dotprompt/front-matter-values.ts';
import { fieldsKept } from '../dotprompt/kept-fields.ts';
import { loadPartials } from '../dotprompt/load-partials.ts';
import { inputsOfSchema } from '../dotprompt/schema-inputs.ts';
import { writeDotprompt } from '../dotprompt/write-dotprompt.ts';
import type { Detected, Format } from '../format.ts';
import { createHandlebarsConverter } from '../handlebars/handlebars-to-jinja.ts';
import { parseHandlebars } from '../handlebars/parse-handlebars.ts';
import { splitMessages } from '../handlebars/split-messages.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { mergeInputs } from '../text/merge-inputs.ts';
import { readParameters } from '../text/model-parameters.ts';
import { createInputNames, fileStem } from '../text/names.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

const ownKeys = ['model', 'config', 'input', 'output', 'tools', 'variant', 'ext', 'toolDefs'];
const markers = /\{\{~?\s*(?:(?:#\s*)?role\b|history\s*~?\}\}|media\s+url|section\s+["'])/;
const blocks = /\{\{~?\s*(?:[#^>]|else\b|json\s)/;

/** `.prompt` of Google's Dotprompt and Genkit: front matter in YAML, a body in Handlebars with markers of roles. */
export const dotprompt: Format = {
  title: 'Dotprompt (Genkit)',
  ids: ['dotprompt', 'dotprompt-partial'],
  detect(source) {
    const isNamed = source.name.endsWith('.prompt');
    const file = fileOf(source);
    const id = isNamed && source.name.startsWith('_') ? 'dotprompt-partial' : 'dotprompt';
    if (markers.test(file.body) && (isNamed || file.front !== null)) return { id, sureness: 'certain' };
    if (!isNamed) return null;
    return { id, sureness: surenessOf(file) };
  },
  async read(source, { id }, losses) {
    const { front, body, bodyLine } = fileOf(source);
    const file = withoutSecrets(frontMatterOf(source, front), losses);
    const names = createInputNames(losses);
    const input = isMapping(file.input) ? file.input : {};
    const defaults = isMapping(input.default) ? input.default : {};
    const { inputs, schemas, optional } = inputsOfSchema(input.schema, defaults, names, losses);
    const program = parseHandlebars(body, source.path, bodyLine);
    const partials = await loadPartials(source, program);
    const converter = createHandlebarsConverter(program, {
      dialect: 'dotprompt',
      names,
      losses,
      schemas,
      optional,
      partials,
    });
    const messages = splitMessages(program, converter, losses, { first: 'user', afterHistory: 'assistant' });
    if (messages.length === 0)
      throw refusal(`${source.path} has no text: nothing of it would be sent.`, { reason: 'no-messages' });
    if (id === 'dotprompt-partial' && messages.length > 1)
      losses.add('approximated', 'partial-roles', '', 'It has several messages; where it is included, the first is.');
    const { settings, rest } = readParameters(isMapping(file.config) ? file.config : {}, losses, { where: 'config' });
    const { model, description } = file;
    const sources = names.sources();
    const isTyped = (name: string) => Object.keys(schemas.get(sources[name] ?? name) ?? {}).length > 0;
    const prompt = toImportedPrompt(
      {
        name: nameOf(source.path, file),
        description: typeof description === 'string' ? description : '',
        messages,
        inputs: mergeInputs(messages, inputs, converter.inputs(), isTyped),
        inputSources: sources,
        settings: { ...settings, ...(typeof model === 'string' && model !== '' && { model }) },
        tools: readTools(file.tools ?? file.toolDefs, losses),
        responseSchema: readOutput(file.output, losses),
        kept: fieldsKept(file, rest, losses),
      },
      { format: id },
      losses,
    );
    return { prompts: [prompt] };
  },
  write: (prompts, losses) => prompts.map((prompt) => writeDotprompt(prompt, losses)),
};

interface PromptFile {
  /** The front matter as YAML; null where there is none. */
  readonly front: { readonly yaml: string; readonly line: number } | null;
  readonly body: string;
  readonly bodyLine: number;
}

/** Two rules of a text are no front matter: that is a mapping, or what its first line opens. */
function fileOf(source: Source): PromptFile {
  const found = source.frontMatter();
  const yaml = found === null ? null : readYaml(found.yaml);
  const isFront =
    yaml !== null && ('problem' in yaml ? /^\s*---/.test(source.text) : isMapping(yaml.value) || yaml.value === null);
  const text = isFront ? found!.body : source.text.replace(/\r\n?/g, '\n');
  const body = text.trim();
  const before = text.slice(0, text.length - text.trimStart().length).split('\n').length - 1;
  return {
    front: isFront ? { yaml: found!.yaml, line: found!.yamlLine } : null,
    body,
    bodyLine: (isFront ? found!.bodyLine : 1) + before,
  };
}

function surenessOf({ front, body }: PromptFile): Detected['sureness'] {
  const yaml = front === null ? null : readYaml(front.yaml);
  if (yaml !== null && 'value' in yaml && isMapping(yaml.value) && ownKeys.some((key) => key in (yaml.value as object)))
    return 'certain';
  if (front !== null || blocks.test(body) || body.includes('{{')) return 'likely';
  return 'possible';
}

function frontMatterOf(source: Source, front: PromptFile['front']): Readonly<Record<string, unknown>> {
  const yaml = readYaml(front?.yaml ?? '');
  if ('value' in yaml) return isMapping(yaml.value) ? yaml.value : {};
  const line = (front?.line ?? 1) + yaml.line - 1;
  throw refusal(`The front matter of ${source.path} is not valid YAML, line ${line}: ${yaml.problem}`, {
    reason: 'yaml',
    line,
  });
}

/** Its own name and variant, else its path; the underscore of a partial is no part of its name. */
function nameOf(path: string, { name, variant }: Readonly<Record<string, unknown>>): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const own = typeof name === 'string' && name.trim() !== '' ? name : `${folder}${fileStem(path).replace(/^_/, '')}`;
  const suffix = typeof variant === 'string' && variant !== '' ? `.${variant}` : '';
  return own.endsWith(suffix) ? own : `${own}${suffix}`;
}
