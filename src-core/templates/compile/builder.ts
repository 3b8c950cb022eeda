import type { InputAnalysis } from '../free-inputs.ts';
import type { Failure } from '../runtime/diagnostics.ts';
import type { Runtime, Site } from '../runtime/execution/runtime.ts';
import { LocatedFailure } from '../syntax/located-failure.ts';
import type { Body, Span } from '../syntax/nodes.ts';
import { eachStatement } from '../syntax/walk.ts';

/** What the parts of one template share while it is compiled, in Jinja and in nunjucks. */
export interface Builder {
  readonly name: string | null;
  readonly source: string;
  readonly hasExtends: boolean;
  readonly site: (node: Span) => Site;
  readonly warn: (problem: LocatedFailure) => void;
}

export function createBuilder(
  body: Body,
  name: string | null,
  source: string,
  inputs: InputAnalysis,
  warn: (problem: LocatedFailure) => void,
): Builder {
  return {
    name,
    source,
    hasExtends: hasExtends(body),
    site: (node) => ({ template: name, source, start: node.start, input: inputs.pathOf(node) }),
    warn,
  };
}

function hasExtends(body: Body): boolean {
  let found = false;
  eachStatement(body, (statement) => {
    found ||= statement.kind === 'extends';
  });
  return found;
}

/** Compiles an unknown filter or test: an error, or inside a branch a warning and an error when it is reached. */
export function refuseUnknown<At>(
  failure: Failure,
  named: Span,
  scope: { readonly isSoft: boolean; readonly builder: Builder },
  runtimeOf: (at: At) => Runtime,
): (at: At) => never {
  const located = new LocatedFailure(failure, named.start, named.end);
  if (!scope.isSoft) throw located;
  scope.builder.warn(located);
  return (at) => {
    runtimeOf(at).at = named.start;
    throw failure;
  };
}
