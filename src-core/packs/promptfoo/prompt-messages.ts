import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import { parseJson } from '../source.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { splitTags } from '../text/template-tags.ts';
import { isChat, readChat } from './chat-messages.ts';
import type { RawPrompt } from './raw-prompts.ts';
import { shieldJson, shieldYaml } from './shielded-templates.ts';

/** The messages of a prompt; their texts are still templates of nunjucks. A text that is no chat is one user message. */
export function messagesOf(prompt: RawPrompt, losses: Losses): readonly MessageTemplateInput[] {
  const { text, value, where } = prompt;
  const given = value ?? parsedJson(text);
  if (isChat(given)) return readChat(given, where, losses);
  // A prompt that is JSON is rendered text by text, so that no value breaks it.
  if (typeof given === 'object' && given !== null)
    return [{ role: 'user', content: jsonTemplate(given, where, losses) }];
  const chat = shieldedChat(text);
  if (chat !== null) return readChat(chat, where, losses);
  if (/^\s*\[[\s\S]*"role"\s*:/.test(text))
    losses.add(
      'approximated',
      'chat',
      where,
      'Its tags decide which messages there are; here it is the text of one message.',
    );
  if (/\{%[-+]?\s*for\s+\w+\s+in\s+_conversation\b/.test(text))
    losses.add('approximated', 'history', where, 'The turns before are printed into the text, as the prompt says.');
  return [{ role: 'user', content: withoutLineEnd(text) }];
}

function parsedJson(text: string): unknown {
  const json = /^\s*[[{]/.test(text) ? parseJson(text) : null;
  return json !== null && 'value' in json ? json.value : undefined;
}

function shieldedChat(text: string): unknown {
  if (/^\s*(?:\[|\{(?![{%#]))/.test(text)) {
    const shielded = shieldJson(text);
    const value = shielded === null ? undefined : parsedJson(shielded.text);
    return isChat(value) ? restored(value, shielded!.restore) : null;
  }
  if (!/^\s*(?:#.*\n|\{[{%#].*\n|\s*\n)*(?:messages:|-\s+(?:\{\s*)?["']?(?:role|content)["']?:)/.test(text))
    return null;
  const shielded = shieldYaml(text);
  const yaml = shielded === null ? null : readYaml(shielded.text);
  if (yaml === null || 'problem' in yaml || !isChat(yaml.value)) return null;
  return restored(yaml.value, shielded!.restore);
}

function restored(value: unknown, restore: (text: string) => string): unknown {
  if (typeof value === 'string') return restore(value);
  if (Array.isArray(value)) return value.map((item) => restored(item, restore));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [restore(key), restored(inner, restore)]));
}

/** A template that prints the JSON with every value escaped in it, two blanks a level. */
function jsonTemplate(value: unknown, where: string, losses: Losses): string {
  const leaves: string[] = [];
  const marked = JSON.stringify(
    value,
    (_, inner: unknown) =>
      typeof inner === 'string' && /\{[{%#]/.test(inner) ? `\uE000${leaves.push(inner) - 1}\uE001` : inner,
    2,
  );
  return marked.replace(/"\uE000(\d+)\uE001"/g, (_, index: string) =>
    leafTemplate(leaves[Number(index)]!, where, losses),
  );
}

function leafTemplate(leaf: string, where: string, losses: Losses): string {
  const pieces = splitTags(leaf);
  if (pieces?.every(({ kind }) => kind === 'print' || kind === 'text')) {
    const terms = pieces.map(({ kind, inner }) => (kind === 'text' ? JSON.stringify(inner) : inner));
    const [only] = terms;
    if (terms.length === 1) return `{{ ${/^[\w$.]+$/.test(only!) ? only : `(${only})`} | string | dump }}`;
    return `{{ (${terms.map((term) => (/^(?:[\w$.]+|".*")$/s.test(term) ? term : `(${term})`)).join(' ~ ')}) | dump }}`;
  }
  losses.add('approximated', 'json-escape', where, 'Quotes in values are not escaped in a JSON text with statements.');
  return `"${leaf}"`;
}

export function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
