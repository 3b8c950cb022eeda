import { createLosses } from '../losses.ts';
import { jinjaString } from '../text/jinja-source.ts';
import { createInputNames, promptName } from '../text/names.ts';
import { type Frame, jinjaOf, unknownHelper, type Walk } from './handlebars-scope.ts';
import { memberOf, type Value } from './handlebars-values.ts';
import type { Partial } from './parse-handlebars.ts';

/** The name that a template gives a partial; null where it is computed. */
export function partialNameOf({ name }: Partial): string | null {
  if (name.type === 'PathExpression') return name.original;
  return name.type === 'StringLiteral' || name.type === 'NumberLiteral' ? String(name.value) : null;
}

/**
 * An include. A partial sees what stands at its place, and what it is given; an include sees the inputs, so that what is
 * given, and in a block what the partial reads, is set around it.
 */
export function partialJinja(walk: Walk, partial: Partial, frame: Frame): string {
  const { losses, partials } = walk.context;
  const name = partialNameOf(partial);
  if (name === null) {
    losses.add('dropped', 'partial', '', 'Its name is computed, so nothing says what is included.');
    return '';
  }
  const reads = partials.get(name);
  if (reads === undefined) losses.add('unresolved', 'include', name, `There is no partial "${name}" beside the file.`);
  if (partial.type === 'PartialBlockStatement')
    unknownHelper(`#> ${name}`, losses, 'The block is left out, and the partial included.');
  const bound = new Map<string, string>();
  const context = contextOf(walk, partial, frame);
  if (context !== null) {
    for (const each of reads ?? [])
      bound.set(legal(each), each === 'this' ? context.source : memberOf(context, each).source);
    if (reads === undefined)
      losses.add('approximated', 'partial-context', name, 'What it reads is not known, so it sees the inputs only.');
  }
  for (const { key, value } of partial.hash?.pairs ?? [])
    bound.set(legal(key), jinjaOf(walk, value, frame, 'value').source);
  if (bound.size > 0)
    losses.add('approximated', 'partial-arguments', name, 'What the partial is given is set before the include.');
  const include = `{% include ${jinjaString(promptName(name))} %}`;
  const indented = partial.indent
    ? `{% filter indent(${jinjaString(partial.indent)}, true) %}${include}{% endfilter %}`
    : include;
  const bindings = [...bound].flatMap(([key, source]) => (key === source ? [] : `${key} = ${source}`)).join(', ');
  if (bindings === '') return indented;
  return `{% with ${bindings} %}${indented}{% endwith %}`;
}

/** What `this` is in the partial; null where it is all the inputs. */
function contextOf(walk: Walk, { params: [given] }: Partial, frame: Frame): Value | null {
  if (given === undefined) return frame.contexts.at(-1) ?? null;
  const isRoot = given.type === 'PathExpression' && given.parts.length === 0 && !given.data;
  if (isRoot && (frame.contexts[frame.contexts.length - 1 - given.depth] ?? null) === null) return null;
  return jinjaOf(walk, given, frame, 'members');
}

function legal(name: string): string {
  return createInputNames(createLosses()).legal(name);
}
