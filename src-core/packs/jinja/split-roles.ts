import type { Role } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import { refusal } from '../refusal.ts';
import { opensMessage, readMarker } from './role-markers.ts';
import { type Block, outerBlocks, outerSections, scanTags, type Tag } from './scan-tags.ts';

/** One message of a template with role markers, or the place of others. */
export type Section =
  | {
      readonly kind: 'message';
      readonly role: Role;
      readonly attributes: Readonly<Record<string, string>>;
      readonly text: string;
    }
  /** `list` is what the loop goes over, as it is written. */
  | { readonly kind: 'history'; readonly list: string; readonly optional: boolean };

export interface SplitOptions {
  /** Inputs that hold messages: printed alone on a line they are placeholders too. */
  readonly threads?: ReadonlySet<string>;
  readonly language?: 'jinja' | 'mustache';
}

/** Content has at most 200 messages. */
const mostCuts = 1_000;

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly opens: Section;
}

/**
 * Divides a template at the lines that are a role. The tools do so after rendering; here the template is divided, so a
 * marker inside of a loop or a condition never is a border: half a loop in each of two messages is no template. A loop with
 * markers is the conversation, and becomes a placeholder.
 */
export function splitRoles(
  text: string,
  losses: Losses,
  { threads = new Set(), language = 'jinja' }: SplitOptions = {},
): readonly Section[] {
  const tags = scanTags(text);
  const blocks = language === 'jinja' ? outerBlocks(text, tags) : outerSections(text, tags);
  const histories = historyCuts(text, blocks);
  const isInHistory = within(histories);
  const cuts = [...markerCuts(text, tags, blocks), ...threadCuts(text, tags, threads)]
    .filter(({ start }) => !isInHistory(start))
    .concat(histories)
    .sort((a, b) => a.start - b.start);
  if (cuts.length > mostCuts) throw refusal(`It has more than ${mostCuts} messages.`, { reason: 'too-many-messages' });
  const sections: Section[] = [];
  const definitions = definitionsOf(text, tags, blocks);
  let open = message('system', {});
  let end = 0;
  const close = (until: number) => {
    const own = text.slice(end, until);
    const isBlank = withoutSpans(own, end, definitions, tags).trim() === '';
    if (!isBlank) sections.push({ ...open, text: withDefinitions(own, end, definitions) });
  };
  for (const cut of cuts) {
    close(cut.start);
    end = cut.end;
    if (cut.opens.kind === 'message') open = cut.opens;
    else {
      sections.push(cut.opens);
      losses.add('approximated', 'history', cut.opens.list, 'The conversation became a placeholder for messages.');
      // What stands behind a conversation and in no message of its own is what a person says next; behind a lone value, the message goes on.
      if (!threads.has(cut.opens.list)) open = message('user', {});
    }
  }
  close(text.length);
  for (const block of blocks) {
    if (isInHistory(block.start)) continue;
    const hasMarker = text
      .slice(block.bodyStart, block.bodyEnd)
      .split('\n')
      .some((line) => readMarker(line) !== null);
    if (hasMarker)
      losses.add(
        'approximated',
        'conditional-role',
        block.open.inner.slice(0, 200),
        'A role inside of a condition opens no message here; it stays as text.',
      );
  }
  return sections;
}

/** Whether an offset is in one of some spans that do not overlap. */
function within(spans: readonly { readonly start: number; readonly end: number }[]): (offset: number) => boolean {
  const sorted = spans.toSorted((a, b) => a.start - b.start);
  return (offset) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]!.start <= offset) low = middle + 1;
      else high = middle;
    }
    return low > 0 && offset < sorted[low - 1]!.end;
  };
}

function message(role: Role, attributes: Readonly<Record<string, string>>): Extract<Section, { kind: 'message' }> {
  return { kind: 'message', role, attributes, text: '' };
}

function markerCuts(text: string, tags: readonly Tag[], blocks: readonly Block[]): readonly Cut[] {
  const cuts: Cut[] = [];
  const verbatim = tags.filter(({ kind }) => kind === 'raw' || kind === 'comment');
  const isCovered = within([...blocks, ...verbatim]);
  let start = 0;
  for (const line of text.split('\n')) {
    const found = isCovered(start) ? null : readMarker(line.replace(/\r$/, ''));
    const end = start + line.length + 1;
    if (found !== null)
      cuts.push({ start, end: Math.min(end, text.length), opens: message(found.role, found.attributes) });
    start = end;
  }
  return cuts;
}

function historyCuts(text: string, blocks: readonly Block[]): readonly Cut[] {
  return blocks.flatMap((block): readonly Cut[] => {
    const found = historyOf(text, block);
    return found === null ? [] : [{ start: block.start, end: block.end, opens: found }];
  });
}

function historyOf(text: string, block: Block): Extract<Section, { kind: 'history' }> | null {
  const body = text.slice(block.bodyStart, block.bodyEnd);
  if (block.open.name === 'for') {
    const list = listOf(block.open);
    return list !== null && body.split('\n').some((line) => opensMessage(line.replace(/\r$/, '')))
      ? { kind: 'history', list, optional: false }
      : null;
  }
  if (block.open.name !== 'if' || /\{%[-+]?\s*(?:else|elif)/.test(body)) return null;
  const [inner, ...others] = outerBlocks(body);
  if (inner === undefined || others.length > 0) return null;
  if ((body.slice(0, inner.start) + body.slice(inner.end)).trim() !== '') return null;
  const found = inner.open.name === 'for' ? historyOf(body, inner) : null;
  return found === null ? null : { ...found, optional: true };
}

/** What a loop goes over without slices and filters; null when that is no name. */
function listOf({ inner }: Tag): string | null {
  const over = /^for\b[\s\S]*?\bin\s+([\s\S]*)$/.exec(inner)?.[1] ?? '';
  return /^[\p{XID_Start}_][\p{XID_Continue}]*(?:\.[\p{XID_Start}_][\p{XID_Continue}]*)*/u.exec(over)?.[0] ?? null;
}

/** An input of messages that is printed alone on its line. */
function threadCuts(text: string, tags: readonly Tag[], threads: ReadonlySet<string>): readonly Cut[] {
  if (threads.size === 0) return [];
  return tags.flatMap(({ kind, inner, start, end }): readonly Cut[] => {
    const name = inner.trim();
    if (kind !== 'print' || !threads.has(name)) return [];
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    const lineEnd = text.indexOf('\n', end) === -1 ? text.length : text.indexOf('\n', end);
    if (text.slice(lineStart, start).trim() !== '' || text.slice(end, lineEnd).trim() !== '') return [];
    return [{ start: lineStart, end: lineEnd, opens: { kind: 'history', list: name, optional: false } }];
  });
}

interface Definition {
  readonly names: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly source: string;
}

/** What sets names for all that follows: after the division each message must have those that it uses. */
function definitionsOf(text: string, tags: readonly Tag[], blocks: readonly Block[]): readonly Definition[] {
  const found: Definition[] = [];
  const isCovered = within(blocks);
  const add = (start: number, end: number, inner: string) => {
    const named = /^(?:set|macro)\s+([^=(]*)/.exec(inner)?.[1] ?? /\b(?:as|import)\s+([^"']*)$/.exec(inner)?.[1] ?? '';
    const names = named.match(/[\p{XID_Start}_][\p{XID_Continue}]*/gu) ?? [];
    found.push({ names, start, end, source: text.slice(start, end) });
  };
  for (const { open, start, end } of blocks)
    if (open.name === 'macro' || open.name === 'set') add(start, end, open.inner);
  for (const { kind, name, inner, start, end } of tags) {
    if (kind !== 'block' || !['set', 'import', 'from'].includes(name)) continue;
    if (isCovered(start)) continue;
    add(start, end, inner);
  }
  return found.sort((a, b) => a.start - b.start);
}

function withDefinitions(own: string, start: number, definitions: readonly Definition[]): string {
  const before = definitions.filter((each) => each.end <= start);
  const isUsed = before.some(({ names }) =>
    names.some((name) => new RegExp(`(?<![\\p{XID_Continue}.])${name}(?!\\p{XID_Continue})`, 'u').test(own)),
  );
  const trimmed = trimBlankLines(own);
  return isUsed ? before.map(({ source }) => source).join('') + trimmed : trimmed;
}

/** The text without definitions and comments, which print nothing. */
function withoutSpans(own: string, start: number, definitions: readonly Definition[], tags: readonly Tag[]): string {
  const end = start + own.length;
  const silent = [...definitions, ...tags.filter(({ kind }) => kind === 'comment')].filter(
    (each) => each.start >= start && each.end <= end,
  );
  let rest = '';
  let at = start;
  for (const each of silent.sort((a, b) => a.start - b.start)) {
    if (each.start < at) continue;
    rest += own.slice(at - start, each.start - start);
    at = each.end;
  }
  return rest + own.slice(at - start);
}

/** Without blank lines at both ends. */
export function trimBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();
}
