import type { languages } from 'monaco-editor/editor/editor.api.js';
import { templateLanguageIds } from './language-ids.ts';
import type { Monaco } from './load.ts';
import { registerCompletions } from './template-completions.ts';
import { filterDocs, globalDocs, statementDocs, testDocs } from './template-docs.ts';

/** Teaches Monaco both template syntaxes: colours, brackets, completion and hover. */
export function registerTemplateLanguage(monaco: Monaco): void {
  for (const id of Object.values(templateLanguageIds)) {
    monaco.languages.register({ id });
    monaco.languages.setMonarchTokensProvider(id, grammar);
    monaco.languages.setLanguageConfiguration(id, configuration);
    registerCompletions(monaco, id);
  }
}

const configuration: languages.LanguageConfiguration = {
  comments: { blockComment: ['{#', '#}'] },
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
};

const keywords = [
  ...Object.keys(statementDocs),
  ...[
    'in',
    'is',
    'not',
    'and',
    'or',
    'as',
    'else',
    'elif',
    'import',
    'with',
    'without',
    'context',
    'ignore',
    'missing',
    'recursive',
    'scoped',
    'required',
  ],
  ...['true', 'false', 'none', 'True', 'False', 'None'],
  // Liquid's own.
  ...[
    'assign',
    'capture',
    'case',
    'when',
    'unless',
    'elsif',
    'render',
    'increment',
    'decrement',
    'tablerow',
    'limit',
    'offset',
    'contains',
    'nil',
    'empty',
    'blank',
  ],
];

const grammar: languages.IMonarchLanguage = {
  defaultToken: '',
  keywords: [...new Set(keywords.flatMap((word) => [word, `end${word}`]))],
  filters: Object.keys(filterDocs),
  tests: Object.keys(testDocs),
  globals: Object.keys(globalDocs),
  tokenizer: {
    root: [
      [/\{#-?/, { token: 'comment', next: '@comment' }],
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
};
