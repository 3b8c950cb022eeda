import { refusal } from '../refusal.ts';

/** A tag of Mustache, or the text between two. */
export type MustacheNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly line: number }
  | {
      readonly kind: 'section' | 'inverted';
      readonly name: string;
      readonly line: number;
      readonly body: readonly MustacheNode[];
    }
  | { readonly kind: 'partial'; readonly name: string; readonly indent: string; readonly line: number };

interface Tag {
  readonly sigil: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Sections inside each other; above, no template is meant. */
const deepest = 50;

/**
 * Reads a Mustache template after the language's specification: a section, an inverted section, a comment and a partial
 * that stand alone on a line take the line with them. Throws a `refusal` for other delimiters and for tags that do not close.
 */
export function parseMustache(template: string): readonly MustacheNode[] {
  const root: MustacheNode[] = [];
  const open: { readonly tag: Tag; readonly body: MustacheNode[] }[] = [];
  let at = 0;
  const body = () => open.at(-1)?.body ?? root;
  const text = (end: number) => {
    if (end > at) body().push({ kind: 'text', text: template.slice(at, end) });
  };
  for (const tag of tagsOf(template)) {
    const alone = aloneOnLine(template, tag);
    text(alone?.start ?? tag.start);
    at = alone?.end ?? tag.end;
    const { name, line } = tag;
    switch (tag.sigil) {
      case '!':
        break;
      case '=':
        throw refusal(`Other delimiters than "{{" and "}}" are not read, line ${line}.`, { reason: 'mustache', line });
      case '#':
      case '^':
        if (open.length >= deepest)
          throw refusal(`Line ${line}: sections nest more than ${deepest} levels deep.`, { reason: 'mustache', line });
        open.push({ tag, body: [] });
        break;
      case '/': {
        const closed = open.pop();
        if (closed === undefined || closed.tag.name !== name)
          throw refusal(
            closed === undefined
              ? `Line ${line}: {{/${name}}} closes a section that was not opened.`
              : `Line ${line}: {{/${name}}} stands where {{/${closed.tag.name}}} was expected.`,
            { reason: 'mustache', line },
          );
        const kind = closed.tag.sigil === '#' ? 'section' : 'inverted';
        body().push({ kind, name, line: closed.tag.line, body: closed.body });
        break;
      }
      case '>': {
        const indent = alone === null ? '' : template.slice(alone.start, tag.start);
        body().push({ kind: 'partial', name, indent, line });
        break;
      }
      default:
        body().push({ kind: 'variable', name, line });
    }
  }
  text(template.length);
  const left = open.at(-1);
  if (left !== undefined)
    throw refusal(`The section {{#${left.tag.name}}} of line ${left.tag.line} is never closed.`, {
      reason: 'mustache',
      line: left.tag.line,
    });
  return root;
}

function* tagsOf(template: string): Generator<Tag> {
  let at = 0;
  let line = 1;
  let newline = template.indexOf('\n');
  for (;;) {
    const start = template.indexOf('{{', at);
    if (start < 0) return;
    for (; newline >= 0 && newline < start; newline = template.indexOf('\n', newline + 1)) line += 1;
    const first = /\S/.exec(template.slice(start + 2, start + 200))?.[0] ?? '';
    const sigil = template[start + 2] === '{' ? '{' : '!#^/>&='.includes(first) ? first : '';
    const closing = sigil === '{' ? '}}}' : sigil === '=' ? '=}}' : '}}';
    const inner = start + 2 + (sigil === '' ? 0 : template.indexOf(sigil, start + 2) - start - 1);
    const close = template.indexOf(closing, inner);
    if (close < 0)
      throw refusal(`The tag that "{{" opens in line ${line} is never closed.`, { reason: 'mustache', line });
    const name = template.slice(inner, close).trim();
    if (name === '' && sigil !== '!') throw refusal(`Line ${line}: the tag has no name.`, { reason: 'mustache', line });
    at = close + closing.length;
    yield { sigil, name, start, end: at, line };
  }
}

/** The stretch that a tag takes away when it stands alone on its line. */
function aloneOnLine(
  template: string,
  { sigil, start, end }: Tag,
): { readonly start: number; readonly end: number } | null {
  if (sigil === '' || sigil === '{' || sigil === '&') return null;
  let from = start;
  while (from > 0 && isBlank(template[from - 1])) from -= 1;
  if (from > 0 && template[from - 1] !== '\n') return null;
  let to = end;
  while (isBlank(template[to])) to += 1;
  if (template[to] === '\r' && template[to + 1] === '\n') to += 1;
  if (to < template.length && template[to] !== '\n') return null;
  return { start: from, end: Math.min(to + 1, template.length) };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
