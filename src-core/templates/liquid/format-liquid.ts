const tag = /\{(\{|%)(-?)((?:"[^"\n]*"|'[^'\n]*'|[^"'{}%\n])*?)(-?)(?:\}\}|%\})/g;
/** Whatever stands inside these is text. */
const verbatim = /\{%-?\s*(raw|comment|doc)\b[^%]*%\}[\s\S]*?\{%-?\s*end\1\s*-?%\}/g;

/** Even spacing inside simple Liquid tags of one line; everything else stays as it is. */
export function formatLiquid(source: string): string {
  let result = '';
  let copied = 0;
  for (const match of source.matchAll(verbatim)) {
    result += formatTags(source.slice(copied, match.index)) + match[0];
    copied = match.index + match[0].length;
  }
  return result + formatTags(source.slice(copied));
}

function formatTags(source: string): string {
  return source.replaceAll(tag, (whole: string, kind: string, open: string, inside: string, close: string) => {
    const closes = kind === '{' ? '}}' : '%}';
    const code = inside.trim();
    if (!whole.endsWith(closes) || code === '' || code.startsWith('#') || /^liquid\b/.test(code)) return whole;
    return `{${kind}${open} ${spacePipes(code)} ${close}${closes}`;
  });
}

/** One blank on both sides of every `|` outside of quotes. */
const spacePipes = (code: string): string =>
  code
    .split(/("[^"]*"|'[^']*')/)
    .map((part, at) => (at % 2 === 1 ? part : part.replaceAll(/ *\| */g, ' | ')))
    .join('');
