import type { PromptContent, Syntax } from '../../contract/content.ts';
import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { Detected, Format, ReadFile } from '../format.ts';
import { readChatBlocks } from '../jinja/chat-blocks.ts';
import { importIncludes } from '../jinja/import-includes.ts';
import { inferInputs } from '../jinja/infer-inputs.ts';
import { opensMessage, readMarker } from '../jinja/role-markers.ts';
import { scanTags } from '../jinja/scan-tags.ts';
import { splitRoles } from '../jinja/split-roles.ts';
import { templateProblems } from '../jinja/template-problems.ts';
import { writeJinja } from '../jinja/write-jinja.ts';
import type { Losses } from '../losses.ts';
import { type InputDraft, toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { fileStem, pathStem } from '../text/names.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

const named = /\.(?:j2|jinja2?|njk)$/;
const tagNames = new Set([
  ...[
    'for',
    'if',
    'set',
    'macro',
    'include',
    'extends',
    'block',
    'import',
    'from',
    'call',
    'filter',
    'with',
    'raw',
    'chat',
  ],
]);

/** Jinja text as it is, with role lines (Prompt Flow), or with `{% chat role %}` blocks (LlamaIndex). */
export const jinja: Format = {
  title: 'Jinja text',
  ids: ['jinja', 'jinja-roles', 'jinja-chat-blocks'],
  detect(source) {
    if (!named.test(source.name) && !/\.(?:txt|md|markdown)$/.test(source.name)) return null;
    const tags = scanTags(source.text);
    if (
      tags.some(({ name, inner }) => name === 'chat' && /\brole\s*=/.test(inner)) &&
      readChatBlocks(source.text) !== null
    )
      return { id: 'jinja-chat-blocks', sureness: 'certain' };
    if (named.test(source.name)) return { id: hasRoles(source.text) ? 'jinja-roles' : 'jinja', sureness: 'certain' };
    if (!source.name.endsWith('.txt') || tags.some(({ kind, inner }) => kind === 'print' && inner.startsWith('$')))
      return null;
    const isJinja = tags.some(
      ({ kind, name, inner }) =>
        (kind === 'block' && tagNames.has(name)) || (kind === 'print' && /\w\s*\|\s*\w/.test(inner)),
    );
    if (isJinja) return { id: hasRoles(source.text) ? 'jinja-roles' : 'jinja', sureness: 'likely' };
    return tags.some(({ kind, inner }) => kind === 'print' && /^[\p{XID_Start}_][\p{XID_Continue}.]*$/u.test(inner))
      ? { id: hasRoles(source.text) ? 'jinja-roles' : 'jinja', sureness: 'possible' }
      : null;
  },
  async read(source, detected, losses) {
    const syntax: Syntax = source.name.endsWith('.njk') ? 'nunjucks' : 'jinja';
    return readTemplate(source, detected, syntax, losses);
  },
  write: writeJinja,
};

/** Whether the first line that prints something is a role, or several lines with "#" before are. */
function hasRoles(text: string): boolean {
  const lines = withoutComments(text).split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== '' && !/^\s*\{%.*%\}\s*$/.test(line)) ?? '';
  if (readMarker(first) !== null) return true;
  return lines.filter((line) => line.trimStart().startsWith('#') && opensMessage(line)).length > 1;
}

function withoutComments(text: string): string {
  let rest = '';
  let at = 0;
  for (const { kind, start, end } of scanTags(text)) {
    if (kind !== 'comment') continue;
    rest += text.slice(at, start);
    at = end;
  }
  return rest + text.slice(at);
}

async function readTemplate(source: Source, { id }: Detected, syntax: Syntax, losses: Losses): Promise<ReadFile> {
  if (source.text.trim() === '') throw refusal(`${source.path} is empty.`, { reason: 'no-messages' });
  const front = frontMatterOf(source);
  const text = (front?.body ?? source.text).replace(/\r\n?/g, '\n');
  if (isChatTemplate(text))
    throw refusal(
      `${source.path} is a chat template of a model, which writes the messages of a request down for that model. It is no prompt; it belongs to the model's file.`,
      { reason: 'chat-template' },
    );
  const { draft, kept } = readFront(withoutSecrets(front?.values ?? {}, losses), losses);
  const read = messagesOf(text, id, source, losses);
  const messages: MessageTemplateInput[] = [];
  for (const each of read) {
    if (typeof each.content !== 'string') messages.push(each);
    else messages.push({ ...each, content: await importIncludes(each.content, syntax, source, losses) });
  }
  const inferred = inferInputs(messages, syntax);
  const prompt = toImportedPrompt(
    {
      name: draft.name ?? (named.test(source.name) ? pathStem(source.path) : fileStem(source.path)),
      title: draft.title,
      description: draft.description,
      tags: draft.tags,
      syntax,
      messages,
      inputs: declared(inferred, front?.values ?? {}),
      kept,
    },
    { format: id },
    losses,
  );
  return {
    prompts: [prompt],
    problems: templateProblems(text.replace(/\{%[-+]?\s*(?:end)?chat\b[^%]*%\}/g, ''), syntax, front?.line ?? 1),
  };
}

function messagesOf(text: string, id: string, source: Source, losses: Losses): readonly MessageTemplateInput[] {
  if (id === 'jinja-chat-blocks') return chatMessages(text, losses);
  // Jinja itself takes away the line break at the end of a file.
  if (id !== 'jinja-roles') return [{ role: 'user', content: text.replace(/\n$/, '') }];
  const sections = splitRoles(text, losses);
  if (sections.length === 0) throw refusal(`${source.path} has roles without any text.`, { reason: 'no-messages' });
  return sections.map((section): MessageTemplateInput => {
    if (section.kind === 'history') return { placeholder: section.list, ...(section.optional && { optional: true }) };
    for (const key of Object.keys(section.attributes))
      losses.add('dropped', 'role-attribute', `${section.role}[${key}]`, 'A message has no such attribute here.');
    return { role: section.role, content: section.text };
  });
}

function chatMessages(text: string, losses: Losses): readonly MessageTemplateInput[] {
  const { blocks, outside } = readChatBlocks(text) ?? { blocks: [], outside: text };
  const messages = blocks.map(({ source, role, text: content }): MessageTemplateInput => {
    if (role === null)
      losses.add('approximated', 'role', source, `There is no role "${source}" here; the message is of the user.`);
    return { role: role ?? 'user', content };
  });
  if (outside === '') return messages;
  losses.add('approximated', 'text-outside', '', 'Text outside of the blocks became a system message before them.');
  return [{ role: 'system', content: outside }, ...messages];
}

/** A template that a model's file has for the messages of every request. */
function isChatTemplate(text: string): boolean {
  if (!/\bmessages\b/.test(text)) return false;
  const code = scanTags(text)
    .filter(({ kind }) => kind === 'print' || kind === 'block')
    .map(({ inner }) => inner)
    .join('\n');
  const hasLoop = /\bfor\s+[\w, ]+\s+in\s+(?:messages|loop_messages)\b/.test(code);
  const hasTokens = /\b(?:bos_token|eos_token|add_generation_prompt|raise_exception)\b/.test(code);
  return (
    (hasLoop && (hasTokens || /<\|[\w ]+\|>|\[INST\]|<start_of_turn>/.test(text))) ||
    (hasTokens && /\bmessages\s*\[/.test(code))
  );
}

interface ReadFront {
  readonly values: JsonObject;
  readonly body: string;
  /** Line of the file on which the body begins. */
  readonly line: number;
}

/** Front matter that is a mapping with plain keys; anything else between two rules is text. */
function frontMatterOf(source: Source): ReadFront | null {
  const front = source.frontMatter();
  if (front === null) return null;
  const yaml = readYaml(front.yaml);
  if ('problem' in yaml || !isMapping(yaml.value)) return null;
  const keys = Object.keys(yaml.value);
  if (keys.length === 0 || !keys.every((key) => /^[a-z_][\w.-]*$/i.test(key))) return null;
  return { values: yaml.value as JsonObject, body: front.body, line: front.bodyLine };
}

function readFront(values: JsonObject, losses: Losses) {
  const { id, name, title, description, tags, required: _, defaults: __, ...others } = values;
  for (const key of Object.keys(others))
    losses.add('kept', 'unknown-key', key, 'It has no home here. It is kept in the metadata.');
  const first = [id, name].find((each): each is string => typeof each === 'string' && each.trim() !== '');
  return {
    draft: {
      name: first,
      title: [title, name].find((each): each is string => typeof each === 'string'),
      description: typeof description === 'string' ? description : undefined,
      tags: Array.isArray(tags) ? tags.filter((each): each is string => typeof each === 'string') : undefined,
    },
    kept: others,
  };
}

/** What front matter says of inputs: `required` is a list of names, `defaults` has values. */
function declared(inferred: readonly InputDraft[], { required, defaults }: JsonObject): readonly InputDraft[] {
  const needed = Array.isArray(required) ? required : null;
  const values = isMapping(defaults) ? (defaults as JsonObject) : {};
  return inferred.map((input) => {
    const given = Object.hasOwn(values, input.name) ? values[input.name] : undefined;
    if (given === undefined)
      return needed === null || needed.includes(input.name) ? input : { ...input, required: false };
    return { ...input, ...typeOf(given), default: given, required: false };
  });
}

function typeOf(value: Json): Pick<PromptContent['inputs'][number], 'type'> & { schema?: JsonObject } {
  if (typeof value === 'number') return { type: 'number' };
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (Array.isArray(value)) return { type: 'object', schema: { type: 'array' } };
  return { type: typeof value === 'object' && value !== null ? 'object' : 'string' };
}
