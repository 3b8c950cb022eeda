import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { contentSchema, type PromptContent, type PromptContentInput } from '../contract/content.ts';
import { isPlaceholder, withTemplates } from '../contract/message-texts.ts';
import type { MessagePart, MessageTemplate } from '../contract/messages.ts';
import type { JsonObject } from '../contract/shared.ts';
import { AppError } from '../scope/errors.ts';

/**
 * The one form of a content that is hashed and stored: defaults filled in, what means nothing left out, text well-formed.
 * Throws `invalid`, naming the field, when it is no content at all.
 */
export function normaliseContent(content: PromptContentInput): PromptContent {
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) throw invalidContent(parsed.error.issues[0]);
  const { stop, ...settings } = parsed.data.settings;
  return wellFormed({
    ...withoutEmptyExtra(parsed.data),
    messages: parsed.data.messages.map(normaliseMessage),
    settings: withoutEmptyExtra(stop?.length ? { ...settings, stop } : settings),
  }) as PromptContent;
}

/** One text part is a text, as every message was in content format 1; so those contents keep their hashes. */
function normaliseMessage(message: MessageTemplate): MessageTemplate {
  const plain = withTemplates(withoutEmptyExtra(message), withPlainLineEnds);
  if (isPlaceholder(plain)) return plain.optional === true ? plain : { ...plain, optional: undefined };
  if (typeof plain.content === 'string') return plain;
  const parts = plain.content.map((part): MessagePart => withoutEmptyExtra(part));
  const [first, second] = parts;
  if (first === undefined) return { ...plain, content: '' };
  const isOneText = second === undefined && first.type === 'text' && first.extra === undefined;
  return { ...plain, content: isOneText ? first.text : parts };
}

function withoutEmptyExtra<Holder extends { readonly extra?: JsonObject | undefined }>(holder: Holder): Holder {
  if (holder.extra === undefined || Object.keys(holder.extra).length > 0) return holder;
  return { ...holder, extra: undefined };
}

/** Lines end with "\n", whatever they ended with in a file or another editor: that alone makes no other content. */
function withPlainLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** The canonical JSON (RFC 8785) of a normalised content: equal meaning gives equal text. */
export function canonicalContent(content: PromptContentInput): string {
  return canonicalJson(normaliseContent(content));
}

/** Hex SHA-256 of the canonical JSON of a content: the identity of a version. */
export function hashContent(content: PromptContentInput): string {
  return hashText(canonicalContent(content));
}

/** Hex SHA-256 of a text in UTF-8. */
export function hashText(text: string): string {
  if (text === last.text) return last.hash;
  const hash = bytesToHex(sha256(utf8ToBytes(text)));
  if (text.length > shortText) last = { text, hash };
  return hash;
}

/** Hashing a long content takes a while, and saving one asks for the same hash several times. */
const shortText = 100_000;
let last = { text: '', hash: bytesToHex(sha256(new Uint8Array())) };

/** Canonical JSON (RFC 8785) of a JSON value, for comparing values whatever the order of their keys; `undefined` gives ''. */
export function canonicalJson(value: unknown): string {
  return canonicalize(value) ?? '';
}

function invalidContent(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined) {
  const where = issue?.path.length ? `"${issue.path.map(String).join('.')}"` : 'the whole';
  return new AppError('invalid', `This is not the content of a prompt; ${where} is wrong: ${issue?.message}`);
}

/** UTF-8 cannot hold half a surrogate pair, so a database would replace it; doing so first keeps hash and storage agreed. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\uFFFD');
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const present = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(present.map(([key, member]) => [wellFormed(key), wellFormed(member)]));
}
