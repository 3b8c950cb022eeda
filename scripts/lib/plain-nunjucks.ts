import type { Plugin } from 'vite';

const events = '\0events-of-nunjucks';

/**
 * The parser of nunjucks shares a file with a class that needs Node's `events`, which a browser has not and the parser
 * never uses: an empty class stands in for it.
 */
export function plainNunjucks(): Plugin {
  return {
    name: 'plain-nunjucks',
    enforce: 'pre',
    resolveId: (id, importer) => (id === 'events' && importer?.includes('/nunjucks/src/') ? events : null),
    load: (id) => (id === events ? 'module.exports = function () {};' : null),
  };
}
