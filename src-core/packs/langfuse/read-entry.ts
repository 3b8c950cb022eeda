import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import type { PromptDraft } from '../prompt-draft.ts';
import { createKeptMessages } from '../requests/kept-messages.ts';
import { readMessage } from '../requests/messages.ts';
import type { Reading } from '../requests/parts.ts';
import { type ReadResponseFormat, readResponseFormat } from '../requests/response-format.ts';
import { readTools } from '../requests/tools.ts';
import { convertTemplate } from '../text/escape-text.ts';
import { readParameters } from '../text/model-parameters.ts';
import type { InputNames } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';

type Raw = Readonly<Record<string, unknown>>;

/** One version of a prompt of Langfuse, as far as its content goes. */
export type EntryDraft = Omit<PromptDraft, 'name'>;

/** What an entry's texts mean by the names of others. */
export interface EntryNames {
  /** Of the prompt, for the report. */
  readonly source: string;
  readonly inputs: InputNames;
  /** Name and version of an included prompt here, as in `tone@production`. */
  include(name: string, selector: string): string;
}

/** A variable, or a reference to another prompt. All else between braces is text. */
const pattern = /@@@langfusePrompt:(.*?)@@@|\{\{\s*([\p{L}_][\p{L}\p{M}\p{N}_]*)\s*\}\}/gu;

/** Null when the entry has no texts. */
export function readEntry(entry: Raw, names: EntryNames, losses: Losses): EntryDraft | null {
  const kept = createKeptMessages();
  const reading: Reading = { text: (text) => toJinja(text, names, losses), losses, kept };
  const messages = messagesOf(entry.prompt, reading, names);
  if (messages.length === 0) return null;
  const at = names.source;
  const config = isMapping(entry.config) ? entry.config : {};
  if (!isMapping(entry.config) && entry.config !== undefined && entry.config !== null)
    losses.add('kept', 'config', `${at}.config`, 'It is no object. It is kept in the metadata.');
  const { model, tools, response_format: format, json_schema: schema, ...others } = config;
  const answer = responseFormat(format, schema, { at, losses });
  const functions = Array.isArray(tools)
    ? readTools(tools, losses, `${at}.config.tools`)
    : { tools: [], options: undefined };
  const parameters = readParameters(
    { ...others, ...(!Array.isArray(tools) && { tools }), ...(typeof model !== 'string' && { model }) },
    losses,
    { where: `${at}.config` },
  );
  return {
    messages,
    settings: { ...parameters.settings, ...(typeof model === 'string' && { model }) },
    tools: [...functions.tools],
    responseSchema: answer.schema,
    kept: {
      type: Array.isArray(entry.prompt) ? 'chat' : 'text',
      parameters: Object.keys(parameters.rest).length > 0 ? parameters.rest : undefined,
      config: isMapping(entry.config) ? undefined : (entry.config ?? undefined),
      responseFormat: answer.kept,
      tools: functions.options,
      messages: kept.all(),
    },
  };
}

function messagesOf(prompt: unknown, reading: Reading, names: EntryNames): readonly MessageTemplateInput[] {
  if (typeof prompt === 'string') return [{ role: 'user', content: reading.text(prompt) }];
  if (!Array.isArray(prompt)) return [];
  return prompt.flatMap((message: unknown, index) => {
    const where = `${names.source}.prompt[${index}]`;
    if (!isMapping(message) || message.type !== 'placeholder') return readMessage(message, where, reading);
    if (typeof message.name !== 'string' || message.name.trim() === '') {
      reading.losses.add('dropped', 'message', where, 'It is a placeholder without a name.');
      return [];
    }
    const { name } = message;
    reading.losses.add(
      'approximated',
      'placeholder',
      name,
      'It became a placeholder, filled by an input of type messages.',
    );
    return [{ placeholder: names.inputs.legal(name) }];
  });
}

function responseFormat(
  format: unknown,
  schema: unknown,
  { at, losses }: { readonly at: string; readonly losses: Losses },
): ReadResponseFormat {
  if (format !== undefined || schema === undefined || schema === null)
    return readResponseFormat(format, `${at}.config.response_format`, losses);
  const nested = isMapping(schema) && isMapping(schema.schema) ? schema : { schema };
  return readResponseFormat({ type: 'json_schema', json_schema: nested }, `${at}.config.json_schema`, losses);
}

function toJinja(text: string, names: EntryNames, losses: Losses): string {
  return convertTemplate(text, pattern, ([whole, reference, variable]) => {
    if (variable !== undefined) return { jinja: `{{ ${names.inputs.legal(variable)} }}` };
    const [name, selector, ...more] = (reference ?? '').split('|');
    const isReference = name?.startsWith('name=') && /^(?:label|version)=./.test(selector ?? '') && more.length === 0;
    if (isReference) return { jinja: `{% include "${names.include(name!.slice('name='.length), selector!)}" %}` };
    losses.add(
      'unresolved',
      'include',
      whole.slice(0, 200),
      'It names no prompt with a label or a version, so it stays a text.',
    );
    return { text: whole };
  });
}
