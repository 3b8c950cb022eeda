import 'monaco-editor/editor/browser/coreCommands.js';
import 'monaco-editor/features/anchorSelect/register.js';
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/codeAction/register.js';
import 'monaco-editor/features/codicon/register.js';
import 'monaco-editor/features/comment/register.js';
import 'monaco-editor/features/contextmenu/register.js';
import 'monaco-editor/features/cursorUndo/register.js';
import 'monaco-editor/features/diffEditor/register.js';
import 'monaco-editor/features/dnd/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/folding/register.js';
import 'monaco-editor/features/format/register.js';
import 'monaco-editor/features/gotoError/register.js';
import 'monaco-editor/features/gotoSymbol/register.js';
import 'monaco-editor/features/hover/register.js';
import 'monaco-editor/features/indentation/register.js';
import 'monaco-editor/features/lineSelection/register.js';
import 'monaco-editor/features/linesOperations/register.js';
import 'monaco-editor/features/multicursor/register.js';
import 'monaco-editor/features/parameterHints/register.js';
import 'monaco-editor/features/placeholderText/register.js';
import 'monaco-editor/features/referenceSearch/register.js';
import 'monaco-editor/features/rename/register.js';
import 'monaco-editor/features/smartSelect/register.js';
import 'monaco-editor/features/snippet/register.js';
// The completion list itself; `features/suggest` brings only its inline kind.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
import 'monaco-editor/features/toggleTabFocusMode/register.js';
import 'monaco-editor/features/tokenization/register.js';
import 'monaco-editor/features/unicodeHighlighter/register.js';
import 'monaco-editor/features/wordOperations/register.js';
import { loader } from '@monaco-editor/react';
import * as monaco from 'monaco-editor/editor/editor.api.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import { StandaloneServices } from 'monaco-editor/editor/standalone/browser/standaloneServices.js';
import { IStorageService } from 'monaco-editor/platform/storage/common/storage.js';
import { currentTheme, onTheme, type Theme } from '../components/theme.ts';
import { registerJson } from './json-language.ts';
import { registerTemplateLanguage } from './template/template-language.ts';
import { defineThemes } from './themes.ts';
import './monaco.css';

// Served with the window, so that nothing is fetched from elsewhere and the content security policy needs no exception.
self.MonacoEnvironment = {
  getWorker: () => new EditorWorker(),
};

// The documentation beside the completion list is open at first, because few know all filters and tests.
StandaloneServices.get(IStorageService).store('expandSuggestionDocs', true, 0, 0);

// Monaco's default keys for it start with the key of the command palette.
monaco.editor.addKeybindingRule({
  keybinding: monaco.KeyMod.Shift | monaco.KeyCode.F1,
  command: 'editor.action.showHover',
  when: 'editorTextFocus',
});

defineThemes(monaco);
registerTemplateLanguage(monaco);
registerJson(monaco);
const showTheme = (theme: Theme) => monaco.editor.setTheme(`promptdev-${theme}`);
showTheme(currentTheme());
onTheme(showTheme);

// Without this the loader would fetch Monaco from a CDN.
loader.config({ monaco });

export { monaco };
