import type { Piece } from '../text/escape-text.ts';
import { freeVariable } from '../text/jinja-source.ts';
import { type Frame, jinjaOf, type Loop, operatorOf, rootFrame, unknownHelper, type Walk } from './handlebars-scope.ts';
import { itemOf, presentOf, shapeOf, truthOf, type Value } from './handlebars-values.ts';
import {
  type Block,
  calledName,
  type Expression,
  type Mustache,
  type Program,
  statementsOf,
} from './parse-handlebars.ts';

/** A branch of a block that a stretch of the template is in. */
export interface Guard {
  readonly block: Block;
  readonly isElse: boolean;
}

type Convert = (program: Program | undefined, frame: Frame) => string;

const conditionNames = ['if', 'unless', 'ifEquals', 'unlessEquals'];

export function isCondition(block: Block): boolean {
  return conditionNames.includes(calledName(block.path) ?? '') && block.params.length > 0;
}

/** The conditions of branches, outermost first. */
export function guardConditions(walk: Walk, guards: readonly Guard[]): readonly string[] {
  return guards.map(({ block, isElse }) => conditionOf(walk, block, rootFrame, isElse));
}

export function blockJinja(walk: Walk, block: Block, frame: Frame, convert: Convert): Piece {
  const name = calledName(block.path);
  const [first] = block.params;
  if (isCondition(block)) return { jinja: conditionJinja(walk, block, frame, convert) };
  if (name === 'each' && first !== undefined) return { jinja: eachJinja(walk, block, first, frame, convert) };
  if (name === 'with' && first !== undefined) return { jinja: withJinja(walk, block, first, frame, convert) };
  const { losses } = walk.context;
  if (name === 'raw') unknownHelper(name, losses, 'Its text stands in its place, as it is.');
  if (name === 'raw' || name === 'role') return { jinja: convert(block.program, frame) };
  if (first === undefined) {
    const why = 'A block over a value is a loop, a condition or a context by the value that comes.';
    losses.add('approximated', 'section', name ?? '', why);
    return { jinja: sectionJinja(walk, block, frame, convert) };
  }
  const operator = block.params.length === 2 ? operatorOf(name ?? '', losses) : null;
  if (operator !== null) return { jinja: conditionJinja(walk, block, frame, convert) };
  unknownHelper(name ?? '', losses, 'Its block is repeated for each item of its first value.');
  return { jinja: eachJinja(walk, block, first, frame, convert) };
}

/** `if` with all its `else if`. */
function conditionJinja(walk: Walk, block: Block, frame: Frame, convert: Convert): string {
  if (block.program === undefined)
    return `{% if ${conditionOf(walk, block, frame, true)} %}${convert(block.inverse, frame)}{% endif %}`;
  let text = `{% if ${conditionOf(walk, block, frame, false)} %}${convert(block.program, frame)}`;
  let rest = block.inverse;
  for (let next = chainedCondition(rest); next !== null; next = chainedCondition(rest)) {
    text += `{% elif ${conditionOf(walk, next, frame, false)} %}${convert(next.program, frame)}`;
    rest = next.inverse;
  }
  const otherwise = rest === undefined ? '' : `{% else %}${convert(rest, frame)}`;
  return `${text}${otherwise}{% endif %}`;
}

function chainedCondition(inverse: Program | undefined): Block | null {
  const [only, ...more] = inverse?.body ?? [];
  if (only?.type !== 'BlockStatement' || more.length > 0 || !isCondition(only)) return null;
  return only.program === undefined ? null : only;
}

/** What must be true for a branch. */
function conditionOf(walk: Walk, block: Block, frame: Frame, isElse: boolean): string {
  const name = calledName(block.path) ?? '';
  const [first, second] = block.params;
  if (name === 'if' || name === 'unless') {
    const truth = truthOf(jinjaOf(walk, first!, frame, 'tested'));
    const zero = block.hash?.pairs.some(
      ({ key, value }) => key === 'includeZero' && 'value' in value && value.value === true,
    );
    const condition = zero ? `(${truth} or ${truth} == 0)` : truth;
    return (name === 'unless') === isElse ? condition : `not ${condition}`;
  }
  const values = [first, second].map((each) =>
    each === undefined ? 'none' : jinjaOf(walk, each, frame, 'value').source,
  );
  const condition = values.join(` ${operatorOf(name, walk.context.losses) ?? '=='} `);
  return isElse ? `not (${condition})` : condition;
}

function eachJinja(walk: Walk, block: Block, list: Expression, frame: Frame, convert: Convert): string {
  const body = block.program;
  const shape = shapeOf(jinjaOf(walk, list, frame, 'value').schema);
  const isMap = shape === 'object' || (shape === 'unknown' && readsKey(body));
  const value = jinjaOf(walk, list, frame, isMap ? 'members' : readsOnlyItems(body) ? 'list-of-scalars' : 'list');
  const item = freeVariable('item', walk.used);
  const loop: Loop = { key: isMap ? freeVariable('key', walk.used) : null, index: null };
  const inner = itemOf(value, item);
  const params = new Map(frame.params);
  const [itemName, keyName] = body?.blockParams ?? [];
  if (itemName !== undefined) params.set(itemName, inner);
  if (keyName !== undefined) params.set(keyName, { source: loop.key ?? loopIndex(walk, loop) });
  const text = convert(body, { contexts: [...frame.contexts, inner], loops: [...frame.loops, loop], params });
  const index = loop.index === null ? '' : `{% set ${loop.index} = loop.index0 %}`;
  // An absent input has no turn; null, and the items of nothing, would be errors.
  const listed = isMap ? presentOf(value, '{}') : value.isInput === true ? value.source : presentOf(value, '[]');
  const target = isMap ? `${loop.key}, ${item} in ${listed}.items()` : `${item} in ${listed}`;
  const otherwise = block.inverse === undefined ? '' : `{% else %}${convert(block.inverse, frame)}`;
  return `{% for ${target} %}${index}${text}${otherwise}{% endfor %}`;
}

/** A name for the index that also loops inside can read. */
function loopIndex(walk: Walk, loop: Loop): string {
  loop.index ??= freeVariable('index', walk.used);
  return loop.index;
}

function withJinja(walk: Walk, block: Block, object: Expression, frame: Frame, convert: Convert): string {
  const value = jinjaOf(walk, object, frame, 'members');
  const [param] = block.program?.blockParams ?? [];
  const params = param === undefined ? frame.params : new Map([...frame.params, [param, value]]);
  const body = convert(block.program, { ...frame, contexts: [...frame.contexts, value], params });
  return `{% if ${contextTruth(value)} %}${body}${elseJinja(block, frame, convert)}{% endif %}`;
}

/** An object without members is true in JavaScript. */
function contextTruth(value: Value): string {
  return shapeOf(value.schema) === 'object' ? truthOf(value) : `${value.source} or ${value.source} is mapping`;
}

/** `{{#x}}…{{/x}}`: by what is known of `x`, else by what the block reads. */
function sectionJinja(walk: Walk, block: Block, frame: Frame, convert: Convert): string {
  const shape = shapeOf(jinjaOf(walk, block.path, frame, 'tested').schema);
  if (block.program === undefined) {
    const { source } = jinjaOf(walk, block.path, frame, 'tested');
    return `{% if not ${source} %}${convert(block.inverse, frame)}{% endif %}`;
  }
  if (shape === 'object') return withJinja(walk, block, block.path, frame, convert);
  const heads = bareHeads(block.program);
  const isCondition = shape === 'boolean' || shape === 'scalar' || (shape === 'unknown' && heads.size === 0);
  if (!isCondition) return eachJinja(walk, block, block.path, frame, convert);
  const { source } = jinjaOf(walk, block.path, frame, 'tested');
  return `{% if ${source} %}${convert(block.program, frame)}${elseJinja(block, frame, convert)}{% endif %}`;
}

function elseJinja({ inverse }: Block, frame: Frame, convert: Convert): string {
  return inverse === undefined ? '' : `{% else %}${convert(inverse, frame)}`;
}

/** Statements of a block that see the same context as itself: those in conditions, not those in loops. */
function* sameContext(program: Program | undefined): Generator<Mustache | Block> {
  for (const statement of program?.body ?? []) {
    if (statement.type === 'MustacheStatement') yield statement;
    if (statement.type !== 'BlockStatement') continue;
    yield statement;
    if (!isCondition(statement)) continue;
    yield* sameContext(statement.program);
    yield* sameContext(statement.inverse);
  }
}

/** First names of the current context's members that a block reads; '' is the context itself. */
function bareHeads(program: Program | undefined): ReadonlySet<string> {
  const heads = new Set<string>();
  const params = new Set(program?.blockParams ?? []);
  for (const { path, params: given } of sameContext(program)) {
    for (const each of given.length > 0 ? given : [path]) {
      if (each.type !== 'PathExpression' || each.data || each.depth > 0) continue;
      const head = String(each.parts[0] ?? '');
      if (!params.has(head)) heads.add(head);
    }
  }
  return heads;
}

/** Whether a loop prints its items as they are, so that they are texts. */
function readsOnlyItems(program: Program | undefined): boolean {
  const heads = bareHeads(program);
  const loops = [...sameContext(program)].some((each) => each.type === 'BlockStatement' && !isCondition(each));
  return heads.size === 1 && heads.has('') && !loops;
}

function readsKey(program: Program | undefined): boolean {
  return [...statementsOf(program)].some(
    (statement) =>
      (statement.type === 'MustacheStatement' || statement.type === 'BlockStatement') &&
      [statement.path, ...statement.params].some((each) => each.type === 'PathExpression' && each.original === '@key'),
  );
}
