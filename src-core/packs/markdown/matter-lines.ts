/**
 * Front matter that is no YAML, read line by line: `key: value`, where the value is all that stands behind the first colon.
 * Indented lines and list items below a key belong to it.
 */
export function readMatterLines(text: string): Readonly<Record<string, unknown>> {
  const entries: { readonly key: string; readonly first: string; readonly more: string[] }[] = [];
  for (const line of text.split('\n')) {
    const [, key, first = ''] = /^([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*))?$/.exec(line.trimEnd()) ?? [];
    if (key !== undefined && key !== '__proto__') entries.push({ key, first: first.trim(), more: [] });
    else if (/^(?:\s+\S|- )/.test(line)) entries.at(-1)?.more.push(line.trim());
  }
  return Object.fromEntries(entries.map(({ key, first, more }) => [key, readValue(first, more)]));
}

function readValue(first: string, more: readonly string[]): unknown {
  if (more.length > 0 && first === '' && more.every((line) => line.startsWith('- ')))
    return more.map((line) => readScalar(line.slice(2).trim()));
  if (more.length > 0) return [/^[|>][-+]?$/.test(first) ? '' : first, ...more].join(' ').trim();
  return readScalar(first);
}

function readScalar(text: string): unknown {
  const [, quoted] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  if (text.startsWith("'") && text.endsWith("'") && text.length > 1) return text.slice(1, -1);
  if (text === '') return null;
  return text === 'true' ? true : text === 'false' ? false : text;
}
