import type { editor, IRange } from 'monaco-editor/editor/editor.api.js';
import { localKinds } from '../../../src-core/templates/assist/complete.ts';
import { type Hovered, hoverAt } from '../../../src-core/templates/assist/hover.ts';
import type { Monaco } from '../load.ts';
import { codeBlock, escaped, exampleOf, inlineCode, shortJson } from './template-docs.ts';
import { scopeOf, type TemplateScope } from './template-scope.ts';

/** Says what the word under the pointer is. */
export function registerHover(monaco: Monaco, languageId: string): void {
  monaco.languages.registerHoverProvider(languageId, {
    provideHover: async (model, position) => {
      const scope = scopeOf(model);
      const hovered = scope === null ? null : hoverAt(model.getValue(), model.getOffsetAt(position), scope.knowledge);
      if (scope === null || hovered === null) return null;
      const paragraphs = await describe(hovered, scope, languageId);
      return { range: rangeOf(model, hovered), contents: [{ value: paragraphs.join('\n\n') }] };
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

async function describe(hovered: Hovered, scope: TemplateScope, languageId: string): Promise<readonly string[]> {
  switch (hovered.kind) {
    case 'entry':
      return [codeBlock(hovered.entry.signature), exampleOf(hovered.entry, languageId)];
    case 'local': {
      const { local, type, value } = hovered;
      const stands = local.path === null ? '' : ` · ${escaped(local.path)}`;
      return [
        `**${local.name}** · ${localKinds[local.from]}${type === null ? '' : ` · ${type}`}${stands}`,
        codeBlock(`{% ${local.statement} %}`, languageId),
        ...describeValue(hovered.description, value),
      ];
    }
    case 'value':
      return describePath(hovered);
    case 'prompt':
      return describePrompt(hovered.name, scope, languageId);
  }
}

function describePath({ path, type, description, value, input }: Extract<Hovered, { kind: 'value' }>) {
  const declaration = input?.declaration ?? null;
  const kind = input === null ? 'value' : declaration === null ? 'input, not declared' : 'input';
  const need = declaration === null ? '' : declaration.required ? ', required' : ', optional';
  const lines = [`**${escaped(path)}** · ${type ?? 'any type'} · ${kind}${need}`];
  if (declaration?.values !== undefined) lines.push(`One of ${declaration.values.map(inlineCode).join(', ')}`);
  lines.push(...describeValue(description, value));
  const usual = declaration?.default;
  if (usual !== undefined) lines.push(`Default: ${inlineCode(shortJson(usual))}`);
  return lines;
}

function describeValue(description: string, value: unknown): readonly string[] {
  const lines = description === '' ? [] : [escaped(description)];
  return value === undefined ? lines : [...lines, `Value: ${inlineCode(shortJson(value))}`];
}

const shownLines = 8;

async function describePrompt(name: string, scope: TemplateScope, languageId: string): Promise<readonly string[]> {
  const source = await scope.readPrompt(name);
  if (source === null) return [`There is no prompt ${inlineCode(name)}.`];
  const lines = source.split('\n');
  const more = lines.length > shownLines ? [`… ${lines.length - shownLines} more lines`] : [];
  return [
    `**${escaped(name)}** · F12 or Ctrl+click opens it`,
    codeBlock(lines.slice(0, shownLines).join('\n'), languageId),
    ...more,
  ];
}
