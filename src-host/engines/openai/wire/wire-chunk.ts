import { isPlainObject } from '../../../../src-core/contract/json.ts';
import type { FinishReason } from '../../../../src-core/ports.ts';
import { errorIn, type WireError } from './error-words.ts';
import { finishReasonIn, laterReason } from './finish-reasons.ts';
import { usageIn, type WireUsage } from './wire-usage.ts';
import { listIn, numberIn, textIn, type WireObject, wireObjectIn } from './wire-values.ts';

/** What one chunk of a stream, or one whole answer, says. */
export interface WireChunk {
  readonly error: WireError | null;
  readonly usage: WireUsage;
  readonly choices: readonly WireChoice[];
}

export interface WireChoice {
  /** Null where it is not numbered. */
  readonly index: number | null;
  /** Everything so far, not what is new: from `message` in place of `delta`. */
  readonly whole: boolean;
  readonly text: string;
  readonly thought: string;
  readonly refusal: string;
  /** Names of parts that are no text, as of an image. */
  readonly otherParts: readonly string[];
  /** The object that is searched for tool calls. */
  readonly delta: WireObject;
  readonly finish: FinishReason | null;
  readonly error: WireError | null;
}

/** Reads a chunk of any known shape; one without an answer has no choices. */
export function readChunk(sent: WireObject): WireChunk {
  const chunk = unwrapped(sent);
  const listed = Array.isArray(chunk.choices) ? chunk.choices : [chunk.choices];
  const choices = listed.filter(isPlainObject).map((choice) => readChoice(choice, chunk));
  const bare = choices.length > 0 ? null : readBareAnswer(chunk);
  const error = bare ? null : errorIn(chunk);
  return { error, usage: usageIn(chunk), choices: bare ? [bare] : choices };
}

/** Some gateways put the whole of it into an envelope of their own: `{"code": 0, "data": {"choices": …}}`. */
function unwrapped(sent: WireObject): WireObject {
  if (sent.choices !== undefined && sent.choices !== null) return sent;
  const inner = [sent.data, sent.result, sent.output, sent.response].find(
    (each): each is WireObject => isPlainObject(each) && Array.isArray(each.choices),
  );
  return inner === undefined || errorIn(sent) !== null ? sent : { ...sent, ...inner };
}

function readChoice(choice: WireObject, chunk: WireObject): WireChoice {
  const inDelta = choice.delta ?? null;
  const inMessage = inDelta === null ? (choice.message ?? null) : null;
  const said = inDelta ?? inMessage;
  // A plain text in place of the object, and the form of non-chat completions.
  const delta: WireObject =
    typeof said === 'string' ? { content: said } : isPlainObject(said) ? said : { content: choice.text };
  const finish = [
    chunk.finish_reason,
    choice.native_finish_reason,
    delta.finish_reason,
    choice.finishReason,
    choice.finish_reason,
  ].reduce<FinishReason | null>((before, value, position) => {
    const reason = finishReasonIn(value);
    // Other names are used only when the usual one has no reason.
    return position === 4 ? (reason ?? before) : laterReason(before, reason);
  }, null);
  const parts = readParts(delta.content ?? choice.text);
  return {
    index: numberIn(choice.index),
    whole: inDelta === null && inMessage !== null,
    // Spoken answers come with a transcript.
    text: parts.text || textIn(wireObjectIn(delta.audio).transcript),
    thought: thoughtIn(delta) || thoughtIn(choice) || parts.thought,
    refusal: textIn(delta.refusal) || parts.refusal,
    otherParts: [...parts.others, ...(listIn(delta.images).length > 0 ? ['image'] : [])],
    delta,
    finish,
    error: isPlainObject(choice.error) || typeof choice.error === 'string' ? errorIn({ error: choice.error }) : null,
  };
}

/** Answers in the shapes of other APIs, as some gateways pass them on: Ollama, Anthropic, Cohere, text generation servers. */
function readBareAnswer(chunk: WireObject): WireChoice | null {
  const message = isPlainObject(chunk.message) ? chunk.message : null;
  const result = wireObjectIn(chunk.result);
  const content =
    message?.content ??
    chunk.content ??
    chunk.output_text ??
    chunk.generated_text ??
    (typeof chunk.response === 'string' ? chunk.response : undefined) ??
    (typeof result.response === 'string' ? result.response : undefined) ??
    outputOf(chunk.output) ??
    (typeof chunk.text === 'string' && chunk.message === undefined ? chunk.text : undefined);
  if (content === undefined || content === null || errorIn(chunk) !== null) return null;
  const parts = readParts(content);
  const delta: WireObject = message ?? (Array.isArray(content) ? { content } : {});
  return {
    index: null,
    // Ollama and llama-server stream pieces and mark the last one.
    whole: chunk.done === undefined && chunk.stop === undefined,
    text: parts.text,
    thought: thoughtIn(delta) || parts.thought,
    refusal: parts.refusal,
    otherParts: parts.others,
    delta,
    finish:
      finishReasonIn(chunk.done_reason) ??
      finishReasonIn(chunk.stop_reason) ??
      finishReasonIn(chunk.finish_reason) ??
      (Array.isArray(chunk.output) ? finishReasonIn(chunk.status) : null),
    error: null,
  };
}

/** The text of the Responses API and of DashScope. */
function outputOf(output: unknown): unknown {
  if (typeof output === 'string') return output;
  if (isPlainObject(output)) return output.text;
  const messages = listIn(output).filter(isPlainObject);
  return messages.length === 0 ? undefined : messages.flatMap((message) => listIn(message.content));
}

/** The reasoning in a delta, under the names that endpoints use; several at once repeat each other. */
function thoughtIn(delta: WireObject): string {
  for (const value of [
    delta.reasoning_content,
    delta.reasoning,
    delta.thinking,
    delta.thinking_content,
    delta.reasoning_text,
    delta.thought,
    delta.thoughts,
    delta.reasoning_details,
    delta.thinking_blocks,
  ]) {
    const text = thoughtOf(value);
    if (text !== '') return text;
  }
  return '';
}

function thoughtOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(thoughtOf).join('');
  if (!isPlainObject(value)) return '';
  const { text, summary, content, thinking, reasoning } = value;
  return [text, summary, content, thinking, reasoning].map(thoughtOf).find((each) => each !== '') ?? '';
}

interface Parts {
  readonly text: string;
  readonly thought: string;
  readonly refusal: string;
  readonly others: readonly string[];
}

/** A content as text, a number, an object, or a list of parts. */
function readParts(content: unknown): Parts {
  if (!Array.isArray(content)) return { text: plainText(content), thought: '', refusal: '', others: [] };
  const parts = content.map(readPart);
  const join = (key: 'text' | 'thought' | 'refusal') => parts.map((part) => part[key]).join('');
  return {
    text: join('text'),
    thought: join('thought'),
    refusal: join('refusal'),
    others: parts.flatMap((part) => part.others),
  };
}

function readPart(part: unknown): Parts {
  const none: Parts = { text: '', thought: '', refusal: '', others: [] };
  if (!isPlainObject(part)) return { ...none, text: textIn(part) };
  const type = textIn(part.type);
  if (/think|thought|reason/.test(type) || part.thought === true || (type === '' && part.thinking !== undefined)) {
    return { ...none, thought: thoughtOf(part) };
  }
  if (type === 'refusal') return { ...none, refusal: textIn(part.refusal) };
  if (type === 'tool_use' || type === 'tool_call') return none;
  const text = firstPresentText(part.text, wireObjectIn(part.text).value, part.content, part.value, part.transcript);
  if (text !== null) return { ...none, text };
  return type === '' ? none : { ...none, others: [type] };
}

/** Text, a number, or an object: the text in it, or else its JSON, as endpoints send an answer to a schema. */
function plainText(content: unknown): string {
  if (!isPlainObject(content)) return textIn(content);
  if (Array.isArray(content.parts)) return readParts(content.parts).text;
  return firstPresentText(content.text, content.content, content.value) ?? JSON.stringify(content);
}

function firstPresentText(...candidates: readonly unknown[]): string | null {
  const found = candidates.find((each) => typeof each === 'string' || typeof each === 'number');
  return found === undefined ? null : textIn(found);
}
