import { type Builder, createBuilder } from '../../compile/builder.ts';
import { collectBlocks, inTemplate, type Program } from '../../compile/program.ts';
import type { InputAnalysis } from '../../free-inputs.ts';
import { Failure } from '../../runtime/diagnostics.ts';
import type { BlockCode } from '../../runtime/execution/frame.ts';
import { Markup, type Value } from '../../runtime/values.ts';
import type { LocatedFailure } from '../../syntax/located-failure.ts';
import type { BlockNode, Body } from '../../syntax/nodes.ts';
import { undeclaredNames } from '../../syntax/walk.ts';
import { superName } from './compile-expressions.ts';
import { declare, makeSlots, newScope } from './compile-scope.ts';
import { compileBody } from './compile-statements.ts';
import { type Activation, Frame } from './frame.ts';

/** Compiles a parsed nunjucks template to functions of ours. Throws a LocatedFailure. */
export function compileNunjucks(
  body: Body,
  name: string | null,
  source: string,
  inputs: InputAnalysis,
  warn: (problem: LocatedFailure) => void,
): Program {
  const builder = createBuilder(body, name, source, inputs, warn);
  const scope = newScope(builder, { isRoot: true });
  const run = compileBody(body, scope);
  const blocks = new Map(
    [...collectBlocks(body)].map(([block, node]) => [block, compileBlockCode(node, builder)] as const),
  );
  return {
    name,
    source,
    blocks,
    renderRoot(runtime, context, around) {
      inTemplate(runtime, builder, () => {
        const frame = around ?? new Frame(null, true, false);
        const root: NonNullable<Activation['root']> = { parentTemplate: null };
        const frames = { current: frame };
        const at: Activation = { runtime, context, frames, slots: makeSlots(scope.slots), outer: null, root };
        if (!builder.hasExtends) {
          run(at);
          return;
        }
        // The output of a template that extends another is dropped; whether it does is known only after it ran.
        const text = runtime.capture(() => run(at));
        if (root.parentTemplate !== null) root.parentTemplate(frame);
        else runtime.write(text, { template: name, source, start: 0, input: null });
      });
    },
  };
}

function compileBlockCode(node: BlockNode, builder: Builder): BlockCode {
  const scope = newScope(builder, { isBlock: true });
  const superSlot = undeclaredNames(node.body, ['super']).has('super') ? declare(scope, superName) : null;
  const run = compileBody(node.body, scope);
  const code: BlockCode = {
    name: node.name,
    render(runtime, context, around) {
      inTemplate(runtime, builder, () => {
        const frames = { current: new Frame(around ?? null, false, true) };
        const at: Activation = { runtime, context, frames, slots: makeSlots(scope.slots), outer: null, root: null };
        runtime.at = node.start;
        if (superSlot !== null) at.slots[superSlot] = parentBlock(at, node.name, code);
        run(at);
      });
    },
  };
  return code;
}

/** The output of the block that this one replaces; nunjucks renders it first, even when `super` is not reached. */
function parentBlock({ runtime, context, frames }: Activation, name: string, code: BlockCode): Value {
  const codes = context.blocks.get(name) ?? [];
  const parent = codes[codes.indexOf(code) + 1];
  if (parent === undefined)
    throw new Failure('include', `"super" finds no block "${name}" in a template that this one extends.`);
  return new Markup(runtime.capture(() => parent.render(runtime, context, frames.current)));
}
