import type { Plugin } from 'vite';

const events = '\0events-of-nunjucks';

/**
 * The file of nunjucks' parser also has a class that needs Node's `events`, which browsers lack and the parser never
 * uses: it is replaced by an empty class.
 */
export function plainNunjucks(): Plugin {
  return {
    name: 'plain-nunjucks',
    enforce: 'pre',
    resolveId: (id, importer) => (id === 'events' && importer?.includes('/nunjucks/src/') ? events : null),
    load: (id) => (id === events ? 'module.exports = function () {};' : null),
  };
}
