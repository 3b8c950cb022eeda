import type { Role } from '../../contract/messages.ts';
import type { Format } from '../format.ts';
import type { Losses } from '../losses.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { convertTemplate } from '../text/escape-text.ts';
import { createInputNames, fileStem, type InputNames } from '../text/names.ts';

const variable = /\{([\p{XID_Start}_][\p{XID_Continue}]*)\}/gu;
const heading = /^(#{1,2})[ \t]+(.*)$/;
const said = /^\*\*([^*:]+):?\*\*:?[ \t]*(.*)$/;

interface Spoken {
  readonly role: string;
  readonly text: string;
}

/** PromptDown: Markdown with `## System Message` and a `## Conversation` that is a table, or paragraphs behind `**User:**`. */
export const promptdown: Format = {
  title: 'PromptDown',
  ids: ['promptdown'],
  detect(source) {
    if (!/\.(?:md|markdown|prompt)$/.test(source.name)) return null;
    const sections = sectionsOf(source.text);
    const conversation = sections.get('conversation');
    const system = sections.get('system message') ?? sections.get('developer message');
    if (conversation !== undefined && spokenOf(conversation).length > 0)
      return { id: 'promptdown', sureness: 'certain' };
    return system !== undefined && (conversation !== undefined || sections.has(''))
      ? { id: 'promptdown', sureness: 'likely' }
      : null;
  },
  async read(source, { id }, losses) {
    const sections = sectionsOf(source.text);
    const names = createInputNames(losses);
    const messages = [
      ...(['system', 'developer'] as const).flatMap((role) => {
        const text = sections.get(`${role} message`)?.trim() ?? '';
        return text === '' ? [] : [{ role, content: convertText(text, names) }];
      }),
      ...spokenOf(sections.get('conversation') ?? '').map(({ role, text }) => ({
        role: roleOf(role, losses),
        content: convertText(text, names),
      })),
    ];
    if (messages.length === 0)
      throw refusal(`${source.path} has no messages: its sections are empty.`, { reason: 'no-messages' });
    for (const [name, text] of sections)
      if (!['', 'system message', 'developer message', 'conversation'].includes(name) && text.trim() !== '')
        losses.add('kept', 'section', name, 'The format has no such section. It is kept in the metadata.');
    const {
      '': title,
      'system message': _,
      'developer message': __,
      conversation: ___,
      ...others
    } = Object.fromEntries(sections);
    const prompt = toImportedPrompt(
      { name: fileStem(source.path), title, messages, inputSources: names.sources(), kept: others },
      { format: id },
      losses,
    );
    return { prompts: [prompt] };
  },
};

function convertText(text: string, names: InputNames): string {
  return convertTemplate(text, variable, ([, source = '']) => ({ jinja: `{{ ${names.legal(source)} }}` }));
}

/** Texts by their headings of the second level in lower case; '' is the title. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let open: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const [, level, title = ''] = heading.exec(line) ?? [];
    if (level === '#' && open === null && !sections.has('')) sections.set('', withoutHashes(title));
    else if (level === '##') {
      open = withoutHashes(title).toLowerCase();
      if (!sections.has(open)) sections.set(open, '');
    } else if (open !== null) sections.set(open, `${sections.get(open)}${line}\n`);
  }
  return sections;
}

/** A heading may be closed by what opens it. */
function withoutHashes(title: string): string {
  const trimmed = title.trimEnd();
  let end = trimmed.length;
  while (trimmed[end - 1] === '#') end -= 1;
  return trimmed.slice(0, end).trimEnd();
}

function spokenOf(text: string): readonly Spoken[] {
  const rows = text
    .split('\n')
    .filter((line) => line.trimStart().startsWith('|'))
    .map(cellsOf);
  const head = rows.findIndex(
    ([role = '', content = '']) => role.toLowerCase() === 'role' && content.toLowerCase() === 'content',
  );
  if (head !== -1)
    return rows.slice(head + 1).flatMap(([role = '', content = '']): readonly Spoken[] => {
      return role === '' || /^:?-+:?$/.test(role) ? [] : [{ role, text: content.replace(/\\n/g, '\n') }];
    });
  const spoken: { role: string; text: string }[] = [];
  for (const line of text.split('\n')) {
    const [, role, first = ''] = said.exec(line) ?? [];
    if (role !== undefined) spoken.push({ role: role.trim(), text: first });
    else if (spoken.length > 0) spoken.at(-1)!.text += `\n${line}`;
  }
  return spoken.map(({ role, text: content }) => ({ role, text: content.trim() }));
}

/** Cells between bars; `\|` is a bar in a text. */
function cellsOf(line: string): readonly string[] {
  const cells = line
    .trim()
    .slice(1)
    .split(/(?<!\\)\|/);
  if (cells.at(-1)?.trim() === '') cells.pop();
  const [role = '', ...content] = cells;
  return [role.trim(), content.join('|').trim().replace(/\\\|/g, '|')];
}

function roleOf(source: string, losses: Losses): Role {
  const role = source.toLowerCase();
  if (role === 'system' || role === 'developer' || role === 'user' || role === 'assistant') return role;
  losses.add('approximated', 'role', source, `There is no role "${source}" here; the message is of the user.`);
  return 'user';
}
