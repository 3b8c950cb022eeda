import type { editor } from 'monaco-editor/editor/editor.api.js';

/** What every text editor of the product has in common. */
export const editorOptions: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  minimap: { enabled: false },
  folding: false,
  glyphMargin: false,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 8,
  renderLineHighlight: 'none',
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  scrollBeyondLastLine: false,
  scrollbar: {
    alwaysConsumeMouseWheel: false,
    useShadows: false,
    verticalScrollbarSize: 8,
    horizontalScrollbarSize: 8,
  },
  padding: { top: 6, bottom: 8 },
  fixedOverflowWidgets: true,
  wordBasedSuggestions: 'off',
  quickSuggestions: { other: true, strings: true, comments: false },
  suggest: { showWords: false, preview: false },
  parameterHints: { enabled: true, cycle: true },
  occurrencesHighlight: 'off',
  selectionHighlight: false,
  links: false,
  stickyScroll: { enabled: false },
  bracketPairColorization: { enabled: false },
  guides: { indentation: false },
  renderControlCharacters: true,
  unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true, nonBasicASCII: false },
  stopRenderingLineAfter: 20_000,
  fontFamily: "'JetBrains Mono Variable', 'Joined Scripts', ui-monospace, Menlo, Consolas, monospace",
  fontLigatures: false,
  accessibilitySupport: 'auto',
};

/** The size that a person chose for texts. */
export function fontOptions(size: number) {
  return { fontSize: size, lineHeight: Math.round(size * 1.55) };
}

/** What editors of templates have beside that. */
export const templateOptions: editor.IStandaloneEditorConstructionOptions = {
  ...editorOptions,
  folding: true,
  showFoldingControls: 'mouseover',
  foldingHighlight: false,
  // Holds the light bulb of the quick fixes when its line has no room.
  glyphMargin: true,
  lightbulb: { enabled: 'on' as editor.ShowLightbulbIconMode },
  lineNumbersMinChars: 2,
  lineDecorationsWidth: 2,
};
