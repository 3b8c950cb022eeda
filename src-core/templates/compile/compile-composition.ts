import { Failure, typeFailure } from '../runtime/diagnostics.ts';
import type { Frame } from '../runtime/execution/frame.ts';
import type { LoadedTemplate } from '../runtime/execution/library.ts';
import { itemsOf } from '../runtime/sequences.ts';
import { type Instance, textOf, typeName, Undefined, type Value } from '../runtime/values.ts';
import { syntaxFailure } from '../syntax/located-failure.ts';
import type { BlockNode, Expression, FromImportNode, ImportNode, IncludeNode, Statement } from '../syntax/nodes.ts';
import { compileExpression } from './compile-expressions.ts';
import { compileLocals, type Execute, frameAt, normal, placeOf, type Scope } from './compile-scope.ts';
import { exportName } from './compile-targets.ts';

/** Finds the template that an expression names. */
type Find = (frame: Frame) => LoadedTemplate;

function compileFind(node: Expression, scope: Scope): Find {
  const name = compileExpression(node, scope);
  const { start } = node;
  return (frame) => {
    const value = name(frame);
    frame.runtime.at = start;
    return frame.runtime.library.find(templateName(value));
  };
}

function templateName(value: Value): string {
  const name = textOf(value);
  if (name !== null) return name;
  if (value instanceof Undefined) throw new Failure('undefined', value.reason);
  throw typeFailure(`The name of a template is a str, not ${typeName(value)}.`);
}

/** Of a list of names the first that there is, as `include` takes. */
function compileFindAny(node: Expression, scope: Scope): Find {
  const names = compileExpression(node, scope);
  const { start } = node;
  return (frame) => {
    const value = names(frame);
    frame.runtime.at = start;
    if (textOf(value) !== null || value instanceof Undefined) return frame.runtime.library.find(templateName(value));
    const candidates = itemsOf(frame.runtime, value).map(templateName);
    for (const candidate of candidates) {
      const found = frame.runtime.library.findOrNull(candidate);
      if (found !== null) return found;
    }
    const list =
      candidates.length === 0
        ? 'The list of templates is empty.'
        : `There is none of the templates ${candidates.map((name) => `"${name}"`).join(', ')}.`;
    throw new Failure('include', list.slice(0, 300));
  };
}

export function compileInclude(statement: IncludeNode, scope: Scope): Execute {
  const find = compileFindAny(statement.template, scope);
  const locals = compileLocals(scope);
  const { start, ignoreMissing, withContext } = statement;
  return (frame) => {
    const { runtime } = frame;
    runtime.at = start;
    runtime.step();
    const loaded = ignoreMissing ? unlessMissing(() => find(frame)) : find(frame);
    if (loaded === null) return normal;
    runtime.at = start;
    if (withContext) runtime.library.render(runtime, loaded, frame.context.snapshot(runtime, locals(frame)));
    else runtime.library.renderAlone(runtime, loaded);
    return normal;
  };
}

function unlessMissing(find: () => LoadedTemplate): LoadedTemplate | null {
  try {
    return find();
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'include') return null;
    throw thrown;
  }
}

/** The module that `import` and `from` take names from. */
function compileModule(statement: ImportNode | FromImportNode, scope: Scope): (frame: Frame) => Instance {
  const find = compileFind(statement.template, scope);
  const locals = compileLocals(scope);
  return (frame) => {
    const { runtime } = frame;
    runtime.at = statement.start;
    const loaded = find(frame);
    runtime.at = statement.start;
    if (!statement.withContext) return runtime.library.moduleAlone(runtime, loaded);
    return runtime.library.module(runtime, loaded, frame.context.snapshot(runtime, locals(frame)));
  };
}

export function compileImport(statement: ImportNode, scope: Scope): Execute {
  const module = compileModule(statement, scope);
  const { name } = statement.target;
  const { hops, slot } = placeOf(scope, name);
  return (frame) => {
    const value = module(frame);
    frameAt(frame, hops).slots[slot] = value;
    if (scope.isTop) setWithoutExport(frame, name, value);
    return normal;
  };
}

export function compileFromImport(statement: FromImportNode, scope: Scope): Execute {
  const module = compileModule(statement, scope);
  const names = statement.names.map(({ name, alias }) => ({ name, alias, ...placeOf(scope, alias) }));
  return (frame) => {
    const source = module(frame);
    for (const { name, alias, hops, slot } of names) {
      const value = source.attribute(name, frame.runtime) ?? null;
      const isMissing = value === null && source.attribute(name, frame.runtime) === undefined;
      const taken = isMissing ? new Undefined(`The imported template has no "${name}".`) : value;
      frameAt(frame, hops).slots[slot] = taken;
      if (scope.isTop) setWithoutExport(frame, alias, taken);
    }
    return normal;
  };
}

/** Imported names are visible to blocks, but not to templates that import this one. */
function setWithoutExport(frame: Frame, name: string, value: Value): void {
  exportName(frame, name, value);
  frame.context.exported.delete(name);
}

export function compileExtends(statement: Extract<Statement, { kind: 'extends' }>, scope: Scope): Execute | null {
  const { start, end } = statement;
  if (!scope.isTop) throw syntaxFailure('"extends" works only at the top level of a template.', start, end);
  const find = compileFind(statement.template, scope);
  if (scope.isRoot) scope.builder.knowsParent = true;
  return (frame) => {
    const { runtime } = frame;
    runtime.at = start;
    runtime.step();
    if (frame.root.parentTemplate !== null) throw new Failure('include', 'A template can extend only one other.');
    const parent = find(frame);
    frame.context.extend(runtime, parent.program.blocks);
    frame.root.parentTemplate = (_, context) => runtime.library.renderParent(runtime, parent, context);
    return normal;
  };
}

export function compileBlock(statement: BlockNode, scope: Scope): Execute | null {
  if (scope.isTop && scope.builder.knowsParent) return null;
  const { name, required, start } = statement;
  const locals = statement.scoped ? compileLocals(scope) : null;
  const render: Execute = (frame) => {
    const { runtime } = frame;
    runtime.at = start;
    const codes = frame.context.blocks.get(name) ?? [];
    if (required && codes.length <= 1) {
      throw new Failure('include', `The block "${name}" is required, but no template that extends this one has it.`);
    }
    const context = locals === null ? frame.context : frame.context.derive(runtime, locals(frame));
    codes[0]?.render(runtime, context);
    return normal;
  };
  if (!scope.isTop || !scope.checksParent) return render;
  return (frame) => (frame.root.parentTemplate === null ? render(frame) : normal);
}
