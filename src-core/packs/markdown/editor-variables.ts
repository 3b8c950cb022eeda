import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { convertTemplate } from '../text/escape-text.ts';
import { createInputNames } from '../text/names.ts';

/** What VS Code fills in itself, by the names that it has in `${…}`. */
export const editorVariables = [
  ...['file', 'fileBasename', 'fileDirname', 'fileBasenameNoExtension', 'selection', 'selectedText'],
  ...['workspaceFolder', 'workspaceFolderBasename'],
] as const;

const variable = new RegExp(
  String.raw`\$\{(?:input:([^:{}\n]+)(?::([^{}\n]*))?|(${editorVariables.join('|')}))\}`,
  'g',
);

export interface ConvertedEditorText {
  readonly text: string;
  readonly inputs: readonly InputDraft[];
  readonly inputSources: Readonly<Record<string, string>>;
}

/**
 * `${input:name}` and `${input:name:placeholder}` as inputs, what the editor fills in as optional inputs, and all else as text.
 * A name that stands twice is one input; its first placeholder describes it.
 */
export function convertEditorVariables(text: string, losses: Losses): ConvertedEditorText {
  const names = createInputNames(losses);
  const asked = new Set([...text.matchAll(variable)].map(([, name = '']) => name.trim()));
  const inputs = new Map<string, InputDraft>();
  const converted = convertTemplate(text, variable, ([whole, source, placeholder = '', editor]) => {
    // A blank name is none.
    if (source?.trim() === '') return { text: whole };
    const given = (editor ?? source ?? '').trim();
    const name = names.legal(editor !== undefined && asked.has(editor) ? `editor ${editor}` : given);
    const known = inputs.get(name);
    const description = known?.description || placeholder.trim();
    inputs.set(name, {
      name,
      type: 'string',
      required: editor === undefined,
      ...(description !== '' && { description }),
    });
    if (editor !== undefined)
      losses.add(
        'approximated',
        'editor-variable',
        editor,
        'VS Code fills it in itself; here it is an optional input.',
      );
    return { jinja: `{{ ${name} }}` };
  });
  return { text: converted, inputs: [...inputs.values()], inputSources: names.sources() };
}
