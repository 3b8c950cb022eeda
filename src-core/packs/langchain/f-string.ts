import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { joinPieces, type Piece } from '../text/escape-text.ts';
import { jinjaMember, jinjaString } from '../text/jinja-source.ts';
import type { InputNames } from '../text/names.ts';

export interface ConvertedFString {
  readonly template: string;
  /** Inputs of which the template shows a type. */
  readonly inputs: readonly InputDraft[];
}

const field = /^([^.[\]!:{}]+)((?:\.[^.[\]!:{}]+|\[[^\]{}]+\])*)(![rsa])?(?::([\s\S]*))?$/;
const name = /^\s*[\p{XID_Start}_][\p{XID_Continue}-]*\s*$|^\d+$/u;

/** Jinja that prints what Python's `format` does. Braces that hold no field are text. */
export function fStringToJinja(text: string, names: InputNames, losses: Losses): ConvertedFString {
  const pieces: Piece[] = [];
  const types = new Map<string, InputDraft>();
  let at = 0;
  let plain = '';
  while (at < text.length) {
    const character = text[at]!;
    if ((character === '{' || character === '}') && text[at + 1] === character) {
      plain += character;
      at += 2;
      continue;
    }
    const end = character === '{' ? fieldEnd(text, at) : -1;
    const converted = end === -1 ? null : convertField(text.slice(at + 1, end), names, types, losses);
    if (converted === null) {
      plain += character;
      at += 1;
      continue;
    }
    pieces.push({ text: plain }, { jinja: converted });
    plain = '';
    at = end + 1;
  }
  return { template: joinPieces([...pieces, { text: plain }]), inputs: [...types.values()] };
}

/** Longest field that is looked at; a brace that is open for longer is text. */
const longestField = 1_000;

function fieldEnd(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < Math.min(text.length, open + longestField); at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

function convertField(
  source: string,
  names: InputNames,
  types: Map<string, InputDraft>,
  losses: Losses,
): string | null {
  const [, head = '', path = '', conversion, spec = ''] = field.exec(source) ?? [];
  if (!name.test(head)) return null;
  const input = names.legal(head.trim());
  const keys = [...path.matchAll(/\.([^.[\]]+)|\[([^\]]+)\]/g)].map(([, attribute, item]) => attribute ?? item ?? '');
  const value = keys.reduce(jinjaMember, input);
  if (keys[0] !== undefined) {
    const isList = /^\d+$/.test(keys[0]) && path.startsWith('[');
    types.set(input, { name: input, type: 'object', ...(isList && { schema: { type: 'array' } }) });
  }
  const format = spec === '' ? null : percentFormat(spec);
  if ((conversion !== undefined && conversion !== '!s') || (spec !== '' && format === null))
    losses.add(
      'approximated',
      'format-spec',
      `{${source}}`,
      'The value is printed plainly, as far as Jinja has no such format.',
    );
  if (format === null) return `{{ ${value} }}`;
  if (/[dfeg]$/.test(format) && keys.length === 0) types.set(input, { name: input, type: 'number' });
  return `{{ ${jinjaString(format)} | format(${value}) }}`;
}

/** The same as a format with "%", where there is one. */
function percentFormat(spec: string): string | null {
  const [, align = '', sign = '', zero = '', width = '', precision = '', type = ''] =
    /^([<>]?)(\+?)(0?)(\d*)((?:\.\d+)?)([sdfeg]?)$/.exec(spec) ?? [];
  if (align + sign + zero + width + precision + type === '') return null;
  const kind = type === '' ? 's' : type;
  if (kind === 's' && (sign !== '' || zero !== '' || (width !== '' && align === ''))) return null;
  return `%${align === '<' ? '-' : ''}${sign}${zero}${width}${precision}${kind}`;
}
