import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Format } from '../format.ts';
import { inferInputs } from '../jinja/infer-inputs.ts';
import { createLosses, type Losses } from '../losses.ts';
import { type InputDraft, toImportedPrompt } from '../prompt-draft.ts';
import { convertDocument, type Request } from '../promptl/convert-document.ts';
import { pathOfInclude } from '../promptl/convert-text.ts';
import { type PromptlNode, parsePromptl } from '../promptl/parse-promptl.ts';
import type { Names } from '../promptl/print-expression.ts';
import { readConfig, splitConfig } from '../promptl/read-config.ts';
import { surveyNames } from '../promptl/survey.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { createInputNames, fileStem, pathStem, promptName } from '../text/names.ts';

/** PromptL of Latitude (its first version is being left): configuration and a document with tags and expressions like JavaScript's. */
export const promptl: Format = {
  title: 'Latitude PromptL',
  ids: ['promptl'],
  detect(source) {
    if (source.name.endsWith('.promptl')) return { id: 'promptl', sureness: 'certain' };
    if (!/\.(?:md|markdown|txt|prompt)$/.test(source.name)) return null;
    const hasStep = /<step(?:\s[^<>]*)?>/.test(source.text);
    const hasBlock = /\{\{\s*(?:endif|endfor)\s*\}\}/.test(source.text);
    const hasMessage =
      /<(?:system|user|assistant)>/.test(source.text) && /<\/(?:system|user|assistant)>/.test(source.text);
    const isConfigured = /^\s*(?:---\s*\n)?(?:provider|model)[ \t]*:/.test(source.text);
    return (hasMessage || hasStep) && (hasBlock || hasStep || isConfigured)
      ? { id: 'promptl', sureness: 'likely' }
      : null;
  },
  async read(source, { id }, losses) {
    const { values, body, line } = splitConfig(source, losses);
    const { nodes, problems } = parsePromptl(body, line);
    const inputs = createInputNames(losses);
    const names: Names = { ...surveyNames(nodes), inputs, unread: new Set(), losses };
    const includes = await findIncludes(nodes, source, losses);
    const requests = convertDocument(nodes, { names, includes, definitions: [] }).filter(
      ({ messages }) => messages.length > 0,
    );
    if (requests.length === 0) throw refusal(`${source.path} has no text.`, { reason: 'no-messages' });
    if (requests.length > 1)
      losses.add(
        'approximated',
        'steps',
        '',
        'Each step became a prompt. What a step answers is an input of the next.',
      );
    const { kept, inputs: described, ...config } = readConfig(values, inputs, losses);
    const stem = fileStem(source.path);
    const prompts = requests.map(({ messages, step }, index) =>
      toImportedPrompt(
        {
          ...config,
          tools: [...config.tools],
          name: requests.length === 1 ? stem : `${stem}/${index + 1}`,
          title: step === null ? '' : (attributeOf(step, 'as') ?? ''),
          messages,
          inputs: inputsOf(messages, described, names, losses),
          inputSources: inputs.sources(),
          kept: { ...kept, step: step === null ? undefined : attributesOf(step) },
        },
        { format: id },
        losses,
      ),
    );
    return { prompts, problems };
  },
};

function attributeOf({ attributes }: NonNullable<Request['step']>, key: string): string | null {
  const [first] = attributes.get(key) ?? [];
  return first !== undefined && 'text' in first ? first.text : null;
}

function attributesOf({ attributes }: NonNullable<Request['step']>): JsonObject | undefined {
  if (attributes.size === 0) return undefined;
  return Object.fromEntries(
    [...attributes].map(([key, pieces]) => [
      key,
      pieces.length === 0
        ? true
        : pieces.map((piece) => ('text' in piece ? piece.text : `{{ ${piece.expression} }}`)).join(''),
    ]),
  );
}

function inputsOf(
  messages: readonly MessageTemplateInput[],
  described: readonly InputDraft[],
  names: Names,
  losses: Losses,
): readonly InputDraft[] {
  const inferred = inferInputs(messages).map((input): InputDraft => {
    const given = described.find(({ name }) => name === input.name);
    return given === undefined
      ? input
      : { ...input, ...given, type: input.type === 'string' ? given.type : input.type };
  });
  const known = new Set(inferred.map(({ name }) => name));
  // What only untranslatable expressions read is an input all the same, so that nobody forgets it.
  const unread = [...names.unread]
    .map((source) => createInputNames(createLosses()).legal(source))
    .filter((name) => !known.has(name));
  if (unread.length > 0)
    losses.add(
      'approximated',
      'unread-input',
      unread.join(', ').slice(0, 200),
      'Only expressions read it that Jinja has not; it is declared and not used.',
    );
  return [...inferred, ...unread.map((name): InputDraft => ({ name, type: 'string', required: false }))];
}

/** Prompts that the document includes, by their paths. */
async function findIncludes(nodes: readonly PromptlNode[], source: Source, losses: Losses) {
  const found = new Map<string, { readonly name: string; readonly isThere: boolean }>();
  for (const path of new Set(includedPaths(nodes))) found.set(path, await findInclude(path, source, losses));
  return found;
}

async function findInclude(path: string, source: Source, losses: Losses) {
  const relative = path.replace(/^\/+/, '');
  const up = path.startsWith('/') ? '../'.repeat(source.path.split('/').length - 1) : '';
  for (const ending of ['.promptl', '', '.md', '.prompt']) {
    const file = await source.find(up + relative + ending);
    if (file.kind === 'file') return { name: promptName(pathStem(file.file.path)), isThere: true };
  }
  losses.add(
    'unresolved',
    'include',
    path,
    `"${path}" is not in the folder; the include stays and prints nothing until it is.`,
  );
  return { name: promptName(pathStem(relative)), isThere: false };
}

function includedPaths(nodes: readonly PromptlNode[]): readonly string[] {
  return nodes.flatMap((node): readonly string[] => {
    if (node.kind === 'text' || node.kind === 'expression') return [];
    if (node.kind === 'tag') {
      const path = node.name === 'prompt' ? pathOfInclude(node) : null;
      return path === null ? includedPaths(node.children) : [path];
    }
    const bodies = node.kind === 'if' ? node.branches.map(({ body }) => body) : [node.body];
    return [...bodies, node.otherwise ?? []].flatMap(includedPaths);
  });
}
