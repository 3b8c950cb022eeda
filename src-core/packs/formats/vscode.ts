import type { Detected, Format } from '../format.ts';
import type { Losses } from '../losses.ts';
import { convertEditorVariables } from '../markdown/editor-variables.ts';
import { matterKeys, readMarkdown, refuseEmpty, unfence } from '../markdown/markdown-file.ts';
import { actingServers, type Homeless, isEmpty, keepHomeless, textValue } from '../markdown/matter-values.ts';
import { reportHashes, reportLinks } from '../markdown/references.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import type { Source } from '../source.ts';
import { fileStem } from '../text/names.ts';
import { withoutSecrets } from '../text/secrets.ts';
import { writeEditorPrompt } from '../write/write-editor-prompt.ts';

const ids = ['vscode-prompt', 'vscode-instructions', 'vscode-chatmode', 'vscode-agent'] as const;
type Id = (typeof ids)[number];

const byName: readonly (readonly [RegExp, Id])[] = [
  [/\.prompt\.md$/i, 'vscode-prompt'],
  [/\.instructions\.md$/i, 'vscode-instructions'],
  [/(?:^|\/)(?:copilot-instructions|agents|claude|gemini)\.md$/i, 'vscode-instructions'],
  [/\.chatmode\.md$/i, 'vscode-chatmode'],
  [/(?:^|\/)\.github\/chatmodes\/[^/]+\.md$/i, 'vscode-chatmode'],
  [/\.agent\.md$/i, 'vscode-agent'],
  [/(?:^|\/)\.github\/agents\/[^/]+\.md$/i, 'vscode-agent'],
];
const byFence: Readonly<Record<string, Id>> = {
  prompt: 'vscode-prompt',
  instructions: 'vscode-instructions',
  chatmode: 'vscode-chatmode',
  agent: 'vscode-agent',
  chatagent: 'vscode-agent',
};
const homes = ['name', 'description', 'model'];
const homeless: Homeless = {
  tools: 'tools',
  agent: 'agent',
  mode: 'agent',
  agents: 'agents',
  'argument-hint': 'argument-hint',
  applyTo: 'apply-to',
  excludeAgent: 'exclude-agent',
  handoffs: 'handoffs',
  target: 'target',
  infer: 'infer',
  'user-invokable': 'user-invokable',
  'user-invocable': 'user-invocable',
  'disable-model-invocation': 'disable-model-invocation',
  'mcp-servers': actingServers,
  mcpServers: actingServers,
};

/** Prompts, instructions, chat modes and agents of VS Code and Copilot: Markdown with `${input:name}`. */
export const vscode: Format = {
  title: 'VS Code and GitHub Copilot',
  ids,
  detect(source) {
    if (isOtherMarkdown(source.text)) return null;
    const named = byName.find(([pattern]) => pattern.test(source.path))?.[1];
    if (named !== undefined) return { id: named, sureness: hasOwnKeys(source) ? 'certain' : 'likely' };
    if (!/\.(?:md|markdown|txt)$/.test(source.name)) return null;
    return detectContent(source);
  },
  async read(source, { id }, losses) {
    const file = readMarkdown(source, 'refuse', quoteGlobs);
    refuseEmpty(file, source);
    const values = withoutSecrets(file.values, losses);
    const body = withoutSecrets(file.body, losses, 'text');
    const { text, inputs, inputSources } = convertEditorVariables(body, losses);
    reportLinks(body, losses);
    reportHashes(body, losses);
    const { settings, rest } = readModel(values.model, losses);
    const kept = keepHomeless(values, homes, homeless, losses);
    const name = textValue(values.name);
    const prompt = toImportedPrompt(
      {
        name: name === '' ? fileStem(source.path) : name,
        title: name,
        description: textValue(values.description),
        messages: [{ role: id === 'vscode-prompt' ? 'user' : 'system', content: text }],
        inputs,
        inputSources,
        settings,
        kept: { ...kept, model: rest },
      },
      { format: id },
      losses,
    );
    return { prompts: [prompt], problems: file.problems };
  },
  write: (prompts, losses) => prompts.map((prompt) => writeEditorPrompt(prompt, losses)),
};

/** Other formats have files of the same name: PromptDown is a table of a conversation, and chat blocks are Jinja. */
function isOtherMarkdown(text: string): boolean {
  if (/\{%[-+]?\s*chat\b/.test(text)) return true;
  const head = /^##[ \t]+(?:System|Developer) Message[ \t]*$/im.test(text);
  return /^##[ \t]+Conversation[ \t]*$/im.test(text) && (head || /^\|[ \t]*Role[ \t]*\|/im.test(text));
}

function hasOwnKeys(source: Source): boolean {
  const keys = matterKeys(source);
  const own = ['agent', 'mode', 'tools', 'argument-hint', 'applyTo', 'handoffs', 'target', 'mcp-servers', 'model'];
  const isOwn = own.some((key) => Object.hasOwn(keys, key)) || Object.hasOwn(byFence, unfence(source.text).fence);
  return isOwn || /\$\{input:/.test(source.text);
}

function detectContent(source: Source): Detected | null {
  const { fence } = unfence(source.text);
  const fenced = Object.hasOwn(byFence, fence) ? byFence[fence] : undefined;
  if (fenced !== undefined) return { id: fenced, sureness: 'certain' };
  const { mode, agent, applyTo, handoffs } = matterKeys(source);
  if (typeof mode === 'string' && /^(?:ask|edit|agent)$/.test(mode))
    return { id: 'vscode-prompt', sureness: 'certain' };
  if (/\$\{input:[^}\s]/.test(source.text)) return { id: 'vscode-prompt', sureness: agent ? 'certain' : 'likely' };
  if (typeof applyTo === 'string') return { id: 'vscode-instructions', sureness: 'certain' };
  return Array.isArray(handoffs) ? { id: 'vscode-agent', sureness: 'likely' } : null;
}

/** A glob such as `**` begins as an alias of YAML does; VS Code takes it without quotes. */
function quoteGlobs(matter: string): string {
  return matter.replace(/^(applyTo[ \t]*:)(.*)$/gm, (line, key: string, value: string) => {
    const glob = value.trim();
    return /^\*[^#"']*$/.test(glob) ? `${key} "${glob}"` : line;
  });
}

/** A model, or a list of which the later ones are tried when the first is not there. */
function readModel(model: unknown, losses: Losses) {
  const names = (Array.isArray(model) ? model : [model]).filter(
    (name) => typeof name === 'string' && name.trim() !== '',
  );
  const [first, ...fallbacks] = names.map((name) => String(name).trim());
  if (first !== undefined) return { settings: { model: first, fallbacks }, rest: undefined };
  if (!isEmpty(model)) losses.add('kept', 'model', 'model', 'It is no name of a model. It is kept in the metadata.');
  return { settings: {}, rest: isEmpty(model) ? undefined : model };
}
