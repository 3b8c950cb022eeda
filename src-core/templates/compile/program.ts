import type { InputAnalysis } from '../free-inputs.ts';
import type { Frame as NunjucksFrame } from '../nunjucks/compile/frame.ts';
import { Failure } from '../runtime/diagnostics.ts';
import { type BlockCode, type Context, Frame } from '../runtime/execution/frame.ts';
import type { Runtime } from '../runtime/execution/runtime.ts';
import { Instance, type Value } from '../runtime/values.ts';
import { LocatedFailure } from '../syntax/located-failure.ts';
import type { BlockNode, Body } from '../syntax/nodes.ts';
import { analyzeBody, FunctionSlots, Symbols } from '../syntax/symbols.ts';
import { eachStatement, undeclaredNames } from '../syntax/walk.ts';
import { type Builder, createBuilder } from './builder.ts';
import { compileEntry, type Scope } from './compile-scope.ts';
import { compileBody } from './compile-statements.ts';

/** A template that is ready to be rendered. */
export interface Program {
  readonly name: string | null;
  readonly source: string;
  readonly blocks: ReadonlyMap<string, BlockCode>;
  /** Renders the top level, then the parent template when there is one. Nunjucks gives it the variables around it. */
  readonly renderRoot: (runtime: Runtime, context: Context, around?: NunjucksFrame | null) => void;
}

/** What the parts of one template share while it is compiled. */
export interface ProgramBuilder extends Builder {
  /** Whether an `extends` at the top level was compiled: nothing after it is output. */
  knowsParent: boolean;
}

/** Compiles a parsed template. Throws a LocatedFailure. */
export function compileProgram(
  body: Body,
  name: string | null,
  source: string,
  inputs: InputAnalysis,
  warn: (problem: LocatedFailure) => void,
): Program {
  const blockNodes = collectBlocks(body);
  const builder: ProgramBuilder = { ...createBuilder(body, name, source, inputs, warn), knowsParent: false };
  const renderRoot = compileRoot(body, builder);
  const blocks = new Map(
    [...blockNodes].map(([blockName, node]) => [blockName, compileBlockCode(node, builder)] as const),
  );
  return { name, source, blocks, renderRoot };
}

function rootScope(builder: ProgramBuilder, isTop: boolean): Scope {
  const slots = new FunctionSlots();
  return {
    builder,
    symbols: new Symbols(null, slots),
    functions: [slots],
    isTop,
    isRoot: isTop,
    isSoft: false,
    checksParent: isTop && builder.hasExtends,
    mayEscape: false,
    isConstant: false,
  };
}

function compileRoot(body: Body, builder: ProgramBuilder): Program['renderRoot'] {
  const scope = rootScope(builder, true);
  const selfSlot = undeclaredNames(body, ['self']).has('self') ? declare(scope, 'self') : null;
  analyzeBody(scope.symbols, body);
  const enter = compileEntry(scope);
  const run = compileBody(body, scope);
  const [slots] = scope.functions;
  return (runtime, context) => {
    inTemplate(runtime, builder, () => {
      const frame = new Frame(runtime, context, null, slots!.size());
      enter(frame);
      if (selfSlot !== null) frame.slots[selfSlot] = selfReference(context);
      run(frame);
      frame.parentTemplate?.(runtime, context);
    });
  };
}

function declare(scope: Scope, name: string): number {
  const variable = scope.symbols.declareParameter(name);
  return variable.slots.slotOf(variable.id);
}

/** Runs part of a template: errors inside are reported there. */
export function inTemplate(runtime: Runtime, builder: Pick<ProgramBuilder, 'name' | 'source'>, run: () => void): void {
  runtime.enter(() => {
    runtime.template = builder.name;
    runtime.source = builder.source;
    run();
  });
}

function compileBlockCode(node: BlockNode, builder: ProgramBuilder): BlockCode {
  const scope = rootScope(builder, false);
  const special = undeclaredNames(node.body, ['self', 'super']);
  const selfSlot = special.has('self') ? declare(scope, 'self') : null;
  const superSlot = special.has('super') ? declare(scope, 'super') : null;
  analyzeBody(scope.symbols, node.body);
  const enter = compileEntry(scope);
  const run = compileBody(node.body, scope);
  const [slots] = scope.functions;
  const code: BlockCode = {
    name: node.name,
    render(runtime, context) {
      inTemplate(runtime, builder, () => {
        const frame = new Frame(runtime, context, null, slots!.size());
        enter(frame);
        if (selfSlot !== null) frame.slots[selfSlot] = selfReference(context);
        if (superSlot !== null) frame.slots[superSlot] = superReference(context, node.name, code);
        run(frame);
      });
    },
  };
  return code;
}

/** The variable `self`: the blocks of the template by name. */
function selfReference(context: Context): Instance {
  return new Instance({
    type: 'self',
    print: () => `<TemplateReference ${context.name === null ? 'None' : `'${context.name}'`}>`,
    attribute(name) {
      const codes = context.blocks.get(name);
      return codes === undefined ? undefined : blockReference(context, name, codes, 0);
    },
  });
}

function superReference(context: Context, name: string, code: BlockCode): Value | undefined {
  const codes = context.blocks.get(name) ?? [];
  const depth = codes.indexOf(code) + 1;
  if (depth === 0 || depth >= codes.length) return undefined;
  return blockReference(context, name, codes, depth);
}

function blockReference(context: Context, name: string, codes: readonly BlockCode[], depth: number): Instance {
  return new Instance({
    type: 'block',
    print: () => '<BlockReference>',
    attribute: (attribute) => {
      if (attribute === 'name') return name;
      if (attribute !== 'super' || depth + 1 >= codes.length) return undefined;
      return blockReference(context, name, codes, depth + 1);
    },
    call: (runtime) => runtime.capture(() => codes[depth]!.render(runtime, context)),
  });
}

/** Every block of a template, also those inside others. */
export function collectBlocks(body: Body): ReadonlyMap<string, BlockNode> {
  const blocks = new Map<string, BlockNode>();
  eachStatement(body, (statement) => {
    if (statement.kind !== 'block') return;
    if (blocks.has(statement.name)) {
      const failure = new Failure(
        'syntax',
        `There are two blocks "${statement.name}".`,
        'Blocks of one template need different names.',
      );
      throw new LocatedFailure(failure, statement.start, statement.start + 2);
    }
    blocks.set(statement.name, statement);
  });
  return blocks;
}

/** Whether a template may extend another. */
