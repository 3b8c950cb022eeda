import { stringify } from 'yaml';
import { canonicalJson } from '../../content/hash-content.ts';
import { renameIncludes } from '../../content/templates/includes-of.ts';
import type { PromptContent } from '../../contract/content.ts';
import { isPlaceholder } from '../../contract/message-texts.ts';
import type { PlaceholderMessage } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { inferInputs } from './infer-inputs.ts';
import { textOfMessage, writeRoles } from './write-roles.ts';

const endings = { jinja: '.j2', nunjucks: '.njk', liquid: '.liquid' } as const;

/** One file a prompt: plain text for one user message, else with a line before each message that says its role. */
export function writeJinja(prompts: readonly ImportedPrompt[], losses: Losses): readonly WrittenFile[] {
  return prompts.flatMap((prompt) => {
    const { content, name } = prompt;
    if (isOfChatBlocks(prompt)) return [writeChatBlocks(prompt, losses)];
    const [first, second] = content.messages;
    const isPlain = second === undefined && first !== undefined && !isPlaceholder(first) && first.role === 'user';
    if (content.syntax === 'liquid' && !isPlain) {
      losses.add('refused', 'messages', name, 'A Liquid file holds one message of the user; this prompt has others.');
      return [];
    }
    const ending = endings[content.syntax];
    const text = isPlain
      ? `${plainText(content, name, losses)}\n`
      : writeRoles(
          content,
          name,
          {
            marker: (role) => `# ${role}:`,
            placeholder: historyLoop,
            media: () => null,
            keepsInner: originOf(prompt) === 'jinja-roles',
          },
          losses,
        );
    noteRest(content, name, losses);
    return [{ path: name + ending, text: withEndings(text, prompt, ending) }];
  });
}

function plainText({ messages }: PromptContent, name: string, losses: Losses): string {
  const [message] = messages;
  if (message === undefined || isPlaceholder(message)) return '';
  if (
    typeof message.content === 'string' &&
    !/^[ \t]*#?[ \t]*(?:system|user|assistant|developer)\b/im.test(message.content)
  )
    return message.content;
  return textOfMessage(message, name, { media: () => null }, losses);
}

/** Included prompts are files beside, with the same ending. */
function withEndings(text: string, { content, name: _ }: ImportedPrompt, ending: string): string {
  return renameIncludes(text, content.syntax, (name) => name.replace(/@.*$/, '') + ending);
}

function historyLoop({ placeholder, optional = false }: PlaceholderMessage): string {
  const loop = [
    `{% for message in ${placeholder} %}`,
    '# {{ message.role }}:',
    '{{ message.content }}',
    '{% endfor %}',
  ];
  return (optional ? [`{% if ${placeholder} %}`, ...loop, '{% endif %}'] : loop).join('\n');
}

/** What a text cannot say: all but messages, and of inputs what their use does not show. */
function noteRest(content: PromptContent, name: string, losses: Losses): void {
  const drop = (what: string, isThere: boolean) => {
    if (isThere) losses.add('dropped', what, name, 'A template file has no place for it.');
  };
  const { model, fallbacks, ...sampling } = content.settings;
  drop(
    'settings',
    model !== null || fallbacks.length > 0 || Object.values(sampling).some((value) => value !== undefined),
  );
  drop('tools', content.tools.length > 0);
  drop('response-schema', content.responseSchema !== null);
  drop('samples', content.samples.length > 0);
  const shown = new Map(inferInputs(content.messages, content.syntax).map((input) => [input.name, input]));
  for (const input of content.inputs) {
    const whole = { type: 'string', required: true, description: '', ...shown.get(input.name) };
    if (canonicalJson(whole) !== canonicalJson(input))
      losses.add(
        'dropped',
        'input',
        `${name}: ${input.name}`,
        'A template file declares no inputs; only their use shows.',
      );
  }
}

/** Id of the format that a prompt came in. */
function originOf({ metadata }: ImportedPrompt): unknown {
  return isMapping(metadata.import) ? metadata.import.format : undefined;
}

/** Whether a prompt came as `chat` blocks and can be written as such again. */
function isOfChatBlocks(prompt: ImportedPrompt): boolean {
  const { content } = prompt;
  return (
    originOf(prompt) === 'jinja-chat-blocks' &&
    content.messages.every((message) => !isPlaceholder(message) && typeof message.content === 'string')
  );
}

function writeChatBlocks(
  { name, title, description, tags, content, metadata }: ImportedPrompt,
  losses: Losses,
): WrittenFile {
  const values = (metadata.import as JsonObject).values;
  const front = {
    id: name,
    ...(title !== '' && { name: title }),
    ...(description !== '' && { description }),
    ...(tags.length > 0 && { tags }),
    required: content.inputs.filter(({ required }) => required).map((input) => input.name),
    defaults: Object.fromEntries(
      content.inputs.flatMap((input) => (input.default === undefined ? [] : [[input.name, input.default]])),
    ),
    ...(isMapping(values) ? values : {}),
  };
  const blocks = content.messages.map((message) => {
    const text = isPlaceholder(message) ? '' : textOfMessage(message, name, { media: () => null }, losses);
    return `{% chat role="${message.role}" %}\n${text}\n{% endchat %}`;
  });
  noteRest({ ...content, inputs: [] }, name, losses);
  return { path: `${name}.prompt.md`, text: `---\n${stringify(front)}---\n${blocks.join('\n')}\n` };
}
