import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { endOfBlock, joinPieces, type Piece } from '../text/escape-text.ts';
import { freeVariable, jinjaMember, jinjaString } from '../text/jinja-source.ts';
import { type InputNames, promptName } from '../text/names.ts';
import { type MustacheNode, parseMustache } from './parse-mustache.ts';
import { directHeads, type MustacheType, surveyMustache } from './section-types.ts';

export interface ConvertedMustache {
  readonly template: string;
  /** What the template reads, in the order of first use, with types as far as the template shows them. */
  readonly inputs: readonly InputDraft[];
}

/** A section that the walk is in. */
interface Scope {
  readonly item: string;
  /** Names that the section itself reads: members of the item come before what lies further out. */
  readonly own: ReadonlySet<string>;
}

/**
 * Jinja that prints what a Mustache template does, without HTML escapes. `types` are those that a file declares, by the
 * names of the file: they say what a section over a name means, and that a name inside a section may be an input. What is
 * not declared is told by its use. Throws a `refusal` for what is no Mustache, and for other delimiters.
 */
export function mustacheToJinja(
  text: string,
  names: InputNames,
  losses: Losses,
  types: ReadonlyMap<string, MustacheType> = new Map(),
): ConvertedMustache {
  const nodes = parseMustache(text);
  const { all, outside, sections } = surveyMustache(nodes, types);
  const isInput = (head: string) => types.has(head) || outside.has(head);
  const used = new Set([...all, ...[...all].filter(isInput).map((head) => names.legal(head))]);
  const inputs = new Map<string, InputDraft>();

  const declare = (head: string, hasMembers: boolean): string => {
    const name = names.legal(head);
    const type = types.get(head) ?? (hasMembers ? 'object' : sections.get(head));
    const isList = type === 'array' && sections.has(head) && inputs.get(name)?.schema?.type !== 'array';
    if (!inputs.has(name) || hasMembers || isList) inputs.set(name, draftOf(name, type, sections.has(head)));
    return name;
  };

  /** What a name means at a place; sections are looked through from the inside out. */
  const resolve = (name: string, scopes: readonly Scope[]): string => {
    if (name === '.') return scopes.at(-1)?.item ?? declare('.', false);
    const [head = '', ...rest] = name.split('.').filter((part) => part !== '');
    const found = scopes
      .filter(({ own }) => own.has(head))
      .toReversed()
      .map(({ item }) => jinjaMember(item, head));
    if (found.length === 0 || isInput(head)) found.push(declare(head, rest.length > 0));
    const value = found.reduceRight((otherwise, each) => `(${each} if ${each} is defined else ${otherwise})`);
    return rest.reduce(jinjaMember, value);
  };

  const convert = (body: readonly MustacheNode[], scopes: readonly Scope[], isInside = scopes.length > 0): string =>
    joinPieces([...body.map((node) => pieceOf(node, scopes)), ...(isInside ? [endOfBlock] : [])]);

  const pieceOf = (node: MustacheNode, scopes: readonly Scope[]): Piece => {
    switch (node.kind) {
      case 'text':
        return { text: node.text };
      case 'variable':
        return { jinja: printed(resolve(node.name, scopes), types.get(node.name)) };
      case 'partial':
        return { jinja: include(node.name, node.indent) };
      case 'inverted': {
        const value = resolve(node.name, scopes);
        const isTrue = sections.get(node.name) === 'object' ? `(${value} or ${value} is mapping)` : value;
        return { jinja: `{% if not ${isTrue} %}${convert(node.body, scopes, true)}{% endif %}` };
      }
      case 'section':
        return { jinja: section(node, scopes) };
    }
  };

  const section = ({ name, line, body }: Section, scopes: readonly Scope[]): string => {
    const type = sections.get(name) ?? 'boolean';
    const value = resolve(name, scopes);
    const why = 'A section is a loop, a condition or a context by the value that comes; here it is';
    losses.add('approximated', 'mustache-section', name, `${why} ${meanings[type]}.`, line);
    if (type !== 'array' && type !== 'object')
      return `{% if ${value} %}${convert(body, [...scopes, { item: value, own: new Set() }])}{% endif %}`;
    const item = freeVariable('item', used);
    const inner = convert(body, [...scopes, { item, own: directHeads(body) }]);
    if (type === 'array') {
      const isKnown = scopes.length === 0 || types.has(name);
      return `{% for ${item} in ${isKnown ? value : asList(value)} %}${inner}{% endfor %}`;
    }
    // An empty object is true in JavaScript.
    return `{% with ${item} = ${value} %}{% if ${item} or ${item} is mapping %}${inner}{% endif %}{% endwith %}`;
  };

  const include = (name: string, indent: string): string => {
    const tag = `{% include ${jinjaString(promptName(name))} %}`;
    return indent === '' ? tag : `{% filter indent(${jinjaString(indent)}, true) %}${tag}{% endfilter %}`;
  };

  const template = convert(nodes, []);
  return { template, inputs: [...inputs.values()] };

  function draftOf(name: string, type: MustacheType | undefined, isSection: boolean): InputDraft {
    // A section without a value is left out, so its value may be absent.
    const required = isSection ? { required: false } : {};
    if (type === 'array') return { name, type: 'object', schema: { type: 'array' }, ...required };
    return { name, type: type ?? 'string', ...required };
  }
}

type Section = Extract<MustacheNode, { readonly kind: 'section' | 'inverted' }>;

const meanings: Readonly<Record<MustacheType, string>> = {
  array: 'a loop',
  object: 'a context',
  boolean: 'a condition',
  string: 'a condition',
  number: 'a condition',
};

/** A value of unknown type as what a section loops over: the items of a list, else the value itself unless it is false. */
function asList(value: string): string {
  const isList = `${value} is iterable and ${value} is not string and ${value} is not mapping`;
  return `(${value} if ${isList} else ([${value}] if ${value} or ${value} is mapping else []))`;
}

/** As JavaScript prints it. */
function printed(value: string, type: MustacheType | undefined): string {
  if (type === 'boolean') return `{{ ${value} | lower }}`;
  return type === 'array' ? `{{ ${value} | join(",") }}` : `{{ ${value} }}`;
}
