import type { Format } from '../format.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { anthropicBatch, anthropicDraft } from '../requests/anthropic-request.ts';
import { requestKind } from '../requests/request-kind.ts';
import { readBatch } from '../requests/request-lines.ts';
import { writeAnthropic } from '../requests/write-anthropic.ts';
import { fileStem } from '../text/names.ts';
import { readJson } from '../text/read-json.ts';
import { withoutSecrets } from '../text/secrets.ts';

/** Requests to Anthropic's Messages interface, and batches of them. */
export const anthropic: Format = {
  title: 'Anthropic messages',
  ids: ['anthropic', 'anthropic-batch'],
  detect(source) {
    const json = source.json();
    const rows = 'value' in json ? [json.value] : (source.jsonLines()?.rows.map(({ value }) => value) ?? []);
    if (anthropicBatch(rows).length > 0) return { id: 'anthropic-batch', sureness: 'certain' };
    const kind = 'value' in json ? requestKind(json.value) : null;
    return kind?.id === 'anthropic' ? kind : null;
  },
  async read(source, { id }, losses) {
    if (id === 'anthropic-batch') {
      const json = source.json();
      const rows = 'value' in json ? [readJson(source)] : (source.jsonLines()?.rows.map(({ value }) => value) ?? []);
      return readBatch(anthropicBatch(rows), { source, id, toDraft: anthropicDraft }, losses);
    }
    const body = withoutSecrets(readJson(source), losses);
    return { prompts: [toImportedPrompt(anthropicDraft(body, fileStem(source.path), losses), { format: id }, losses)] };
  },
  write: writeAnthropic,
};
