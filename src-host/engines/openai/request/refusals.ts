import { isPlainObject } from '../../../../src-core/contract/json.ts';
import type { Json, JsonObject } from '../../../../src-core/contract/shared.ts';
import type { Failure } from '../failures/failures.ts';
import type { Change, Refusal } from './chat-request.ts';
import { canBecome, type WantedType, wantedType } from './wanted-types.ts';

/** What to leave out or replace after an endpoint refused a request; `lasting` is worth remembering for the model. */
export interface Remedy {
  readonly refusal: Refusal;
  readonly lasting: boolean;
}

/** Statuses that are never about a field: keys, money, rates, sizes, time. */
const otherStatuses: readonly number[] = [401, 402, 403, 407, 408, 409, 413, 425, 429, 502, 503, 504];

/** Phrases for something that is not supported. */
const refuses = new RegExp(
  [
    String.raw`\bun(?:supported|recogni[sz]ed|available|implemented)\b`,
    String.raw`\b(?:unknown|unexpected)[ _]+(?:name|field|param\w*|argument|key\w*|propert\w*|option|request)|\b(?:is|was|were|are)\s+un(?:known|expected)\b`,
    String.raw`\bun(?:supported|recogni[sz]ed)_(?:param|argument|field|key|propert)`,
    String.raw`\bnot\s+(?:currently\s+|yet\s+|be\s+)?(?:supported?|permitted|allowed?|recogni[sz]ed|accept(?:ed)?|implemented|available|enabled|applicable|compatible)\b`,
    String.raw`\b(?:do(?:es)?|did|is|are|can|could|will)\s*(?:not|n't)\s+(?:support|accept|allow|take|recogni[sz]e|permit|work)`,
    String.raw`\bno\s+(?:longer|support|such)\b|\bno endpoints found that support\b`,
    String.raw`\bextra[ _](?:inputs?|fields?|param\w*|arguments?|forbidden|keys?|propert\w*)\b`,
    String.raw`\bcannot\s+find\s+field\b|\bdeprecated\b|\bincompatible\b|\bdisabled\b|\bforbidden\b|\bmutually exclusive\b`,
    String.raw`\bonly\s+(?:the\s+default|supports?\b)|\bonly\b.{0,60}\b(?:supported|allowed|accepted|permitted)\b`,
    String.raw`\bmust\s+(?:be\s+omitted|not\s+be)\b|\bshould\s+not\s+be\b|\bmust be verified to stream\b`,
    String.raw`\bcan(?:not|'t)\s+(?:both\s+)?be\s+(?:used|set|specified|provided|combined)\b`,
    String.raw`\b(?:invalid|not\s+a\s+valid)\s+(?:parameter|argument|field|property|key|option|request argument)\b`,
    // German, French, Spanish, Italian, Portuguese.
    String.raw`\bnicht\s+(?:unterstützt|erlaubt|zulässig)|\bpas\s+(?:pris\w*\s+en\s+charge|support|autoris|accept)|\bno\s+(?:(?:es|está|se)\s+)?(?:compatible|admit|permit|soporta)|\bnon\s+(?:è\s+)?(?:supportat|consentit)|\bnão\s+(?:é\s+)?(?:suportad|permitid)`,
    // Chinese, Japanese and Korean endpoints, which have no spaces between words.
    '不支持|不支援|不允许|不接受|不可用|未知的?(?:参数|字段)|无法识别|非法的?(?:参数|字段)|(?:サポート|対応)(?:されて|して)い?ません|지원(?:되지|하지)\\s*않',
  ].join('|'),
  'i',
);

/** Phrases for an invalid value of a supported field, which the person must change. */
const limits =
  /\btoo\s+(?:large|long|many|much|small|short|big|high|low|few)\b|\bat\s+(?:most|least)\b|\bbetween\b.{1,40}\band\b|\b(?:greater|less|larger|smaller|higher|lower|more|fewer)\s+than\b|\bexceed|\bout\s+of\s+range\b|\bin\s+(?:the\s+)?range\b|\b(?:maximum|minimum)\s+(?:allowed|value|of|is)\b|[<>]=?\s*-?\d|[≤≥]|\binvalid\s+(?:json\s+)?schema\b|大于|小于|超过|超出|过大|过小|过长|范围|最大值|最小值|以上|以下|まで|초과|이하|이상/i;

const contextLength =
  /\bcontext[ _-]?(?:length|window|size|limit)\b|\bprompt is too long\b|\btoo many (?:input )?tokens\b|\bmax_model_len\b/i;

/** Where a message begins to list supported fields. */
const whatIsTaken =
  /\b(?:expected(?: one of)?\b|(?<!not )(?:supported|allowed|valid|permitted|accepted|available|known)\s+(?:parameters|params|fields|arguments|properties|keys|options)\b|(?:parameters|params|fields|arguments|properties|keys|options)\s+are\s+(?:supported|allowed|accepted)\s*:|(?:must|should|can)\s+be\s+one\s+of\b|did\s+you\s+mean\b)[\s\S]*$/i;
const advice = /\buse\s+\S{1,40}\s+instead(?:\s+of)?/gi;

const eitherOr = /\bboth\b|\bmutually exclusive\b|\bonly one of\b|\btogether\b/i;

/** Common words that are field names too; they count only where the text marks them as a name. */
const commonWords: readonly string[] = ['stop', 'stream', 'seed', 'tools'];

/** Ways in which endpoints speak of a field without naming it. */
const paraphrases: Readonly<Record<string, RegExp>> = {
  tools:
    /\b(?:tool|function)[ _-]?(?:use|calls?|calling|choice)s?\b|\bsupport (?:for )?tools\b|\btools (?:is|are) not\b/i,
  stream: /\bstreaming\b|\bto stream\b|\bstream mode\b/i,
  stream_options: /\binclude_usage\b/i,
  response_format: /\bjson[ _](?:mode|schema)\b|\bstructured[ _]outputs?\b|\bresponse format\b/i,
  system:
    /\b(?:system|developer)\b[^.]{0,30}\b(?:roles?|messages?|prompts?|instructions?)\b|\broles?\b[^.]{0,80}\b(?:system|developer)\b|\bonly\b[^.]{0,20}\buser\b[^.]{0,20}\bassistant\b[^.]{0,20}\broles?\b|\broles must alternate\b/i,
};

/**
 * Changes that may make an endpoint accept the request that it refused with `failure`; none when it refused for another
 * reason, or for something that is not in the request. Reads the full message of the endpoint.
 */
export function remediesFor(failure: Failure, body: JsonObject, changes: readonly Change[]): readonly Remedy[] {
  const { status } = failure;
  if (status !== undefined && (status < 400 || otherStatuses.includes(status))) return [];
  const said = failure.body ?? failure.said ?? '';
  const findings = findingsIn(said);
  const text = findings.map(({ words }) => words).join('\n');
  if (contextLength.test(text)) return [];
  const remedies = new Map<Refusal, Remedy>();
  for (const name of namesIn(body)) {
    const type = wantedTypeOf(name, findings, text, changes);
    if (type !== null && canBecome(body, name, type)) {
      remedies.set(name, { refusal: `${name}:=${type}`, lasting: true });
      continue;
    }
    const finding = findings.find((each) => isRefused(name, each));
    const remedy = finding && remedyFor(name, finding, text, body, changes);
    if (remedy) remedies.set(remedy.refusal, remedy);
  }
  const strict = remedies.size === 0 ? strictRemedy(findings, text, body) : null;
  return strict ? [strict] : [...remedies.values()];
}

/** Whether a rejection is about the response schema, by the phrases that endpoints use. */
export function refusesSchema(said: string): boolean {
  return /response_format|json_schema|response schema|\bstrict\b|structured output|additionalProperties/i.test(said);
}

/** A sentence of an answer, with the field that the answer says it is about. */
interface Finding {
  readonly words: string;
  readonly about: readonly string[];
}

/** Parts of an error that repeat the request, where anything may stand. */
const echoes: readonly string[] = ['input', 'request', 'messages', 'prompt', 'url', 'ctx'];

function findingsIn(said: unknown): readonly Finding[] {
  const findings: Finding[] = [];
  const walk = (value: unknown, about: readonly string[], depth: number): void => {
    if (typeof value === 'string') {
      const nested = depth < 6 ? parsed(value) : null;
      if (nested !== null) walk(nested, about, depth + 1);
      else for (const words of sentencesIn(value)) findings.push({ words, about });
    } else if (Array.isArray(value)) for (const each of value.slice(0, 50)) walk(each, about, depth + 1);
    else if (isPlainObject(value) && depth < 12) {
      const here = [...about, ...aboutOf(value)];
      for (const [key, each] of Object.entries(value)) if (!echoes.includes(key)) walk(each, here, depth + 1);
    }
  };
  walk(said, [], 0);
  return findings;
}

/** The fields that an entry of an error is filed under: OpenAI's `param`, FastAPI's `loc`, Google's `field`, zod's `path` and `keys`. */
function aboutOf(facts: Readonly<Record<string, unknown>>): readonly string[] {
  return [facts.param, facts.loc, facts.field, facts.path, facts.keys]
    .flat()
    .filter((each): each is string => typeof each === 'string')
    .flatMap((each) => each.split(/[.[\]/]+/));
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sentencesIn(text: string): readonly string[] {
  return text.slice(0, 20_000).split(/(?<=[.!?;])\s+|\n+/);
}

/** The names in a request that an endpoint may refuse. */
function namesIn(body: JsonObject): readonly string[] {
  const fields = Object.keys(body).filter((name) => name !== 'model' && name !== 'messages');
  if (body.messages !== undefined) fields.push('content');
  const roles = (body.messages as readonly JsonObject[]).map(({ role }) => role);
  return roles.includes('system') || roles.includes('developer') ? [...fields, 'system'] : fields;
}

function isRefused(name: string, { words, about }: Finding): boolean {
  const plain = words.replace(whatIsTaken, ' ').replace(advice, ' ');
  if (limits.test(plain)) return false;
  if (name === 'system' && (/\broles must alternate\b/i.test(plain) || listsOtherRoles(words, about))) return true;
  if (!refuses.test(plain)) return false;
  if (name !== 'system' && name !== 'content' && about.includes(name)) return true;
  return isNamed(name, plain);
}

/** The type that an endpoint wants for a field; each field is converted at most once. */
function wantedTypeOf(
  name: string,
  findings: readonly Finding[],
  text: string,
  changes: readonly Change[],
): WantedType | null {
  if (changes.some(({ refusal }) => refusal.startsWith(`${name}:=`))) return null;
  const bare = new RegExp(`(?<!\\w)${name}(?!\\w)`);
  const isQuoted = new RegExp(`["'\`]${name}["'\`]`).test(text);
  for (const { words, about } of findings) {
    const type = wantedType(words);
    // Jackson names the field in a line of its own.
    if (type !== null && (about.includes(name) || bare.test(words) || (about.length === 0 && isQuoted))) return type;
  }
  return null;
}

/** `permitted: 'user', 'assistant'`: a list of the roles that are taken, without the one that was sent. */
function listsOtherRoles(words: string, about: readonly string[]): boolean {
  if (!about.includes('role') && !/\broles?\b|\bvariant\s+["'`]?(?:system|developer)\b/i.test(words)) return false;
  const list =
    /\b(?:permitted|allowed|valid|supported|accepted|expected|(?:should|must|can(?:\s+only)?)\s+be|one\s+of|only)\b([\s\S]*)/i.exec(
      words,
    )?.[1] ?? '';
  return /\buser\b/i.test(list) && /\b(?:assistant|model)\b/i.test(list) && !/\b(?:system|developer)\b/i.test(list);
}

function isNamed(name: string, words: string): boolean {
  if (name === 'content') return false;
  if (paraphrases[name]?.test(words)) return true;
  if (name === 'system') return false;
  const quoted = new RegExp(`["'\`\\[(]\\s*${name}\\s*["'\`\\]):=]`);
  if (quoted.test(words)) return true;
  if (!commonWords.includes(name)) return new RegExp(`(?<!\\w)${name}(?!\\w)`).test(words);
  return new RegExp(
    `(?:参数|字段)\\s*${name}\\b|\\b${name}\\s*(?:参数|字段)|\\b(?:arguments?|parameters?|params?|fields?|propert(?:y|ies)|inputs?|keys?|options?|supplied)\\b[^.;]*\\b${name}\\b|\\b${name}\\s+(?:parameter|param|field|argument|option|property)\\b|(?:^|[\\s,.])${name}(?::|\\s+(?:is|are)\\s+not\\b)`,
    'i',
  ).test(words);
}

/** Alternative names by field; the first is tried even when the endpoint names none. */
const substitutes: Readonly<Record<string, readonly string[]>> = {
  max_tokens: ['max_completion_tokens', 'max_output_tokens', 'max_new_tokens'],
  seed: ['random_seed'],
  stop: ['stop_sequences'],
};

function remedyFor(
  name: string,
  finding: Finding,
  text: string,
  body: JsonObject,
  changes: readonly Change[],
): Remedy | null {
  if (name === 'system') return systemRemedy(body, text);
  if (name === 'response_format') return formatRemedy(finding, text, body);
  if (eitherOr.test(finding.words)) {
    const first = namesIn(body).find((other) => other !== name && isNamed(other, finding.words));
    if (first !== undefined && finding.words.indexOf(first) < finding.words.indexOf(name))
      return { refusal: `${name}+${first}`, lasting: true };
    if (first !== undefined) return null;
  }
  // A replacement that is refused too has no further replacement.
  const replaced = changes.find(({ instead, by }) => instead === name && by === 'endpoint');
  if (replaced) return { refusal: replaced.field, lasting: true };
  const others = substitutes[name] ?? [];
  const instead = others.find((other) => new RegExp(`\\b${other}\\b`).test(text)) ?? defaultSubstitute(name, finding);
  return { refusal: instead === null ? name : `${name}:${instead}`, lasting: true };
}

/** Mistral calls `seed` `random_seed`, and reports only that `seed` is extra. */
function defaultSubstitute(name: string, { about, words }: Finding): string | null {
  if (name === 'max_tokens') return 'max_completion_tokens';
  return name === 'seed' && (about.includes('body') || /extra inputs/i.test(words)) ? 'random_seed' : null;
}

function systemRemedy(body: JsonObject, text: string): Remedy {
  const isDeveloper = (body.messages as readonly JsonObject[]).some(({ role }) => role === 'developer');
  const role =
    !isDeveloper && /\bdeveloper\b/i.test(text) && !/developer instruction/i.test(text) ? 'developer' : 'user';
  return { refusal: `system:${role}`, lasting: true };
}

function formatRemedy(finding: Finding, text: string, body: JsonObject): Remedy {
  const { type } = body.response_format as JsonObject;
  if (isSentStrictly(body) && /\bstrict\b/i.test(finding.words))
    return { refusal: 'response_format:loose', lasting: true };
  if (type === 'json_schema' && /\bjson_object\b/.test(text) && !/json_object['"`]?\s+is\s+not/i.test(text))
    return { refusal: 'response_format:json_object', lasting: true };
  return { refusal: 'response_format', lasting: true };
}

/**
 * A refused strict schema is sent without `strict`; the endpoint does not say whether the model or the schema is the
 * cause.
 */
function strictRemedy(findings: readonly Finding[], text: string, body: JsonObject): Remedy | null {
  if (!isSentStrictly(body) || !/\bstrict\b|schema|additionalProperties/i.test(text)) return null;
  const lasting = findings.some(({ words }) => /\bstrict\b/i.test(words) && refuses.test(words));
  return { refusal: 'response_format:loose', lasting };
}

function isSentStrictly({ response_format: format }: JsonObject): boolean {
  const schema = ((format ?? {}) as Readonly<Record<string, Json | undefined>>).json_schema;
  return isPlainObject(schema) && schema.strict === true;
}

/** The field that a refusal is about. */
export function fieldOf(refusal: Refusal): string {
  return /^[^:+]*/.exec(refusal)![0];
}
