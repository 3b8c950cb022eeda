import type { languages } from 'monaco-editor/editor/editor.api.js';
import { type Syntax, syntaxes } from '../../src-core/contract/content.ts';
import { catalogueOf } from '../../src-core/templates/catalogue.ts';
import { templateLanguageIds } from './language-ids.ts';
import type { Monaco } from './load.ts';
import { registerCompletion } from './template-completion.ts';
import { registerFixCommand, registerFixes } from './template-fixes.ts';
import { registerHover } from './template-hover.ts';
import { openIncludedPrompts, registerFormatting, registerNavigation } from './template-navigation.ts';

/** Teaches Monaco both template syntaxes: colours, brackets, and everything that helps while writing. */
export function registerTemplateLanguage(monaco: Monaco): void {
  openIncludedPrompts(monaco);
  registerFixCommand(monaco);
  for (const syntax of syntaxes) {
    const id = templateLanguageIds[syntax];
    monaco.languages.register({ id });
    monaco.languages.setMonarchTokensProvider(id, grammarOf(syntax));
    monaco.languages.setLanguageConfiguration(id, configurationOf(syntax));
    registerCompletion(monaco, id);
    registerHover(monaco, id);
    registerNavigation(monaco, id);
    registerFormatting(monaco, id);
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
    // One brace at a time: `{{` becomes `{{}}` and `{%` becomes `{%}`, and what is typed at the end goes over them.
    { open: '{', close: '}' },
    { open: '"', close: '"', notIn: ['string'] },
  ],
  autoCloseBefore: ' \n\t.,;:!?)]}|',
  surroundingPairs: [
    { open: '{', close: '}' },
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: '"', close: '"' },
    { open: "'", close: "'" },
  ],
});

const words: Readonly<Record<Syntax, string>> = {
  jinja:
    'in is not and or as else elif import with without context ignore missing recursive scoped required true false none True False None',
  liquid: 'in and or else elsif when with for as limit offset reversed cols contains true false nil null empty blank',
};

/** Jinja comments are `{# #}`; in Liquid those are text, and `{% comment %}` is the comment. */
const commentRules: Readonly<Record<Syntax, languages.IMonarchLanguageRule[]>> = {
  jinja: [[/\{#-?/, { token: 'comment', next: '@comment' }]],
  liquid: [
    [/\{%-?\s*comment\s*-?%\}/, { token: 'comment', next: '@commentBlock' }],
    [/\{%-?\s*#(?:[^%]|%(?!\}))*%\}/, 'comment'],
  ],
};

const grammarOf = (syntax: Syntax): languages.IMonarchLanguage => ({
  defaultToken: '',
  keywords: [...catalogueOf(syntax).statements.keys(), ...words[syntax].split(' ')].flatMap((word) => [
    word,
    `end${word}`,
  ]),
  tokenizer: {
    root: [
      ...commentRules[syntax],
      [/\{%[-+]?\s*raw\s*[-+]?%\}/, { token: 'keyword.tag', next: '@raw' }],
      [/\{%[-+]?/, { token: 'delimiter.tag', next: '@statement' }],
      [/\{\{[-+]?/, { token: 'delimiter.tag', next: '@expression' }],
      [/[^{]+/, ''],
      [/\{/, ''],
    ],
    raw: [
      [/\{%[-+]?\s*endraw\s*[-+]?%\}/, { token: 'keyword.tag', next: '@pop' }],
      [/[^{]+|\{/, ''],
    ],
    comment: [
      [/-?#\}/, { token: 'comment', next: '@pop' }],
      [/[^#-]+|[#-]/, 'comment'],
    ],
    commentBlock: [
      [/\{%-?\s*endcomment\s*-?%\}/, { token: 'comment', next: '@pop' }],
      [/[^{]+|\{/, 'comment'],
    ],
    statement: [[/[-+]?%\}/, { token: 'delimiter.tag', next: '@pop' }], { include: '@inside' }],
    expression: [[/[-+]?\}\}/, { token: 'delimiter.tag', next: '@pop' }], { include: '@inside' }],
    inside: [
      [/\s+/, ''],
      [/(\|)(\s*)([A-Za-z_]\w*)/, ['operator', '', 'filter']],
      [/(\.)([A-Za-z_]\w*)/, ['operator', 'variable']],
      [/[A-Za-z_]\w*/, { cases: { '@keywords': 'keyword.tag', '@default': 'variable' } }],
      [/\d+(\.\d+)?([eE][+-]?\d+)?/, 'number'],
      [/"([^"\\]|\\.)*"|'([^'\\]|\\.)*'/, 'string'],
      [/["']/, 'string'],
      [/[-+*/%~|=<>!.,:()[\]{}]/, 'operator'],
    ],
  },
});
