import { createTokenizationSupport } from 'monaco-editor/languages/features/json/tokenization.js';
import type { Monaco } from './load.ts';

/**
 * JSON as a language to colour and to indent. Monaco's own mode for it reads every contribution there is when the first
 * JSON text is shown, after the services are made, and from then on each new editor fails to find some of them.
 */
export function registerJson(monaco: Monaco): void {
  monaco.languages.register({ id: 'json' });
  monaco.languages.setTokensProvider('json', createTokenizationSupport(false));
  monaco.languages.setLanguageConfiguration('json', {
    brackets: [
      ['{', '}'],
      ['[', ']'],
    ],
    autoClosingPairs: [
      { open: '{', close: '}', notIn: ['string'] },
      { open: '[', close: ']', notIn: ['string'] },
      { open: '"', close: '"', notIn: ['string'] },
    ],
  });
}
