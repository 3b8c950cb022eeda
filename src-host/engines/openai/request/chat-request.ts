import type { OpenAI } from 'openai';
import type { Json, JsonObject } from '../../../../src-core/contract/shared.ts';
import type { GenerateRequest } from '../../../../src-core/ports.ts';
import { wireMessages } from '../wire-messages.ts';
import { isStrict } from './strict-schema.ts';
import { convert } from './wanted-types.ts';

/**
 * What a model refused: a field (`temperature`), a field with its replacement (`max_tokens:max_completion_tokens`,
 * `system:user`), a field beside another one (`top_p+temperature`), or the type of a field with the accepted one
 * (`stop:=string`). Stored in this form.
 */
export type Refusal = string;

/** What to leave out of a request. */
export interface Adaptations {
  /** Fields that a person does not want sent. */
  readonly neverSend: readonly string[];
  /** What the endpoint refused. */
  readonly refused: readonly Refusal[];
}

/** A part of the run that is not sent as requested. */
export interface Change {
  readonly field: string;
  /** What is sent in its place. */
  readonly instead: string | null;
  readonly by: 'person' | 'endpoint';
  readonly refusal: Refusal;
}

export interface ChatRequest {
  readonly body: JsonObject;
  readonly changes: readonly Change[];
}

/** A streaming chat completion request in the form that most endpoints understand, without what this one refuses. */
export function chatRequest(model: string, request: GenerateRequest, adaptations: Adaptations): ChatRequest {
  const body: Record<string, Json> = { ...plainBody(model, request) };
  const changes: Change[] = [];
  const change = (by: Change['by'], refusal: Refusal) => {
    const found = apply(body, refusal);
    if (found) changes.push({ ...found, by, refusal });
  };
  for (const field of adaptations.neverSend) change('person', field);
  for (const refusal of adaptations.refused) change('endpoint', refusal);
  if (body.stream === undefined) delete body.stream_options;
  return { body, changes };
}

/** The fields as OpenAI's own package types them; roles and contents of messages are those of the prompt. */
type Fields = Omit<OpenAI.ChatCompletionCreateParamsStreaming, 'model' | 'messages'>;

function plainBody(model: string, request: GenerateRequest): JsonObject {
  const { temperature, topP, maxTokens, stop, seed } = request.sampling;
  const { tools, responseSchema } = request;
  const fields: Fields = {
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(stop !== undefined && stop.length > 0 && { stop: [...stop] }),
    ...(seed !== undefined && { seed }),
    ...(tools !== undefined &&
      tools.length > 0 && {
        tools: tools.map(({ name, description, parameters }) => ({
          type: 'function' as const,
          function: { name, description, parameters: { ...parameters } },
        })),
      }),
    ...(responseSchema && { response_format: formatOf(responseSchema) }),
  };
  return { ...extraFields(request.extra), model, messages: wireMessages(request), ...fields } as unknown as JsonObject;
}

/** What a person adds to a request never says which model is asked what, or how the answer comes. */
function extraFields(extra: JsonObject = {}): JsonObject {
  const { model: _, messages: __, stream: ___, stream_options: ____, ...rest } = extra;
  return rest;
}

function formatOf(schema: JsonObject): OpenAI.ResponseFormatJSONSchema {
  return {
    type: 'json_schema',
    json_schema: { name: 'answer', ...(isStrict(schema) && { strict: true }), schema: { ...schema } },
  };
}

/** Changes the body; null when it has nothing of that kind. */
function apply(body: Record<string, Json>, refusal: Refusal): Pick<Change, 'field' | 'instead'> | null {
  const [left = '', instead = null] = refusal.split(':');
  const [field = '', beside] = left.split('+');
  // The same in another type: `stop:=string`.
  if (instead?.startsWith('=')) return convert(body, field, instead.slice(1)) ? { field, instead: field } : null;
  if (field === 'system') return moveSystem(body, instead ?? 'user');
  if (body[field] === undefined || (beside !== undefined && body[beside] === undefined)) return null;
  const value = body[field];
  if (field === 'response_format' && instead !== null) {
    const lesser = lesserFormat(value, instead);
    if (lesser === null) return null;
    body[field] = lesser;
    return { field, instead };
  }
  delete body[field];
  if (instead !== null) body[instead] = value;
  return { field, instead };
}

/** The response format without `strict`, or `json_object`, which allows any JSON. */
function lesserFormat(format: Json | undefined, instead: string): JsonObject | null {
  const { type, json_schema: schema } = format as JsonObject;
  if (instead === 'json_object') return type === 'json_schema' ? { type: 'json_object' } : null;
  const { strict, ...rest } = (schema ?? {}) as JsonObject;
  return strict === undefined ? null : { type: 'json_schema', json_schema: rest };
}

/**
 * Gives system messages another role; as `user` they are merged into the next message, because many models require
 * alternating roles.
 */
function moveSystem(body: Record<string, Json>, role: string): Pick<Change, 'field' | 'instead'> | null {
  const messages = body.messages as readonly JsonObject[];
  if (!messages.some((message) => message.role === 'system')) return null;
  const moved: JsonObject[] = [];
  let joins = false;
  for (const message of messages) {
    const last = moved.at(-1);
    const isSystem = message.role === 'system';
    if (role === 'user' && last?.role === 'user' && (joins || isSystem) && (isSystem || message.role === 'user')) {
      moved[moved.length - 1] = { ...last, role, content: joinContents(last.content, message.content) };
    } else moved.push({ ...message, role: isSystem ? role : (message.role ?? role) });
    joins = isSystem;
  }
  body.messages = moved;
  return { field: 'system', instead: role };
}

function joinContents(one: Json | undefined, other: Json | undefined): Json {
  if (typeof one === 'string' && typeof other === 'string') return `${one}\n\n${other}`;
  return [...asParts(one), ...asParts(other)];
}

function asParts(content: Json | undefined): readonly Json[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content : [];
}

/** The note about a change for the reader of the run. */
export function noteOf(modelId: string, { field, instead, by, refusal }: Change): string {
  const name = field === 'system' ? 'the role system' : field;
  if (by === 'person')
    return `${modelId} is set never to get ${name}, so it was not sent${instead ? ` but as ${instead}` : ''}.`;
  if (refusal === 'response_format:loose')
    return `${modelId} does not take a strict response_format, so it was sent without "strict".`;
  const type = /:=(\w+)$/.exec(refusal)?.[1];
  if (type !== undefined) {
    const what = field === 'content' ? 'the text of messages' : field;
    return `${modelId} takes ${what} only as a ${type}, so it was sent as one.`;
  }
  const beside = /\+(\w+)/.exec(refusal)?.[1];
  const refuses = `${modelId} does not take ${name}${beside ? ` beside ${beside}` : ''}, so`;
  if (instead === null) return `${refuses} it was not sent.`;
  return field === 'system' ? `${refuses} it was sent as ${instead}.` : `${refuses} ${instead} was sent instead.`;
}

/** Whether a change does not affect the meaning of the run, so that one note is enough. */
export function isHarmless({ field, instead }: Change): boolean {
  if (field === 'stream_options' || field === 'stream') return true;
  return instead !== null && field !== 'system' && instead !== 'json_object';
}
