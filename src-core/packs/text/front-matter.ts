/** Front matter as it stands, not parsed: formats read it in different ways. */
export interface FrontMatter {
  /** Between the two lines of `---`, without the comment lines before the first. */
  readonly yaml: string;
  /** Line of the file on which `yaml` begins, from 1. */
  readonly yamlLine: number;
  /** All behind the closing line, as it is. */
  readonly body: string;
  /** Line of the file on which `body` begins, from 1. */
  readonly bodyLine: number;
  /** The whole file stood in a fence of ``` (some editors' chat answers are saved so). */
  readonly fenced: boolean;
}

const rule = /^---[ \t]*$/;
const fence = /^(`{3,}|~{3,})[\w-]*[ \t]*$/;

/**
 * The first pair of `---` lines; later ones are text. Blank lines and `#` comment lines may stand before, the closing line
 * may be the end of the file, and the whole file may stand in a fence. Null when there is none.
 */
export function splitFrontMatter(text: string): FrontMatter | null {
  const lines = text.split(/\r?\n/);
  let start = 0;
  while (start < lines.length && lines[start]!.trim() === '') start += 1;
  const opened = fence.exec(lines[start] ?? '')?.[1];
  let end = lines.length;
  if (opened !== undefined) {
    while (end > start && lines[end - 1]!.trim() === '') end -= 1;
    if (end - 1 <= start || lines[end - 1]!.trim() !== opened) return null;
    end -= 1;
    start += 1;
  }
  while (start < end && (lines[start]!.trim() === '' || lines[start]!.startsWith('#'))) start += 1;
  if (start >= end || !rule.test(lines[start]!)) return null;
  let close = start + 1;
  while (close < end && !rule.test(lines[close]!)) close += 1;
  if (close >= end) return null;
  return {
    yaml: lines.slice(start + 1, close).join('\n'),
    yamlLine: start + 2,
    body: lines.slice(close + 1, end).join('\n'),
    bodyLine: close + 2,
    fenced: opened !== undefined,
  };
}
