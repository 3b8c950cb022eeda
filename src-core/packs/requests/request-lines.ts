import type { Json, JsonObject } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import type { ReadFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { type PromptDraft, toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { faultInFile, tooDeep } from '../text/json-fault.ts';
import { fileStem } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';
import type { openAiDraft } from './openai-request.ts';
import { varyingMessage } from './varying-message.ts';

type Raw = Readonly<Record<string, unknown>>;

/** A request of a batch. */
export interface BatchRequest {
  readonly id: string;
  readonly place: string;
  /** Of the file, from 1; absent where a list holds the requests. */
  readonly line?: number | undefined;
  readonly body: unknown;
}

/** Prompts that one batch becomes, when its requests differ in more than one message. */
const mostPrompts = 200;

interface Row {
  readonly place: string;
  readonly line?: number;
  readonly value: unknown;
}

/** Rows of a file of JSON lines, or of one list; lines that are no JSON, or hostile, are losses. */
export function rowsOf(source: Source, losses: Losses): readonly Row[] {
  const json = source.json();
  const whole = 'value' in json ? json.value : undefined;
  const lines = source.jsonLines();
  const rows: readonly Row[] = Array.isArray(whole)
    ? whole.map((value, index) => ({ place: `[${index}]`, value }))
    : whole !== undefined
      ? [{ place: 'line 1', line: 1, value: whole }]
      : (lines?.rows ?? []).map(({ line, value }) => ({ place: `line ${line}`, line, value }));
  for (const { line, problem } of whole === undefined ? (lines?.bad ?? []) : [])
    losses.add(
      'dropped',
      'row',
      `line ${line}`,
      problem === tooDeep ? problem : `It is not valid JSON: ${problem}`,
      line,
    );
  return rows.filter(({ place, value }) => {
    const fault = faultInFile(value);
    if (fault !== null) losses.add('dropped', 'row', place, fault);
    return fault === null;
  });
}

/** OpenAI's batch lines: `{custom_id, method, url, body}`. */
export function openAiBatch(source: Source, losses: Losses): readonly BatchRequest[] {
  return rowsOf(source, losses).flatMap(({ place, line, value }) => {
    const { custom_id: id, url, body } = isMapping(value) ? value : ({} as Raw);
    const isChat =
      isMapping(body) && (Array.isArray(body.messages) || body.input !== undefined || body.prompt !== undefined);
    const isOther = typeof url === 'string' && !/\/(?:chat\/completions|responses)\b/.test(url);
    if (isChat && !isOther) return [{ id: typeof id === 'string' && id !== '' ? id : place, place, line, body }];
    losses.add('dropped', 'row', place, 'It is no request with messages.');
    return [];
  });
}

/**
 * One prompt for each request; of more than 200 that differ in the text of one message alone, one prompt with an input and
 * a dataset.
 */
export function readBatch(
  requests: readonly BatchRequest[],
  { source, id, toDraft }: { readonly source: Source; readonly id: string; readonly toDraft: typeof openAiDraft },
  losses: Losses,
): ReadFile {
  if (requests.length === 0) throw refusal(`${source.path} has no requests with messages.`, { reason: 'no-messages' });
  if (requests.length > mostPrompts) {
    const varying = varyingMessage(requests);
    if (varying !== null) {
      const draft: PromptDraft = toDraft(
        withoutSecrets(varying.body, losses, requests[0]!.place),
        fileStem(source.path),
        losses,
      );
      const messages = draft.messages.map((message) =>
        message.content === varying.mark ? { ...message, content: `{{ ${varying.input} }}` } : message,
      );
      const prompt = toImportedPrompt({ ...draft, messages }, { format: id }, losses);
      const rows = requests.map(
        (request, index): JsonObject => ({
          custom_id: request.id,
          [varying.input]: withoutSecrets(varying.texts[index]!, losses, request.place),
        }),
      );
      return { prompts: [prompt], data: { columns: ['custom_id', varying.input], rows, delimiter: null } };
    }
    losses.add(
      'dropped',
      'row',
      requests[mostPrompts]!.place,
      `The first ${mostPrompts} of ${requests.length} requests become prompts; this one and those behind it are left out.`,
    );
  }
  const prompts = requests
    .slice(0, mostPrompts)
    .flatMap(({ id: name, place, line, body }): readonly ImportedPrompt[] => {
      const own = lossesOnLine(losses, line);
      try {
        const draft = toDraft(withoutSecrets(body, own, place), name, own);
        return [toImportedPrompt({ ...draft, kept: { ...draft.kept, customId: name } }, { format: id }, own)];
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        own.add('dropped', 'row', place, error.message);
        return [];
      }
    });
  return { prompts };
}

/** Losses of one request, each with its line; what is the same in all of them is listed with the first. */
function lossesOnLine(losses: Losses, line: number | undefined): Losses {
  return { all: losses.all, add: (kind, what, where, why) => losses.add(kind, what, where, why, line) };
}

/** Lines of `{messages}` are examples to train with: a dataset, no prompts. */
export function readFineTuning(source: Source, losses: Losses): ReadFile {
  const rows: JsonObject[] = [];
  const columns = new Set<string>();
  for (const { place, value } of rowsOf(source, losses)) {
    if (!isMapping(value) || !Array.isArray(value.messages)) {
      losses.add('dropped', 'row', place, 'It has no messages.');
      continue;
    }
    const row = withoutSecrets(value, losses, place);
    for (const key of Object.keys(row)) columns.add(key);
    rows.push(row as Record<string, Json>);
  }
  if (rows.length === 0) throw refusal(`${source.path} has no rows with messages.`, { reason: 'no-messages' });
  return { data: { columns: [...columns], rows, delimiter: null } };
}
