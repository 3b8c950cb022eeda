import type { Detected, Format } from '../format.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { openAiDraft } from '../requests/openai-request.ts';
import { requestKind } from '../requests/request-kind.ts';
import { openAiBatch, readBatch, readFineTuning } from '../requests/request-lines.ts';
import { writeOpenAi } from '../requests/write-openai.ts';
import type { Source } from '../source.ts';
import { fileStem } from '../text/names.ts';
import { readJson } from '../text/read-json.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

/** An id of a prompt that is stored at OpenAI. */
const storedId = /\bpmpt_[A-Za-z0-9]{4,}/g;
/** Keys of a line to train with, besides its messages. */
const trainingKeys = ['messages', 'tools', 'functions', 'parallel_tool_calls', 'weight'];

/** Requests to OpenAI's chat and Responses interfaces, batches of them, lines to train with, and bare lists of messages. */
export const openai: Format = {
  title: 'OpenAI requests',
  ids: ['openai-chat', 'openai-responses', 'openai-batch', 'openai-fine-tuning'],
  detect(source) {
    const json = source.json();
    if ('value' in json) return detectJson(json.value, source);
    const rows = source.jsonLines()?.rows.map(({ value }) => value) ?? [];
    if (rows.length > 0) return detectRows(rows);
    const isCode = /\bresponses\s*\.\s*create\s*\(/.test(source.text) && source.text.search(storedId) >= 0;
    return isCode ? { id: 'openai-responses', sureness: 'likely' } : null;
  },
  async read(source, { id }, losses) {
    if (id === 'openai-batch')
      return readBatch(openAiBatch(source, losses), { source, id, toDraft: openAiDraft }, losses);
    if (id === 'openai-fine-tuning') return readFineTuning(source, losses);
    const stored = [...new Set(source.text.match(storedId) ?? [])];
    if ('problem' in source.json() && stored.length > 0)
      throw refusal(
        `${source.path} is program code that names the prompt "${stored.join('", "')}", which is stored at OpenAI. Copy its messages from the dashboard and import them.`,
        { reason: 'stored-prompt' },
      );
    const body = withoutSecrets(readJson(source), losses);
    return { prompts: [toImportedPrompt(openAiDraft(body, fileStem(source.path), losses), { format: id }, losses)] };
  },
  write: writeOpenAi,
};

function detectJson(value: unknown, source: Source): Detected | null {
  const rows = Array.isArray(value) ? value : [value];
  const batch = detectRows(rows);
  if (batch?.id === 'openai-batch') return batch;
  if (batch !== null && source.name.endsWith('.jsonl')) return batch;
  const kind = requestKind(value);
  return kind !== null && kind.id !== 'anthropic' ? kind : null;
}

function detectRows(rows: readonly unknown[]): Detected | null {
  const first = rows.find(isMapping);
  if (first === undefined) return null;
  if (typeof first.custom_id === 'string' && isMapping(first.body)) return { id: 'openai-batch', sureness: 'certain' };
  const isTraining = Array.isArray(first.messages) && Object.keys(first).every((key) => trainingKeys.includes(key));
  return isTraining ? { id: 'openai-fine-tuning', sureness: 'certain' } : null;
}
