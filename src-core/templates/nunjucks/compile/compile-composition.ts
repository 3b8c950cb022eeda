import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import type { LoadedTemplate } from '../../runtime/execution/library.ts';
import type { Instance, Value } from '../../runtime/values.ts';
import { syntaxFailure } from '../../syntax/located-failure.ts';
import type { BlockNode, Expression, FromImportNode, ImportNode, IncludeNode, Statement } from '../../syntax/nodes.ts';
import { kindName } from '../meaning/meaning.ts';
import { compileExpression } from './compile-expressions.ts';
import { compileDefinition } from './compile-macros.ts';
import type { Execute, Scope } from './compile-scope.ts';
import { type Activation, Frame } from './frame.ts';

type Find = (at: Activation, ignoreMissing: boolean) => LoadedTemplate | null;

function compileFind(node: Expression, scope: Scope): Find {
  const name = compileExpression(node, scope);
  const { start } = node;
  return (at, ignoreMissing) => {
    const value = name(at);
    const { runtime } = at;
    runtime.at = start;
    if (typeof value !== 'string')
      throw typeFailure(`The name of a template is a text, but here it is ${kindName(value)}.`);
    return ignoreMissing ? runtime.library.findOrNull(value) : runtime.library.find(value);
  };
}

const noLocals: ReadonlyMap<string, Value> = new Map();

export function compileInclude(statement: IncludeNode, scope: Scope): Execute {
  const find = compileFind(statement.template, scope);
  const { start, ignoreMissing } = statement;
  return (at) => {
    const { runtime, context } = at;
    runtime.at = start;
    runtime.step();
    const loaded = find(at, ignoreMissing);
    if (loaded === null) return;
    runtime.at = start;
    runtime.library.render(
      runtime,
      loaded,
      context.snapshot(runtime, noLocals),
      new Frame(at.frames.current, true, true),
    );
  };
}

/** The module that `import` and `from` take names from. */
function compileModule(statement: ImportNode | FromImportNode, scope: Scope): (at: Activation) => Instance {
  const find = compileFind(statement.template, scope);
  return (at) => {
    const { runtime, context } = at;
    runtime.at = statement.start;
    runtime.step();
    const loaded = find(at, false)!;
    runtime.at = statement.start;
    if (!statement.withContext) return runtime.library.moduleAlone(runtime, loaded);
    return runtime.library.module(
      runtime,
      loaded,
      context.snapshot(runtime, noLocals),
      new Frame(at.frames.current, true, false),
    );
  };
}

export function compileImport(statement: ImportNode, scope: Scope): Execute {
  const module = compileModule(statement, scope);
  const define = compileDefinition(statement.target.name, scope);
  return (at) => define(at, module(at), false);
}

export function compileFromImport(statement: FromImportNode, scope: Scope): Execute {
  const module = compileModule(statement, scope);
  const names = statement.names.map(({ name, alias }) => ({ name, define: compileDefinition(alias, scope) }));
  return (at) => {
    const source = module(at);
    for (const { name, define } of names) {
      const value = source.attribute(name, at.runtime);
      if (value === undefined) {
        at.runtime.at = statement.start;
        throw new Failure('include', `The imported template has no "${name}".`);
      }
      define(at, value, false);
    }
  };
}

export function compileExtends(statement: Extract<Statement, { kind: 'extends' }>, scope: Scope): Execute {
  const { start, end } = statement;
  if (!scope.isRoot) throw syntaxFailure('"extends" works only at the top level of a template.', start, end);
  const find = compileFind(statement.template, scope);
  return (at) => {
    const { runtime, context, root } = at;
    runtime.at = start;
    runtime.step();
    const parent = find(at, false)!;
    context.extend(runtime, parent.program.blocks);
    if (root !== null) root.parentTemplate = (frame) => runtime.library.renderParent(runtime, parent, context, frame);
  };
}

/** A block where it stands; in a template that extends another, its parent shows the blocks. */
export function compileBlock({ name, start }: BlockNode, scope: Scope): Execute {
  return (at) => {
    const { runtime, context } = at;
    runtime.at = start;
    runtime.step();
    if (!scope.isBlock && at.root !== null && at.root.parentTemplate !== null) return;
    const [code] = context.blocks.get(name) ?? [];
    code?.render(runtime, context, at.frames.current);
  };
}
