const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A snippet of the index as HTML whose only tag is `<mark>`. */
export function markSnippet(snippet: string): string {
  return snippet
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character)
    .replaceAll('\u0001', '<mark>')
    .replaceAll('\u0002', '</mark>');
}
