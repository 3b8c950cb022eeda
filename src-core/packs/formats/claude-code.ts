import type { Detected, Format } from '../format.ts';
import type { Losses } from '../losses.ts';
import { matterKeys, readMarkdown, refuseEmpty } from '../markdown/markdown-file.ts';
import { actingServers, type Homeless, isEmpty, keepHomeless, textValue } from '../markdown/matter-values.ts';
import { reportLinks, reportMentions } from '../markdown/references.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import type { Source } from '../source.ts';
import { convertTemplate, escapeText } from '../text/escape-text.ts';
import { fileStem } from '../text/names.ts';
import { withoutSecrets } from '../text/secrets.ts';

const ids = ['claude-command', 'claude-skill', 'claude-agent'] as const;

const homes = ['name', 'description', 'model'];
const homeless: Homeless = {
  'allowed-tools': 'tools',
  tools: 'tools',
  disallowedTools: 'disallowed-tools',
  'disallowed-tools': 'disallowed-tools',
  'argument-hint': 'argument-hint',
  color: 'color',
  license: 'license',
  compatibility: 'compatibility',
  metadata: 'metadata',
  version: 'version',
  'disable-model-invocation': 'disable-model-invocation',
  'user-invocable': 'user-invocable',
  context: 'context',
  agent: 'agent',
  skills: 'skills',
  memory: 'memory',
  permissionMode: 'permission-mode',
  mcpServers: actingServers,
  'mcp-servers': actingServers,
  hooks: { kind: 'refused', what: 'hooks', why: 'Hooks run programs; nothing that runs is imported.' },
};
/** `$10` and `$1.50` are amounts, `$HOME` is text. */
const variable = /\$(?:(ARGUMENTS)(?:\[(\d)\])?(?!\w)|([1-9])(?![\d\w]|[.,]\d))/g;
/** Models by the names that Claude Code gives them. */
const aliases = /^(?:opus|sonnet|haiku|inherit|default|opusplan)(?:\[1m\])?$/;
/** Files beside a SKILL.md that are named. */
const mostSiblings = 200;

/** Commands, skills and agents of Claude Code: Markdown with `$ARGUMENTS` and `$1` to `$9`. */
export const claudeCode: Format = {
  title: 'Claude Code',
  ids,
  detect(source) {
    if (!/\.(?:md|markdown)$/.test(source.name) || /\.(?:prompt|instructions|chatmode|agent)\.md$/.test(source.name))
      return null;
    if (source.name === 'skill.md') return { id: 'claude-skill', sureness: 'certain' };
    const [, folder] = /(?:^|\/)\.claude\/(commands|agents|skills)\//i.exec(`/${source.path}`) ?? [];
    if (folder?.toLowerCase() === 'commands') return { id: 'claude-command', sureness: 'certain' };
    if (folder?.toLowerCase() === 'agents') return { id: 'claude-agent', sureness: 'certain' };
    return detectContent(source);
  },
  async read(source, { id }, losses) {
    const file = readMarkdown(source, 'lines');
    refuseEmpty(file, source);
    const values = withoutSecrets(file.values, losses);
    const body = withoutSecrets(file.body, losses, 'text');
    const { text, inputs, inputSources } = takesArguments(id, body, values)
      ? convertArguments(body, losses)
      : asText(body);
    reportShell(body, losses);
    reportMentions(body, losses);
    reportLinks(body, losses);
    if (id === 'claude-skill') await reportSiblings(source, losses);
    const model = textValue(values.model);
    const isInherited = model === 'inherit';
    if (isInherited) losses.add('kept', 'model', 'model', 'The agent takes the model of whoever calls it.');
    else if (aliases.test(model))
      losses.add(
        'approximated',
        'model-alias',
        model,
        'Claude Code knows which model this is; here it is a name only.',
      );
    const kept = keepHomeless(values, homes, homeless, losses);
    const name = textValue(values.name);
    const prompt = toImportedPrompt(
      {
        name: name === '' ? nameOf(source, id) : name,
        title: name,
        description: textValue(values.description),
        messages: [{ role: id === 'claude-command' ? 'user' : 'system', content: text }],
        inputs,
        inputSources,
        settings: model === '' || isInherited ? {} : { model },
        kept: { ...kept, ...(isInherited && { model }) },
      },
      { format: id },
      losses,
    );
    return { prompts: [prompt], problems: file.problems };
  },
};

function detectContent(source: Source): Detected | null {
  const keys = matterKeys(source);
  const has = (...names: readonly string[]) => names.some((name) => !isEmpty(keys[name]));
  const isNamed = has('name') && has('description');
  const hasArguments = /\$ARGUMENTS\b/.test(source.text);
  if (isNamed && has('license', 'compatibility')) return { id: 'claude-skill', sureness: 'likely' };
  if (isNamed && has('color', 'tools', 'permissionMode')) return { id: 'claude-agent', sureness: 'certain' };
  if (isNamed && has('allowed-tools', 'disable-model-invocation', 'user-invocable'))
    return { id: 'claude-skill', sureness: 'certain' };
  if (has('allowed-tools', 'disable-model-invocation')) return { id: 'claude-command', sureness: 'certain' };
  if (has('argument-hint')) return { id: 'claude-command', sureness: hasArguments ? 'certain' : 'likely' };
  if (hasArguments) return { id: 'claude-command', sureness: has('description') ? 'certain' : 'likely' };
  if (isNamed && aliases.test(textValue(keys.model))) return { id: 'claude-agent', sureness: 'certain' };
  if (isNamed && /\b(?:this|the) agent\b/i.test(textValue(keys.description)))
    return { id: 'claude-agent', sureness: 'likely' };
  const isOwn = Object.keys(keys).every((key) => Object.hasOwn(homeless, key) || homes.includes(key));
  if (!isOwn || !has('description')) return null;
  const model = textValue(keys.model);
  const isCommand = /(?:^|\s)!`[^`\n]+`|(?<![\w$])\$[1-9](?![\w]|[.,]\d)/.test(source.text);
  if (!has('name') && (isCommand || aliases.test(model) || model.startsWith('claude-')))
    return { id: 'claude-command', sureness: 'likely' };
  // Nothing else says what it is; a person is asked.
  return has('name') ? { id: 'claude-agent', sureness: 'possible' } : null;
}

interface Converted {
  readonly text: string;
  readonly inputs: readonly InputDraft[];
  readonly inputSources: Readonly<Record<string, string>>;
}

function asText(body: string): Converted {
  return { text: escapeText(body), inputs: [], inputSources: {} };
}

/** A skill takes arguments where it says so; without that, `$5` in its text is a price. */
function takesArguments(id: string, body: string, values: Readonly<Record<string, unknown>>): boolean {
  if (id === 'claude-command') return true;
  return id === 'claude-skill' && (/\$ARGUMENTS\b/.test(body) || !isEmpty(values['argument-hint']));
}

/** `$ARGUMENTS` is all that was typed behind the command, `$1` its first word, which `$ARGUMENTS[0]` says too. */
function convertArguments(body: string, losses: Losses): Converted {
  const sources = new Map<string, string>();
  const text = convertTemplate(body, variable, ([whole, all, index, number]) => {
    const position = number ?? (index === undefined ? undefined : String(Number(index) + 1));
    const name = all !== undefined && position === undefined ? 'arguments' : `arg${position}`;
    if (!sources.has(name)) sources.set(name, whole);
    losses.add('approximated', 'variable-renamed', whole, `The variable "${whole}" is named "${name}" here.`);
    return { jinja: `{{ ${name} }}` };
  });
  return {
    text,
    inputs: [...sources.keys()].map((name) => ({ name, type: 'string' })),
    inputSources: Object.fromEntries(sources),
  };
}

/** Commands whose output Claude Code puts into the prompt. */
function reportShell(body: string, losses: Losses): void {
  const why = 'Claude Code runs it and puts its output here; nothing in a file runs, so it stays text.';
  for (const { 1: command = '' } of body.matchAll(/!`([^`\n]+)`/g)) losses.add('refused', 'shell', command.trim(), why);
  let isOpen = false;
  for (const line of body.split('\n')) {
    const isFence = line.trimStart().startsWith('```');
    if (isFence) isOpen = !isOpen && /^`{3,}!$/.test(line.trim());
    else if (isOpen && line.trim() !== '') losses.add('refused', 'shell', line.trim(), why);
  }
}

async function reportSiblings(source: Source, losses: Losses): Promise<void> {
  const files = (await source.match('**')).filter((path) => path !== source.path);
  for (const path of files.slice(0, mostSiblings))
    losses.add('dropped', 'skill-file', path, 'A skill is a folder; only the text of its SKILL.md becomes a prompt.');
  if (files.length > mostSiblings)
    losses.add('dropped', 'skill-file', '', `The folder of the skill has ${files.length - mostSiblings} more files.`);
}

/** A skill is named after its folder. */
function nameOf(source: Source, id: string): string {
  const folder = source.path.split('/').at(-2) ?? '';
  return id === 'claude-skill' && folder !== '' && source.name === 'skill.md' ? folder : fileStem(source.path);
}
