import type { languages } from 'monaco-editor/editor/editor.api.js';
import { type Syntax, syntaxes } from '../../../src-core/contract/content.ts';
import { foldsOf } from '../../../src-core/templates/assist/folding.ts';
import type { Monaco } from '../load.ts';
import { templateLanguageIds } from './language-ids.ts';
import { registerCompletion } from './template-completion.ts';
import { registerFixCommand, registerFixes } from './template-fixes.ts';
import { grammarOf } from './template-grammar.ts';
import { registerHover } from './template-hover.ts';
import { openIncludedPrompts, registerFormatting, registerNavigation } from './template-navigation.ts';
import { registerRename } from './template-rename.ts';
import { registerSignatures } from './template-signature.ts';

/** Registers the template syntaxes in Monaco: colours, brackets, completion, hovers, fixes, rename. */
export function registerTemplateLanguage(monaco: Monaco): void {
  openIncludedPrompts(monaco);
  registerFixCommand(monaco);
  for (const syntax of syntaxes) {
    const id = templateLanguageIds[syntax];
    monaco.languages.register({ id });
    monaco.languages.setMonarchTokensProvider(id, grammarOf(syntax));
    monaco.languages.setLanguageConfiguration(id, configurationOf(syntax));
    registerCompletion(monaco, id);
    registerSignatures(monaco, id);
    registerHover(monaco, id);
    registerNavigation(monaco, id);
    registerRename(monaco, id);
    registerFormatting(monaco, id);
    registerFolding(monaco, id);
    registerFixes(monaco, id);
  }
}

const configurationOf = (syntax: Syntax): languages.LanguageConfiguration => ({
  comments: { blockComment: syntax === 'liquid' ? ['{% comment %}', '{% endcomment %}'] : ['{#', '#}'] },
  brackets: [
    ['{{', '}}'],
    ['{%', '%}'],
    ['(', ')'],
    ['[', ']'],
  ],
  autoClosingPairs: [
    { open: '{', close: '}' },
    { open: '{{', close: '}}' },
    { open: '{%', close: '%}' },
    // A blank after what opens a tag comes before what closes it too.
    { open: '{{ ', close: ' }}' },
    { open: '{% ', close: ' %}' },
    { open: '{{- ', close: ' }}' },
    { open: '{%- ', close: ' %}' },
    ...(syntax !== 'liquid'
      ? [
          { open: '{#', close: '#}' },
          { open: '{# ', close: ' #}' },
        ]
      : []),
    { open: '(', close: ')', notIn: ['string', 'comment'] },
    { open: '[', close: ']', notIn: ['string', 'comment'] },
    { open: '"', close: '"', notIn: ['string', 'comment'] },
    { open: "'", close: "'", notIn: ['string', 'comment'] },
  ],
  autoCloseBefore: ' \n\t.,;:!?)]}|%',
  surroundingPairs: [
    { open: '{', close: '}' },
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: '"', close: '"' },
    { open: "'", close: "'" },
  ],
});

function registerFolding(monaco: Monaco, languageId: string): void {
  monaco.languages.registerFoldingRangeProvider(languageId, {
    provideFoldingRanges: (model) =>
      foldsOf(model.getValue()).map(({ start, end, isComment }) => ({
        start,
        end,
        ...(isComment && { kind: monaco.languages.FoldingRangeKind.Comment }),
      })),
  });
}
