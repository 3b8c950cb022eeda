import { createTokenizationSupport } from 'monaco-editor/languages/features/json/tokenization.js';
import type { Monaco } from './load.ts';

/**
 * JSON with colours and indentation only. Monaco's own JSON mode loads all contributions when the first JSON text is
 * shown, after its services were made, and every later editor then misses some services.
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
