import type { InputDeclaration } from '../../contract/content.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { editorVariables } from '../markdown/editor-variables.ts';
import { type SimplePiece, simplePieces } from '../text/simple-pieces.ts';
import { reportLost } from './report-lost.ts';
import { toSingleText } from './single-text.ts';
import { formatOf, keptFrom, writeFrontMatter } from './written-yaml.ts';

const ids = ['vscode-prompt', 'vscode-instructions', 'vscode-chatmode', 'vscode-agent'];
const endings: Readonly<Record<string, string>> = {
  'vscode-instructions': '.instructions.md',
  'vscode-chatmode': '.chatmode.md',
  'vscode-agent': '.agent.md',
};

/** A prompt file of VS Code; what was read from another kind of its files becomes that kind again. */
export function writeEditorPrompt(prompt: ImportedPrompt, losses: Losses): WrittenFile {
  const { content } = prompt;
  const ending = endings[formatOf(prompt)];
  const [first] = content.messages;
  const role = ending === undefined ? 'user' : 'system';
  if (content.messages.length === 1 && first?.role !== undefined && first.role !== role)
    losses.add('approximated', 'role', first.role, `In such a file the text is a ${role} message.`);
  reportLost(prompt, ['title', 'description', 'model', 'fallbacks'], losses);
  const template = toSingleText(prompt, losses);
  const pieces = simplePieces(template, content.syntax);
  if (pieces === null)
    losses.add(
      'approximated',
      'template',
      'messages',
      'VS Code fills in inputs and knows no tags and filters; the template is written as it stands.',
    );
  const body = pieces === null ? template : writePieces(pieces, prompt, losses);
  const { model, fallbacks } = content.settings;
  const { model: keptModel, ...kept } = keptFrom(prompt, ids);
  const names = [...(model === null ? [] : [model]), ...fallbacks];
  const matter = {
    name: prompt.title === '' ? undefined : prompt.title,
    description: prompt.description === '' ? undefined : prompt.description,
    model: names.length === 0 ? keptModel : names.length === 1 ? names[0] : names,
    ...kept,
  };
  return { path: `${prompt.name}${ending ?? '.prompt.md'}`, text: writeFrontMatter(matter, body) };
}

function writePieces(pieces: readonly SimplePiece[], prompt: ImportedPrompt, losses: Losses): string {
  const { inputs } = prompt.content;
  const described = new Set<string>();
  const texts = pieces.map((piece) => {
    if ('text' in piece) {
      if (readsAsVariable(piece.text))
        losses.add('approximated', 'escape', 'messages', 'The text has what VS Code takes for a variable of its own.');
      return piece.text;
    }
    const input = inputs.find(({ name }) => name === piece.variable);
    if (input === undefined) {
      losses.add(
        'approximated',
        'path',
        piece.variable,
        'VS Code has no values in values; it asks for this one by itself.',
      );
      return `\${input:${piece.variable}}`;
    }
    return writeInput(input, prompt.inputSources[input.name] ?? input.name, described);
  });
  const used = new Set(pieces.map((piece) => ('variable' in piece ? piece.variable.split('.')[0] : '')));
  for (const input of inputs) {
    if (!used.has(input.name))
      losses.add('dropped', 'input', input.name, 'The text does not use it, and VS Code declares none.');
    else reportInput(input, losses);
  }
  return texts.join('');
}

function readsAsVariable(text: string): boolean {
  return text.includes('${input:') || editorVariables.some((name) => text.includes(`\${${name}}`));
}

function isEditorVariable({ name, required, description }: InputDeclaration): boolean {
  return !required && description === '' && editorVariables.some((each) => each === name);
}

/** The placeholder, which describes an input, stands where it is used first. */
function writeInput(input: InputDeclaration, source: string, described: Set<string>): string {
  if (isEditorVariable(input)) return `\${${input.name}}`;
  const description = described.has(input.name) ? '' : input.description.replace(/[{}\n]+/g, ' ').trim();
  described.add(input.name);
  return `\${input:${source}${description === '' ? '' : `:${description}`}}`;
}

function reportInput(input: InputDeclaration, losses: Losses): void {
  const { name, type, required, default: preset, description } = input;
  if (type !== 'string')
    losses.add('approximated', 'input-type', name, `VS Code asks for text; the type "${type}" is lost.`);
  if (preset !== undefined) losses.add('dropped', 'default', name, 'VS Code has no defaults.');
  if (!required && !isEditorVariable(input))
    losses.add('approximated', 'required', name, 'VS Code asks for every input.');
  if (/[{}\n]/.test(description))
    losses.add('approximated', 'description', name, 'A placeholder has no braces and lines.');
}
