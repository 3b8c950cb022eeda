import type { editor, IRange } from 'monaco-editor/editor/editor.api.js';
import { type Hovered, hoverAt } from '../../src-core/templates/assist/hover.ts';
import type { Monaco } from './load.ts';
import { codeBlock } from './template-completion.ts';
import { scopeOf, type TemplateScope } from './template-scope.ts';

/** Says what the word under the pointer is. */
export function registerHover(monaco: Monaco, languageId: string): void {
  monaco.languages.registerHoverProvider(languageId, {
    provideHover: async (model, position) => {
      const scope = scopeOf(model);
      const hovered = scope === null ? null : hoverAt(model.getValue(), model.getOffsetAt(position), scope.knowledge);
      if (scope === null || hovered === null) return null;
      const paragraphs = await describe(hovered, scope);
      return { range: rangeOf(model, hovered), contents: paragraphs.map((value) => ({ value })) };
    },
  });
}

/** Where something stands, as Monaco says it. */
export function rangeOf(
  model: editor.ITextModel,
  { start, end }: { readonly start: number; readonly end: number },
): IRange {
  const from = model.getPositionAt(start);
  const to = model.getPositionAt(end);
  return {
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  };
}

async function describe(hovered: Hovered, scope: TemplateScope): Promise<readonly string[]> {
  switch (hovered.kind) {
    case 'entry': {
      const { signature, text, example, result } = hovered.entry;
      const shown = result === null ? '' : `\n\n→ ${inlineCode(result)}`;
      return [codeBlock(signature), `${text}`, `${codeBlock(example)}${shown}`];
    }
    case 'value': {
      const { path, type, description, value, input } = hovered;
      const kind = input === null ? 'value' : input.declared ? 'input' : 'input, not declared';
      const lines = [`**${path.replaceAll('[]', '\\[\\]')}** · ${type ?? 'any type'} · ${kind}`, escaped(description)];
      if (value !== undefined) lines.push(`Value: ${inlineCode(shortJson(value))}`);
      if (input?.default !== undefined) lines.push(`Default: ${inlineCode(shortJson(input.default))}`);
      return lines.filter((line) => line !== '');
    }
    case 'prompt': {
      const source = await scope.readPrompt(hovered.name);
      if (source === null) return [`There is no prompt ${inlineCode(hovered.name)}.`];
      const lines = source.split('\n');
      const more = lines.length > 8 ? `\n… ${lines.length - 8} more lines` : '';
      return [
        `**${escaped(hovered.name)}** · F12 or Ctrl+click opens it`,
        codeBlock(lines.slice(0, 8).join('\n') + more),
      ];
    }
  }
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

const inlineCode = (text: string): string => `\`\` ${text.replaceAll('`', 'ˋ').replaceAll('\n', '⏎')} \`\``;

/** Text that a person wrote, with nothing in it read as Markdown. */
const escaped = (text: string): string => text.replaceAll(/[\\`*_{}[\]()<>#+!|~-]/g, '\\$&');
