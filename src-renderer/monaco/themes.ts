import type { Monaco } from './load.ts';

/** The two colour schemes of the text editor; colours as in `styles.css`, which Monaco cannot read. */
export function defineThemes(monaco: Monaco): void {
  monaco.editor.defineTheme('promptdev-light', {
    base: 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: '1b2120' },
      { token: 'delimiter.tag', foreground: '0b7268', fontStyle: 'bold' },
      { token: 'variable', foreground: '1f62c0' },
      { token: 'keyword.tag', foreground: '8c2f9c' },
      { token: 'filter', foreground: '0a655c' },
      { token: 'string', foreground: '8f5a00' },
      { token: 'number', foreground: 'a03a10' },
      { token: 'operator', foreground: '525d5b' },
      { token: 'comment', foreground: '66716f', fontStyle: 'italic' },
    ],
    colors: {
      'editor.background': '#ffffff',
      'editorLineNumber.foreground': '#75807e',
      'editorLineNumber.activeForeground': '#525d5b',
      'editor.selectionBackground': '#bfe3de',
      'editorWidget.background': '#ffffff',
      'editorWidget.border': '#cbd1d0',
      'editorSuggestWidget.selectedBackground': '#e4e8e7',
      'editorSuggestWidget.selectedForeground': '#1b2120',
      'editorSuggestWidget.highlightForeground': '#0a655c',
      'editorSuggestWidget.focusHighlightForeground': '#0a655c',
      focusBorder: '#0b7268',
    },
  });
  monaco.editor.defineTheme('promptdev-dark', {
    base: 'vs-dark',
    inherit: true,
    rules: [
      { token: '', foreground: 'e5eae9' },
      { token: 'delimiter.tag', foreground: '5ad1c1', fontStyle: 'bold' },
      { token: 'variable', foreground: '8ab8f9' },
      { token: 'keyword.tag', foreground: 'd7a1e8' },
      { token: 'filter', foreground: '5ad1c1' },
      { token: 'string', foreground: 'e3b25a' },
      { token: 'number', foreground: 'f0a080' },
      { token: 'operator', foreground: 'a5b0ae' },
      { token: 'comment', foreground: '8c9896', fontStyle: 'italic' },
    ],
    colors: {
      'editor.background': '#151818',
      'editorLineNumber.foreground': '#7d8987',
      'editorLineNumber.activeForeground': '#a5b0ae',
      'editor.selectionBackground': '#1f4f49',
      'editorWidget.background': '#222727',
      'editorWidget.border': '#3d4545',
      'editorSuggestWidget.selectedBackground': '#2e3535',
      'editorSuggestWidget.selectedForeground': '#e5eae9',
      'editorSuggestWidget.highlightForeground': '#5ad1c1',
      'editorSuggestWidget.focusHighlightForeground': '#5ad1c1',
      focusBorder: '#34c0ae',
    },
  });
}
