import type { FieldArea } from '../../contract/content-diff.ts';
import type { Json } from '../../contract/shared.ts';
import type { ContentDiff, MessageChange } from './diff-content.ts';
import { type FieldChange, sameJson } from './field-changes.ts';

const maxPhrases = 4;
const maxValueLength = 30;

const itemNouns: Readonly<Partial<Record<FieldArea, string>>> = { inputs: 'input', tools: 'tool', samples: 'sample' };
const settingNames: Readonly<Record<string, string>> = {
  topP: 'top_p',
  maxTokens: 'max tokens',
  stop: 'stop sequences',
  fallbacks: 'fallback models',
};

/** How many things changed: messages, settings, and inputs, tools and samples counted as a whole each. */
export function countChanges(diff: ContentDiff): number {
  return describeChanges(diff).length;
}

/** One line for people, as in "Edited system message, temperature 0.2 → 0.7, added input `tone`". */
export function summariseChanges(diff: ContentDiff): string {
  const phrases = describeChanges(diff);
  if (phrases.length === 0) return 'No changes';
  // "and 1 more change" would be no shorter than the change itself.
  const shown = phrases.length <= maxPhrases + 1 ? phrases : phrases.slice(0, maxPhrases);
  const more = phrases.length - shown.length;
  const line = shown.join(', ') + (more > 0 ? ` and ${more} more changes` : '');
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** One phrase per change, messages first. */
export function describeChanges(diff: ContentDiff): readonly string[] {
  const items = new Map<string, FieldChange[]>();
  for (const change of diff.fields) {
    const key = change.area === 'responseSchema' ? change.area : JSON.stringify(change.path.slice(0, 2));
    items.set(key, [...(items.get(key) ?? []), change]);
  }
  return [...diff.messages.flatMap(describeMessage), ...[...items.values()].map(describeField)];
}

function describeMessage(change: MessageChange): readonly string[] {
  switch (change.kind) {
    case 'added':
      return [`added ${change.after.label}`];
    case 'removed':
      return [`removed ${change.before.label}`];
    case 'same':
      return change.moved ? [`moved ${change.after.label}`] : [];
    case 'changed': {
      const verbs = change.moved ? 'moved and edited' : 'edited';
      const [before, after] = [change.before.message, change.after.message];
      if (before.role === after.role) return [`${verbs} ${change.after.label}`];
      const role = `${change.before.label} → ${after.role}`;
      if (!sameJson(before.content, after.content)) return [`${verbs} ${role}`];
      return [change.moved ? `moved ${role}` : `changed ${role}`];
    }
  }
}

/** `changes` are all of one setting, one item of a list, or one schema. */
function describeField(changes: readonly FieldChange[]): string {
  const { kind, area, path, before, after } = changes[0]!;
  const noun = itemNouns[area];
  if (kind === 'reordered') return `reordered ${area}`;
  if (noun) return `${path.length === 2 ? kind : 'changed'} ${noun} \`${shorten(path[1]!)}\``;
  if (area === 'extra') return path.length === 1 ? `${kind} extra` : `changed extra \`${shorten(path[1]!)}\``;
  if (area === 'responseSchema') return `${path.length === 1 ? kind : 'changed'} response schema`;
  const setting = path.at(-1)!;
  const name = settingNames[setting] ?? setting;
  if (isUnset(after)) return `cleared ${name}`;
  if (isUnset(before)) return `set ${name} ${showValue(after)}`;
  return `${name} ${showValue(before)} → ${showValue(after)}`;
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function showValue(value: Json | undefined): string {
  const parts = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return shorten(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(', '));
}

/** A stop sequence may be a line break, which one line has to spell out. */
function shorten(text: string): string {
  const characters = Array.from(text.replaceAll('\n', '\\n').replaceAll('\r', '\\r'));
  if (characters.length <= maxValueLength) return characters.join('');
  return `${characters.slice(0, maxValueLength - 1).join('')}…`;
}
