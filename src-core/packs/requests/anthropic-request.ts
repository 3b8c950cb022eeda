import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import type { PromptDraft } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { escapeText } from '../text/escape-text.ts';
import { faultInFile } from '../text/json-fault.ts';
import { readParameters } from '../text/model-parameters.ts';
import { isMapping } from '../text/read-yaml.ts';
import { createKeptMessages } from './kept-messages.ts';
import { contentOf, readMessages } from './messages.ts';
import { type Reading, readContent } from './parts.ts';
import type { BatchRequest } from './request-lines.ts';
import { readResponseFormat } from './response-format.ts';
import { readTools } from './tools.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Keys of a request that are read by themselves; any other is a parameter. */
const readKeys = ['model', 'messages', 'system', 'tools', 'output_format', 'output_config'];

/** The prompt that a Messages request is; a list stands for its messages. Throws a `refusal` when it has none. */
export function anthropicDraft(value: unknown, name: string, losses: Losses): PromptDraft {
  const body: Raw = Array.isArray(value) ? { messages: value } : isMapping(value) ? value : {};
  const kept = createKeptMessages();
  const reading: Reading = { text: (text) => escapeText(text), losses, kept };
  const list = Array.isArray(body.messages) ? body.messages : [];
  const messages = [
    ...systemOf(body.system, reading),
    ...readMessages(list, Array.isArray(value) ? '' : 'messages', reading),
  ];
  if (messages.length === 0) throw refusal(`"${name}" has no messages.`, { reason: 'no-messages' });
  const tools = readTools(body.tools, losses);
  const { format, ...output } = isMapping(body.output_config) ? body.output_config : ({} as Raw);
  const answer = readResponseFormat(format ?? body.output_format, 'output_config.format', losses);
  const { settings, rest } = readParameters(
    { ...body, ...(Object.keys(output).length > 0 && { output_config: output }) },
    losses,
    { ignored: Object.keys(output).length > 0 ? readKeys.filter((key) => key !== 'output_config') : readKeys },
  );
  return {
    name,
    messages,
    settings: { ...settings, ...(typeof body.model === 'string' && { model: body.model }) },
    tools: [...tools.tools],
    responseSchema: answer.schema,
    kept: {
      parameters: Object.keys(rest).length > 0 ? rest : undefined,
      outputFormat: answer.kept,
      tools: tools.options,
      messages: kept.all(),
    },
  };
}

/** A text or a list of texts, which become one. */
function systemOf(system: unknown, reading: Reading): readonly MessageTemplateInput[] {
  if (system === undefined || system === null || system === '') return [];
  const { parts, keeps } = readContent(system, 'system', reading);
  if (parts.length === 0) return [];
  const message: MessageTemplateInput = { role: 'system', content: contentOf(parts) };
  if (keeps) reading.kept.add(message, { content: system });
  return [message];
}

/** Requests of `{requests: [{custom_id, params}]}`, or of lines of `{custom_id, params}`. */
export function anthropicBatch(rows: readonly unknown[]): readonly BatchRequest[] {
  const [first] = rows;
  const list = rows.length === 1 && isMapping(first) && Array.isArray(first.requests) ? first.requests : rows;
  return list.flatMap((row, index) => {
    if (!isMapping(row) || typeof row.custom_id !== 'string' || !isMapping(row.params)) return [];
    if (!Array.isArray(row.params.messages) || faultInFile(row) !== null) return [];
    return [{ id: row.custom_id, place: `requests[${index}]`, body: row.params }];
  });
}
