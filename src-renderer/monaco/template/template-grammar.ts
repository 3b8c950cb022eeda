import type { languages } from 'monaco-editor/editor/editor.api.js';
import type { Syntax } from '../../../src-core/contract/content.ts';
import { catalogueOf } from '../../../src-core/templates/builtins/catalogue.ts';

/** Words inside of tags that are no names. */
const words: Readonly<Record<Syntax, string>> = {
  jinja:
    'in is not and or as else if import with without context ignore missing recursive scoped required true false none True False None',
  nunjucks: 'in is not and or as else if import with without context ignore missing true false none null undefined',
  liquid: 'in and or with for as limit offset reversed cols contains true false nil null empty blank',
};

/** Words that begin a tag, beside the statements and what ends them. */
const branches: Readonly<Record<Syntax, readonly string[]>> = {
  jinja: ['else', 'elif'],
  liquid: ['else', 'elsif', 'when'],
  nunjucks: ['else', 'elif', 'elseif', 'case', 'default', 'endeach', 'endall'],
};

/** Jinja comments are `{# #}`; in Liquid those are text, and `{% comment %}` is the comment. */
const commentRules: Readonly<Record<Syntax, languages.IMonarchLanguageRule[]>> = {
  jinja: [[/\{#-?/, { token: 'comment', next: '@comment' }]],
  nunjucks: [[/\{#-?/, { token: 'comment', next: '@comment' }]],
  liquid: [
    [/\{%-?\s*(?:comment|doc)\s*-?%\}/, { token: 'comment', next: '@commentBlock' }],
    [/\{%-?\s*#(?:[^%]|%(?!\}))*%\}/, 'comment'],
  ],
};

/**
 * The text of a prompt is tokenised as a string, so that Monaco neither closes quotes in it nor matches its brackets.
 */
const text = 'string.text';

/** The colours of a template syntax. */
export function grammarOf(syntax: Syntax): languages.IMonarchLanguage {
  const statements = [...catalogueOf(syntax).statements.keys()];
  const raw = syntax === 'nunjucks' ? 'raw|verbatim' : 'raw';
  return {
    defaultToken: '',
    keywords: words[syntax].split(' '),
    statements: [...statements, ...statements.map((name) => `end${name}`), ...branches[syntax]],
    tokenizer: {
      root: [
        ...commentRules[syntax],
        [
          new RegExp(`(\\{%[-+]?)(\\s*)(${raw})(\\s*)([-+]?%\\})`),
          ['delimiter.tag', '', 'keyword.tag', '', { token: 'delimiter.tag', next: '@raw' }],
        ],
        [/\{%[-+]?/, { token: 'delimiter.tag', next: '@statementName' }],
        [/\{\{[-+]?/, { token: 'delimiter.tag', next: '@expression' }],
        [/[^{]+/, text],
        [/\{/, text],
      ],
      raw: [
        [
          /(\{%[-+]?)(\s*)(endraw|endverbatim)(\s*)([-+]?%\})/,
          ['delimiter.tag', '', 'keyword.tag', '', { token: 'delimiter.tag', next: '@pop' }],
        ],
        [/[^{]+|\{/, text],
      ],
      comment: [
        [/-?#\}/, { token: 'comment', next: '@pop' }],
        [/[^#-]+|[#-]/, 'comment'],
      ],
      commentBlock: [
        [/\{%-?\s*end(?:comment|doc)\s*-?%\}/, { token: 'comment', next: '@pop' }],
        [/[^{]+|\{/, 'comment'],
      ],
      statementName: [
        [/\s+/, ''],
        [
          /[A-Za-z_\u00aa-\uffff][\w\u00aa-\uffff]*/,
          {
            cases: {
              '@statements': { token: 'keyword.tag', switchTo: '@statement' },
              '@default': { token: 'variable', switchTo: '@statement' },
            },
          },
        ],
        [/(?=\S)/, { token: '', switchTo: '@statement' }],
      ],
      statement: [[/[-+]?%\}/, { token: 'delimiter.tag', next: '@pop' }], { include: '@inside' }],
      expression: [[/[-+]?\}\}/, { token: 'delimiter.tag', next: '@pop' }], { include: '@inside' }],
      inside: [
        [/\s+/, ''],
        [/(\|)(\s*)([A-Za-z_\u00aa-\uffff][\w\u00aa-\uffff]*)/, ['operator', '', 'filter']],
        [
          /(is)(\s+)(not)(\s+)([A-Za-z_\u00aa-\uffff][\w\u00aa-\uffff]*)/,
          ['keyword.tag', '', 'keyword.tag', '', 'filter'],
        ],
        [/(is)(\s+)(?!not\b)([A-Za-z_\u00aa-\uffff][\w\u00aa-\uffff]*)/, ['keyword.tag', '', 'filter']],
        [/(\.)([A-Za-z_\u00aa-\uffff][\w\u00aa-\uffff]*)(?=\s*\()/, ['operator', 'function']],
        [/(\.)([A-Za-z_\u00aa-\uffff][\w\u00aa-\uffff]*)/, ['operator', 'variable']],
        [
          /[A-Za-z_\u00aa-\uffff][\w\u00aa-\uffff]*(?=\s*\()/,
          { cases: { '@keywords': 'keyword.tag', '@default': 'function' } },
        ],
        [
          syntax === 'liquid'
            ? /[A-Za-z_\u00aa-\uffff](?:[\w\u00aa-\uffff]|-(?=[\w\u00aa-\uffff]))*\??/
            : /[A-Za-z_\u00aa-\uffff][\w\u00aa-\uffff]*/,
          { cases: { '@keywords': 'keyword.tag', '@default': 'variable' } },
        ],
        [/\d+(\.\d+)?([eE][+-]?\d+)?/, 'number'],
        [/"([^"\\]|\\.)*"|'([^'\\]|\\.)*'/, 'string'],
        // A string that does not end before its tag is most likely still being typed.
        [/["'](?=[^"']*[%}]\})/, 'string'],
        [/"/, { token: 'string', next: '@doubleQuoted' }],
        [/'/, { token: 'string', next: '@singleQuoted' }],
        // The closing brace of a dict must not end the tag.
        [/\{/, { token: 'operator', next: '@dict' }],
        [/[-+*/%~|=<>!.,:()[\]}]/, 'operator'],
      ],
      dict: [[/\}/, { token: 'operator', next: '@pop' }], { include: '@inside' }],
      doubleQuoted: [
        [/[^"\\]+|\\./, 'string'],
        [/"/, { token: 'string', next: '@pop' }],
      ],
      singleQuoted: [
        [/[^'\\]+|\\./, 'string'],
        [/'/, { token: 'string', next: '@pop' }],
      ],
    },
  };
}
