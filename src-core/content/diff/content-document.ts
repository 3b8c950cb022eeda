import { stringify } from 'yaml';
import type { PromptContent } from '../../contract/content.ts';
import { documentOf, isPlaceholder, partsOf } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import { normaliseContent } from '../hash-content.ts';

/** Where a message begins is said by lines like this one. */
const sectionLine = (name: string) => `=== ${name} ===`;

/**
 * A whole content as text for people: the messages as they are under their roles, then everything that is set as YAML
 * with sorted keys. Contents of different meaning give different text.
 */
export function contentDocument(content: PromptContent): string {
  const { messages, ...fields } = normaliseContent(content);
  const sections = messages.map((message) => `${sectionLine(titleOf(message))}\n${documentOf(message)}\n`);
  const set = Object.fromEntries(Object.entries(fields).flatMap(([area, value]) => setFields(area, value)));
  if (Object.keys(set).length > 0) {
    const yaml = stringify(set, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
    sections.push(`${sectionLine('settings')}\n${yaml}`);
  }
  return sections.join('\n');
}

/** A message of parts is told from a text that only looks like one. */
function titleOf(message: MessageTemplate): string {
  if (isPlaceholder(message)) return 'placeholder';
  return typeof message.content === 'string' ? message.role : `${message.role}, ${partsOf(message).length} parts`;
}

/** Leaves out what is as it is in every new prompt, so that a short prompt has a short document. */
function setFields(area: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (area === 'syntax') return value === 'jinja' ? [] : [[area, value]];
  if (area === 'settings') {
    const settings = Object.entries(value as object).filter(([, setting]) => isSet(setting));
    // The whole has an `extra` too.
    return settings.map(([key, setting]) => [key === 'extra' ? 'settings.extra' : key, setting]);
  }
  return isSet(value) ? [[area, value]] : [];
}

function isSet(value: unknown): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}
