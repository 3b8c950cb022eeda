import { isPlainObject } from '../../../../src-core/contract/json.ts';
import {
  firstText,
  listIn,
  numberIn,
  oneLine,
  parseLeniently,
  textIn,
  type WireObject,
  wireObjectIn,
} from './wire-values.ts';

/** Deepest nesting of errors inside errors that is read. */
const deepest = 6;
/** Most fields of an error that are read. */
const mostFields = 100;
/** Characters of a page in which its title is looked for. */
const searchedForTitle = 20_000;

/** An error that came where an answer was expected. */
export interface WireError {
  /** HTTP status that the error stands for, or null when it does not say. */
  readonly status: number | null;
  /** As it came, for the words in it. */
  readonly body: unknown;
}

/** The full message in an error body: an object, a list, text, JSON in text, or the title of a web page. */
export function messageIn(body: unknown, depth = 0): string {
  if (depth > deepest) return '';
  if (typeof body === 'string') return wordsInText(body, depth);
  // Several independent errors.
  if (Array.isArray(body))
    return joined(
      body.slice(0, 20).map((entry) => messageIn(entry, depth + 1)),
      '; ',
    );
  return isPlainObject(body) ? wordsInObject(body, depth) : '';
}

/** The title of a web page, or its first heading, without tags; empty when it has neither. */
export function titleOf(page: string): string {
  const start = page.slice(0, searchedForTitle);
  for (const tag of ['title', 'h1', 'h2', 'message']) {
    const open = start.search(new RegExp(`<${tag}[\\s>]`, 'i'));
    if (open < 0) continue;
    const from = start.indexOf('>', open) + 1;
    const end = start.toLowerCase().indexOf(`</${tag}`, from);
    const text = oneLine(unescapeHtml(withoutTags(start.slice(from, end < 0 ? from + 300 : end))), 300);
    if (from > 0 && text !== '') return text;
  }
  return '';
}

/** True for text that is a page, not JSON and not a sentence. */
function isPage(text: string): boolean {
  return (
    /^<(?:[!?]|[a-z][\w:-]*[\s/>])/i.test(text) && /^<!|^<\?|<\/[a-z]|<html/i.test(text.slice(0, searchedForTitle))
  );
}

/** The error in an object that came with status 200, or null; a `message` alone is not an error. */
export function errorIn(value: WireObject): WireError | null {
  const { error } = value;
  if (isTold(error)) return { status: statusOf(wireObjectIn(error)) ?? statusOf(value), body: value };
  if (value.object === 'error' || value.type === 'error') return { status: statusOf(value), body: value };
  const base = wireObjectIn(value.base_resp);
  if (isFailureCode(base.status_code)) return { status: minimaxStatus(base.status_code), body: base };
  // Nearly every chunk returns here.
  if (hasAnswer(value)) return null;
  const names = namesOf(value);
  const other = ['error', 'err', 'fault', 'exception'].map((name) => names.get(name)).find(isTold);
  if (other !== undefined) return { status: statusOf(wireObjectIn(other)) ?? statusOf(value), body: value };
  const inner = envelopes.map((name) => wireObjectIn(names.get(name))).find((each) => errorOfEnvelope(each) !== null);
  if (inner !== undefined) return errorOfEnvelope(inner);
  if (!saysFailed(value)) return null;
  return { status: statusOf(value) ?? statusOf(wireObjectIn(listIn(value.errors)[0])), body: value };
}

/** Fields in which some gateways put the result status: Spark, Tencent, Volcano. */
const envelopes = ['header', 'response', 'responsemetadata', 'responsestatus'] as const;

function errorOfEnvelope(inner: WireObject): WireError | null {
  const error = namesOf(inner).get('error');
  if (!isTold(error) && !saysFailed(inner)) return null;
  return { status: statusOf(wireObjectIn(error)) ?? statusOf(inner), body: inner };
}

/** Fields by their names as every style of writing has them: `error_code`, `errorCode` and `ErrorCode` are one. */
function namesOf(facts: WireObject): ReadonlyMap<string, unknown> {
  const names = new Map<string, unknown>();
  for (const [key, value] of Object.entries(facts).slice(0, mostFields)) {
    const name = key.replace(/[^a-z\d]/gi, '').toLowerCase();
    if ((names.get(name) ?? '') === '') names.set(name, value);
  }
  return names;
}

/** HTTP statuses by words in a type or code. */
const statusWords: readonly (readonly [RegExp, number])[] = [
  [/insufficient.?(?:quota|balance|credit)|billing|payment/i, 402],
  [/rate.?limit|too.?many|throttl|resource.?exhausted|quota/i, 429],
  [/invalid.?(?:api)?.?key|authenticat|unauthori[sz]ed|unauthenticated/i, 401],
  [/permission|forbidden|access.?denied/i, 403],
  [/(?:model|deployment).?not.?(?:found|exist)|not.?found/i, 404],
  [/overload|unavailable|busy|capacity/i, 503],
  [/invalid|bad.?request|unprocessable|context.?length|unsupported|validation/i, 400],
];

/** The HTTP status for an error code of MiniMax. */
function minimaxStatus(code: unknown): number | null {
  switch (numberIn(code)) {
    case 1004:
    case 2049:
      return 401;
    case 1002:
    case 1039:
    case 1041:
      return 429;
    case 1008:
      return 402;
    case 1013:
    case 1000:
    case 1001:
      return 500;
    default:
      return null;
  }
}

/** Names of error codes; 0 means no error. */
const codeNames = [
  'code',
  'errorcode',
  'errcode',
  'errno',
  'errorno',
  'statuscode',
  'retcode',
  'returncode',
  'resultcode',
  'respcode',
  'faultcode',
] as const;

function statusOf(error: WireObject): number | null {
  const names = namesOf(error);
  for (const name of ['status', 'statuscode', 'httpstatus', 'httpcode', ...codeNames]) {
    const number = numberIn(names.get(name));
    if (number !== null && Number.isInteger(number) && number >= 400 && number < 600) return number;
  }
  const words = ['code', 'type', 'status', 'errorcode', 'errcode', 'errortype']
    .map((name) => names.get(name))
    .filter((word) => typeof word === 'string')
    .join(' ');
  return statusWords.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** Values of an error field that mean no error. */
const fine = /^(?:|0+|200|ok|success|succeeded|null|none|false)$/i;

/** Whether an error field holds an error; good answers may have null, false, 0, `{}` or `{code: 0, message: "ok"}`. */
function isTold(error: unknown): boolean {
  if (Array.isArray(error)) return error.some(isTold);
  if (isPlainObject(error)) {
    const values = Object.values(error).filter((each) => each !== null && each !== '' && each !== false);
    if (values.length === 0) return false;
    return isFailureCode(error.code) || !fine.test(messageIn(error).replace(/^code -?\d+$/, ''));
  }
  if (typeof error === 'string') return !fine.test(error.trim());
  return error === true || (typeof error === 'number' && error !== 0);
}

function isFailureCode(code: unknown): boolean {
  if (typeof code === 'string') return !fine.test(code.trim());
  return typeof code === 'number' && code !== 0 && code !== 200;
}

/** Whether an object has an error code or status and a message. */
function saysFailed(value: WireObject): boolean {
  const names = namesOf(value);
  const failed =
    value.success === false ||
    value.ok === false ||
    /^(?:error|fail|failed|failure)$/i.test(textIn(value.status)) ||
    listIn(value.errors).some(isTold) ||
    codeNames.some((name) => isFailureCode(names.get(name))) ||
    (numberIn(value.status) ?? 0) >= 400;
  return failed && messageIn(value) !== '';
}

function hasAnswer({ choices }: WireObject): boolean {
  return isPlainObject(choices) || listIn(choices).some(isPlainObject);
}

function wordsInText(text: string, depth: number): string {
  const start = text.trimStart();
  if (isPage(start)) return titleOf(start);
  if (!/^[[{"]/.test(start)) return text.trim();
  const inner = parseLeniently(start);
  // A gateway may put the error of another endpoint as JSON into its message.
  return (inner === undefined ? sentenceInCut(start) : messageIn(inner, depth + 1)) || text.trim();
}

/** The first complete message in truncated JSON; empty when there is none. */
function sentenceInCut(json: string): string {
  const found = /"(?:message|msg|detail|error_?(?:message|description|msg)?)"\s*:\s*("(?:[^"\\]|\\.)+")/i.exec(json);
  const text = found === null ? undefined : parseLeniently(found[1] ?? '');
  return typeof text === 'string' ? text.trim() : '';
}

/** Names of the message field, the best first. */
const sentenceNames = [
  'message',
  'msg',
  'errormsg',
  'errormessage',
  'errordescription',
  'errmsg',
  'errmessage',
  'statusmsg',
  'statusmessage',
  'retmsg',
  'returnmsg',
  'resultmsg',
  'resultmessage',
  'respmsg',
  'faultstring',
  'faultmessage',
  'description',
  'desc',
  'detail',
  'details',
  'reason',
  'title',
  'text',
  'exception',
  'info',
] as const;

/** Names of fields that contain the message. */
const innerNames = ['error', 'err', 'errors', 'fault', 'baseresp', ...envelopes] as const;

function wordsInObject(body: WireObject, depth: number): string {
  const names = namesOf(body);
  const inner = joined(innerNames.map((name) => messageIn(names.get(name), depth + 1)));
  // A message beside `{"error": "Bad Request"}` says more; beside an error object it repeats it.
  const sentences =
    isPlainObject(body.error) && inner !== '' ? [] : sentenceNames.map((name) => messageIn(names.get(name), depth + 1));
  const said = joined([inner, sentences.find((words) => words !== '') ?? '']);
  // OpenRouter puts the message of the provider into a separate field.
  const raw = messageIn(wireObjectIn(body.metadata).raw, depth + 1);
  const words = joined([said, raw]);
  if (words !== '') return withPlace(words, body);
  const codes = codeNames.map((name) => names.get(name));
  const error = typeof body.error === 'number' ? body.error : undefined;
  const named = firstText(body.type, body.code, error, ...codes, body.status, body.name, body.__type);
  return /^-?\d+$/.test(named) ? `code ${named}` : named;
}

/** `seed: Extra inputs are not permitted`: without the place, such a sentence says nothing. */
function withPlace(words: string, { loc, param }: WireObject): string {
  const place = listIn(loc)
    .map(textIn)
    .filter((part) => part !== '' && part !== 'body');
  const named = place.length > 0 ? place.join('.') : typeof param === 'string' ? param : '';
  if (named === '' || words.includes(named)) return words;
  return place.length > 0 ? `${named}: ${words}` : `${words.replace(/[.\s]+$/, '')} (${named})`;
}

/** Joins the texts that add something. */
function joined(texts: readonly string[], between = ': '): string {
  return texts.reduce((all, text) => {
    const words = text.trim();
    if (words === '' || all.includes(words)) return all;
    if (all === '' || words.includes(all)) return words;
    return `${all.replace(/[.:\s]+$/, '')}${between}${words}`;
  }, '');
}

function withoutTags(html: string): string {
  return html.replace(/<[^>]*>?/g, ' ');
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
};

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(entities, name) ? entities[name]! : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
