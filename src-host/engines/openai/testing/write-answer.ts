import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './behaviours.ts';

interface ChatBodyMessage {
  readonly role: string;
  readonly content: string | null | readonly { readonly text?: string }[];
}

/** What a client asks for, as far as the script looks at it. */
export interface ChatBody {
  readonly model?: string;
  readonly messages?: readonly ChatBodyMessage[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly [field: string]: unknown;
}

/** Answers as the script says: streamed, or as plain JSON. */
export async function answer(response: ServerResponse, body: ChatBody, script: Answer): Promise<void> {
  const rejected = script.rejectFields?.find((field) => Object.hasOwn(body, field));
  if (rejected) return sendError(response, 400, `Unrecognized request argument supplied: ${rejected}`);
  if (script.rejects && JSON.stringify(body).includes(script.rejects.part))
    return sendError(response, 400, script.rejects.message);
  if (script.delayMs) await sleep(script.delayMs);
  if (response.destroyed) return;
  const text = script.text ?? lastUserText(body);
  const wantsUsage = script.usage !== false;
  if (!body.stream || script.plainJson) {
    return sendJson(response, 200, {
      object: 'chat.completion',
      model: body.model,
      choices: [{ index: 0, message: messageOf(text, script), finish_reason: script.finishReason ?? 'stop' }],
      ...(wantsUsage && { usage: usageOf(body, text, script) }),
    });
  }
  await streamAnswer(response, body, text, script, wantsUsage && body.stream_options?.include_usage === true);
}

async function streamAnswer(
  response: ServerResponse,
  body: ChatBody,
  text: string,
  script: Answer,
  withUsage: boolean,
): Promise<void> {
  const events = [chunk(body, { role: 'assistant', content: '' })];
  for (const piece of piecesOf(script.reasoning?.text ?? ''))
    events.push(chunk(body, { [script.reasoning!.field]: piece }));
  for (const piece of piecesOf(text)) events.push(chunk(body, { content: piece }));
  for (const delta of toolCallDeltas(script)) events.push(chunk(body, delta));
  events.push(chunk(body, {}, script.finishReason ?? 'stop'));
  if (withUsage)
    events.push(
      event({ object: 'chat.completion.chunk', model: body.model, choices: [], usage: usageOf(body, text, script) }),
    );
  events.push('data: [DONE]\n\n');

  openStream(response);
  if (!script.chunkDelayMs) {
    response.end(events.join(''));
    return;
  }
  for (const one of events) {
    if (response.destroyed) return;
    response.write(one);
    await sleep(script.chunkDelayMs);
  }
  response.end();
}

/** Begins a stream with so many chunks and leaves it open. */
export async function startStream(response: ServerResponse, body: ChatBody, chunks: number): Promise<void> {
  openStream(response);
  for (let index = 0; index < chunks; index += 1) {
    await new Promise<void>((resolve) =>
      response.write(chunk(body, { content: `part${index + 1} ` }), () => resolve()),
    );
  }
  // The bytes must have left before a reset, which would discard them.
  await sleep(30);
}

/** Streams until the client goes away. */
export async function streamEndlessly(
  response: ServerResponse,
  body: ChatBody,
  chunkDelayMs: number,
  field = 'content',
): Promise<void> {
  openStream(response);
  for (let index = 0; !response.destroyed; index += 1) {
    response.write(chunk(body, { [field]: `word${index} ` }));
    await sleep(chunkDelayMs);
  }
}

/** Sends a body in pieces that the network does not join. */
export async function sendPieces(response: ServerResponse, pieces: readonly string[]): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await sleep(2);
    response.write(piece);
  }
  response.end();
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
}

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

function chunk(body: ChatBody, delta: object, finishReason: string | null = null): string {
  return event({
    object: 'chat.completion.chunk',
    model: body.model,
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });
}

function messageOf(text: string, script: Answer): object {
  const calls = script.toolCalls?.map(({ id, name, arguments: args }) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  }));
  return {
    role: 'assistant',
    content: text,
    ...(script.reasoning && { [script.reasoning.field]: script.reasoning.text }),
    ...(calls && { tool_calls: calls }),
  };
}

/** Every call arrives in two halves, as real endpoints send them. */
function toolCallDeltas(script: Answer): object[] {
  return (script.toolCalls ?? []).flatMap(({ id, name, arguments: args }, index) => {
    const middle = Math.floor(args.length / 2);
    return [
      { tool_calls: [{ index, id, type: 'function', function: { name, arguments: args.slice(0, middle) } }] },
      { tool_calls: [{ index, function: { arguments: args.slice(middle) } }] },
    ];
  });
}

function usageOf(body: ChatBody, text: string, script: Answer): object {
  const input = (body.messages ?? []).reduce((sum, message) => sum + piecesOf(textOf(message)).length, 0);
  const thought = piecesOf(script.reasoning?.text ?? '').length;
  const output = piecesOf(text).length + thought;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(thought > 0 && { completion_tokens_details: { reasoning_tokens: thought } }),
  };
}

function lastUserText(body: ChatBody): string {
  const last = (body.messages ?? []).findLast((message) => message.role === 'user');
  return last === undefined ? '' : textOf(last);
}

function textOf({ content }: ChatBodyMessage): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('');
}

/** Words with the white space after them, so that the pieces join to exactly the text; also what counts as a token. */
function piecesOf(text: string): readonly string[] {
  return text.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? [];
}

/** Sends an error in OpenAI's form. */
export function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { error: { message, type: 'scripted', code: null } }, headers);
}

/** Sends a whole JSON body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  data: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(data));
}
