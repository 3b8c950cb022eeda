import type { Json, JsonObject } from '../../../../src-core/contract/shared.ts';

/** What an endpoint wants a field to be in place of what it got. */
export type WantedType = 'string' | 'list';

const stringName = String.raw`(?:a\s+|an\s+)?["'\`]?(?:java\.lang\.)?str(?:ing)?\b`;
const listName = String.raw`(?:a\s+|an\s+)?["'\`]?(?:list|array|sequence|\[\]string|java\.util\.(?:Array)?List)\b`;

/** Phrases of pydantic, zod, JSON Schema, serde, Go, Jackson and of people. */
function wants(type: string, chinese: string): RegExp {
  return new RegExp(
    [
      String.raw`\bvalid\s+${type}`,
      String.raw`\b(?:must|should|needs?\s+to|has\s+to|can\s+only)\s+be\s+(?:of\s+type\s+)?${type}`,
      String.raw`\bexpected\s+(?:type\s+|one\s+)?${type}`,
      String.raw`\b(?:not|into(?:\s+Go)?[^.;]{0,80}?|\bfield\b[^;]{0,80}?)\s+(?:of\s+)?(?:type\s+)?(?<=type\s+|not\s+)${type}`,
      String.raw`\b${type}[^\w.;]*\s+type\s+expected\b`,
      String.raw`\bvalue\s+of\s+type\s+${type}`,
      `(?:必须|应该|应当|应|需要?)(?:是|为)${chinese}`,
    ].join('|'),
    'i',
  );
}

const wantsString = wants(stringName, '(?:一个)?字符串');
const wantsList = wants(listName, '(?:一个)?(?:数组|列表)');

/** The type that a sentence asks for, or null when it asks for none of those that a field can be given. */
export function wantedType(words: string): WantedType | null {
  // "expected a string, got an array" names the sent type too.
  const asked = words.replace(/[,;(]?\s*\b(?:but\s+)?(?:got|received|found|given|instead\s+of)\b[\s\S]*$/i, ' ');
  if (wantsString.test(asked)) return wantsList.test(asked) ? null : 'string';
  return wantsList.test(asked) ? 'list' : null;
}

/** Whether a field of the request can be sent in another type and mean the same. */
export function canBecome(body: JsonObject, field: string, type: WantedType): boolean {
  return converted(body, field, type) !== undefined;
}

/** Sends a field in another type; false when the request has nothing of that kind. */
export function convert(body: Record<string, Json>, field: string, type: string): boolean {
  const value = converted(body, field, type);
  if (value === undefined) return false;
  body[field === 'content' ? 'messages' : field] = value;
  return true;
}

function converted(body: JsonObject, field: string, type: string): Json | undefined {
  if (field === 'content') {
    const messages = body.messages as readonly JsonObject[];
    return type === 'list' ? partsOf(messages) : textsOf(messages);
  }
  const value = body[field];
  if (type === 'list') return typeof value === 'string' || typeof value === 'number' ? [value] : undefined;
  if (typeof value === 'number') return String(value);
  // Several texts cannot become one.
  const [only] = Array.isArray(value) && value.length === 1 ? (value as readonly Json[]) : [];
  return typeof only === 'string' ? only : undefined;
}

/** The texts of the messages as lists of parts. */
function partsOf(messages: readonly JsonObject[]): Json | undefined {
  if (!messages.some(({ content }) => typeof content === 'string')) return undefined;
  return messages.map((message) =>
    typeof message.content === 'string' ? { ...message, content: [{ type: 'text', text: message.content }] } : message,
  );
}

/** The lists of parts as texts; undefined when there is none, or one that has more than texts. */
function textsOf(messages: readonly JsonObject[]): Json | undefined {
  const lists = messages.flatMap(({ content }) => (Array.isArray(content) ? [content as readonly JsonObject[]] : []));
  if (lists.length === 0 || lists.flat().some((part) => part.type !== 'text')) return undefined;
  return messages.map((message) => {
    const { content } = message;
    if (!Array.isArray(content)) return message;
    return { ...message, content: (content as readonly JsonObject[]).map(({ text }) => text).join('\n\n') };
  });
}
