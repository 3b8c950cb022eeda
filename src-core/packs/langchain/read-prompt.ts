import type { MessagePart, MessageTemplateInput, Role } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { inferInputs } from '../jinja/infer-inputs.ts';
import type { Losses } from '../losses.ts';
import { mustacheToJinja } from '../mustache/mustache-to-jinja.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { isMapping } from '../text/read-yaml.ts';
import { type Context, fileText } from './context.ts';
import { fStringToJinja } from './f-string.ts';
import { expandExamples } from './few-shot.ts';
import { type Constructed, constructedOf, isNotImplemented } from './manifest.ts';
import { literalMessage, mediaPart } from './messages.ts';

/** What becomes of one prompt. */
export interface ReadPrompt {
  readonly messages: readonly MessageTemplateInput[];
  readonly inputs: readonly InputDraft[];
}

export async function readPrompt({ className, kwargs }: Constructed, context: Context): Promise<ReadPrompt> {
  const messages = await messagesOf({ className, kwargs }, context);
  return { messages, inputs: inputsOf(kwargs, messages, context) };
}

/** Declared in the file's order, then what the templates read besides. */
function inputsOf(
  kwargs: JsonObject,
  messages: readonly MessageTemplateInput[],
  { names, losses, shown }: Context,
): readonly InputDraft[] {
  const inferred = new Map(inferInputs(messages).map((input) => [input.name, shown.get(input.name) ?? input]));
  const list = (value: Json | undefined) =>
    Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
  const partial = isMapping(kwargs.partial_variables) ? (kwargs.partial_variables as JsonObject) : {};
  const declared = new Map<string, InputDraft>();
  for (const source of list(kwargs.input_variables)) {
    const name = names.legal(source);
    declared.set(name, inferred.get(name) ?? { name, type: 'string' });
  }
  for (const source of list(kwargs.optional_variables)) {
    const name = names.legal(source);
    declared.set(name, { ...(declared.get(name) ?? inferred.get(name) ?? { name, type: 'string' }), required: false });
  }
  for (const [source, value] of Object.entries(partial)) {
    const name = names.legal(source);
    const input = inferred.get(name) ?? { name, type: 'string' as const };
    const isData = !isNotImplemented(value) && constructedOf(value) === null && value !== null;
    if (!isData && value !== null)
      losses.add('refused', 'code', source, 'Its value is made by code, which never runs here.');
    declared.set(name, { ...input, required: false, ...(isData && { default: value }) });
  }
  return [...declared.values(), ...[...inferred.values()].filter(({ name }) => !declared.has(name))];
}

async function messagesOf(
  { className, kwargs }: Constructed,
  context: Context,
): Promise<readonly MessageTemplateInput[]> {
  switch (className) {
    case 'ChatPromptTemplate':
    case 'StructuredPrompt':
      return chatMessages(kwargs, context);
    case 'FewShotPromptTemplate':
    case 'FewShotPromptWithTemplates':
      return [{ role: 'user', content: await fewShotText(kwargs, context) }];
    case 'FewShotChatMessagePromptTemplate':
      return fewShotMessages(kwargs, context);
    default:
      return [
        { role: 'user', content: await contentOf([{ lc: 1, type: 'constructor', id: [className], kwargs }], context) },
      ];
  }
}

const roleClasses: Readonly<Record<string, Role>> = {
  SystemMessagePromptTemplate: 'system',
  HumanMessagePromptTemplate: 'user',
  AIMessagePromptTemplate: 'assistant',
};

async function chatMessages({ messages }: JsonObject, context: Context): Promise<readonly MessageTemplateInput[]> {
  const all: MessageTemplateInput[] = [];
  for (const [index, item] of (Array.isArray(messages) ? messages : []).entries())
    all.push(...(await chatMessage(item, index, context)));
  return all;
}

async function chatMessage(item: unknown, index: number, context: Context): Promise<readonly MessageTemplateInput[]> {
  const { names, losses } = context;
  const made = constructedOf(item);
  const kwargs = made?.kwargs ?? (isMapping(item) ? (item as JsonObject) : null);
  if (kwargs === null) {
    losses.add('dropped', 'message', `messages[${index}]`, 'It is no message of a kind that is known.');
    return [];
  }
  const className = made?.className ?? (typeof kwargs.variable_name === 'string' ? 'MessagesPlaceholder' : '');
  if (className === 'MessagesPlaceholder') {
    const placeholder = names.legal(String(kwargs.variable_name ?? 'messages'));
    losses.add(
      'approximated',
      'placeholder',
      String(kwargs.variable_name ?? 'messages'),
      'It became a placeholder for messages.',
    );
    return [{ placeholder, ...(kwargs.optional === true && { optional: true }) }];
  }
  if (/^(?:Chat|FewShot.*|Structured)Prompt(?:Template|WithTemplates)?$|^FewShot/.test(className))
    return messagesOf({ className, kwargs }, context);
  const literal = literalMessage(className, kwargs, index, losses);
  if (literal !== null) return [literal];
  if (kwargs.prompt === undefined) {
    if (made !== null && /PromptTemplate$/.test(className)) return messagesOf(made, context);
    losses.add('dropped', 'message', `messages[${index}]`, 'It is no message of a kind that is known.');
    return [];
  }
  const parts = Array.isArray(kwargs.prompt) ? kwargs.prompt : [kwargs.prompt];
  return [{ role: roleOf(className, kwargs, index, losses), content: await contentOf(parts, context) }];
}

const roleNames: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'developer',
  human: 'user',
  user: 'user',
  ai: 'assistant',
  assistant: 'assistant',
};

function roleOf(className: string, { role, _type: type }: JsonObject, index: number, losses: Losses): Role {
  if (Object.hasOwn(roleClasses, className)) return roleClasses[className]!;
  const given = typeof role === 'string' ? role : typeof type === 'string' ? type : '';
  if (Object.hasOwn(roleNames, given.toLowerCase())) return roleNames[given.toLowerCase()]!;
  losses.add(
    'approximated',
    'role',
    `messages[${index}]`,
    given === ''
      ? "The file does not say whose message it is; here it is the user's."
      : `There is no role "${given}" here; the message is of the user.`,
  );
  return 'user';
}

/** The text of a message, or its parts where it has others than texts. */
async function contentOf(parts: readonly unknown[], context: Context): Promise<string | MessagePart[]> {
  const content: MessagePart[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      content.push({ type: 'text', text: toJinja(part, 'f-string', context) });
      continue;
    }
    const made = constructedOf(part);
    if (made === null) {
      context.losses.add('dropped', 'part', 'prompt', 'It is no part of a kind that is known.');
      continue;
    }
    if (made.className !== 'ImagePromptTemplate' && made.className !== 'DictPromptTemplate') {
      content.push({ type: 'text', text: await templateText(made.kwargs, context) });
      continue;
    }
    const media = mediaPart(
      made.kwargs.template,
      (text) => toJinja(text, made.kwargs.template_format, context),
      context,
    );
    if (media !== null) content.push(media);
  }
  if (content.every((part) => part.type === 'text')) return content.map(({ text }) => text).join('\n\n');
  return content;
}

/** The template of a prompt of text, also from a file of the folder. */
export async function templateText(kwargs: JsonObject, context: Context, key = 'template'): Promise<string> {
  if (kwargs.output_parser !== undefined && kwargs.output_parser !== null)
    context.losses.add('dropped', 'output-parser', '', 'What reads the answer is code, which never runs here.');
  const path = kwargs[`${key}_path`];
  const given = typeof path === 'string' ? await fileText(path, context.source) : kwargs[key];
  const text = isMapping(given) ? (constructedOf(given)?.kwargs.template ?? '') : given;
  return typeof text === 'string' ? toJinja(text, kwargs.template_format, context) : '';
}

/** A template of one of the three languages as Jinja. */
export function toJinja(text: string, format: Json | undefined, { names, losses, shown, source }: Context): string {
  if (format === 'jinja2') return text;
  if (format !== undefined && format !== null && format !== 'f-string' && format !== 'mustache')
    throw refusal(
      `${source.path} is written in the template language "${String(format).slice(0, 60)}"; LangChain's are f-string, mustache and jinja2.`,
      { reason: 'template-format' },
    );
  const converted = format === 'mustache' ? mustacheToJinja(text, names, losses) : fStringToJinja(text, names, losses);
  for (const input of converted.inputs)
    if (input.type !== 'string' || !shown.has(input.name)) shown.set(input.name, input);
  return converted.template;
}

async function fewShotText(kwargs: JsonObject, context: Context): Promise<string> {
  const separator = typeof kwargs.example_separator === 'string' ? kwargs.example_separator : '\n\n';
  const prefix = await templateText(kwargs, context, 'prefix');
  const examples = await expandExamples(kwargs, context, messagesOf);
  const suffix = await templateText(kwargs, context, 'suffix');
  return [prefix, ...examples.map((messages) => messages.map(({ text }) => text).join('\n')), suffix]
    .filter((piece) => piece !== '')
    .join(separator);
}

async function fewShotMessages(kwargs: JsonObject, context: Context): Promise<readonly MessageTemplateInput[]> {
  const examples = await expandExamples(kwargs, context, messagesOf);
  return examples.flatMap((messages) => messages.map(({ role, text }) => ({ role, content: text })));
}
