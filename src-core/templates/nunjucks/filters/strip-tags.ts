import type { Runtime } from '../../runtime/execution/runtime.ts';

const tagStart = /<\/?[a-z][a-z0-9]*|<!--/gi;

/** Nunjucks' `striptags`: without tags and comments of HTML; runs of blanks become one. */
export function stripTags(runtime: Runtime, text: string, keepsLines: boolean): string {
  runtime.look(8 * text.length);
  const plain = withoutTags(text).trim();
  if (!keepsLines) return plain.replace(/\s+/g, ' ');
  return plain
    .split(/(\r\n|[\n\r\u2028\u2029])/)
    .map((line, index) => (index % 2 === 1 ? line : trimSpaces(line)))
    .join('')
    .replace(/ +/g, ' ')
    .replaceAll('\r\n', '\n')
    .replace(/\n{3,}/g, '\n\n');
}

function trimSpaces(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && line[start] === ' ') start += 1;
  while (end > start && line[end - 1] === ' ') end -= 1;
  return line.slice(start, end);
}

/** The pattern `<\/?([a-z][a-z0-9]*)\b[^>]*>|<!--[\s\S]*?-->` as a search that takes linear time. */
function withoutTags(text: string): string {
  let result = '';
  let from = 0;
  tagStart.lastIndex = 0;
  // Ends that were not found once need not be searched for again.
  const missing = new Set<string>();
  for (let match = tagStart.exec(text); match !== null; match = tagStart.exec(text)) {
    const isComment = match[0] === '<!--';
    const after = match.index + match[0].length;
    const close = isComment ? '-->' : '>';
    if (!isComment && /\w/.test(text[after] ?? '')) continue;
    const end = missing.has(close) ? -1 : text.indexOf(close, after);
    if (end === -1) {
      missing.add(close);
      continue;
    }
    result += text.slice(from, match.index);
    from = end + close.length;
    tagStart.lastIndex = from;
  }
  return result + text.slice(from);
}
