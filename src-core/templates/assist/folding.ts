/** Lines that can be folded into their first one, counted from 1. */
export interface Fold {
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
}

const tags = /\{#[\s\S]*?#\}|\{%[-+]?\s*(?:(raw|comment|doc)\s*[-+]?%\}[\s\S]*?\{%[-+]?\s*end\1|(\w+)([^%]*))/g;
const opening = /^(?:if|for|macro|call|filter|with|block|autoescape|generation|capture|case|unless|tablerow|set)$/;
const dividing = /^(?:else|elif|elsif|when)$/;

/** What can be folded in a template: blocks, each branch of them, long comments, and the sections under Markdown headings. */
export function foldsOf(source: string): readonly Fold[] {
  const lineOf = lineFinder(source);
  const folds: Fold[] = [];
  const add = (start: number, end: number, isComment = false) => {
    if (end > start) folds.push({ start, end, isComment });
  };
  const open: { readonly name: string; line: number }[] = [];
  for (const { 0: tag, index, 1: whole, 2: name = '', 3: rest = '' } of source.matchAll(tags)) {
    const line = lineOf(index);
    if (tag.startsWith('{#') || whole !== undefined) {
      add(line, lineOf(index + tag.length - 1) - (whole === 'raw' ? 1 : 0), whole !== 'raw');
    } else if (name.startsWith('end')) {
      const at = open.findLastIndex((block) => block.name === name.slice(3));
      if (at < 0) continue;
      add(open[at]?.line ?? line, line - 1);
      open.length = at;
    } else if (dividing.test(name)) {
      const block = open.at(-1);
      if (block === undefined) continue;
      add(block.line, line - 1);
      block.line = line;
    } else if (opening.test(name) && !(name === 'set' && rest.includes('='))) open.push({ name, line });
  }
  return [...folds, ...sections(source)];
}

function sections(source: string): readonly Fold[] {
  const lines = source.split('\n');
  const headings = lines.flatMap((line, at) => {
    const level = /^(#{1,6}) \S/.exec(line)?.[1]?.length;
    return level === undefined ? [] : [{ level, line: at + 1 }];
  });
  return headings.flatMap(({ level, line }, at) => {
    const next = headings.slice(at + 1).find((other) => other.level <= level);
    let end = next === undefined ? lines.length : next.line - 1;
    while (end > line && lines[end - 1]?.trim() === '') end -= 1;
    return end > line ? [{ start: line, end, isComment: false }] : [];
  });
}

/** Maps offsets to lines; they must be asked for in rising order. */
function lineFinder(source: string): (offset: number) => number {
  let line = 1;
  let counted = 0;
  return (offset) => {
    for (; counted < offset; counted += 1) if (source[counted] === '\n') line += 1;
    return line;
  };
}
