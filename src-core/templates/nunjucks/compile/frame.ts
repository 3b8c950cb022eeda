import type { Context } from '../../runtime/execution/frame.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Undefined, type Value } from '../../runtime/values.ts';

/** The variables of a template, block, macro or loop while it is rendered, as nunjucks keeps them. */
export class Frame {
  private readonly variables = new Map<string, Value>();
  readonly parent: Frame | null;
  /** At the top of a template, where `set` is visible to other templates and macros. */
  readonly isTop: boolean;
  /** Whether `set` stops here when it looks for an outer variable to change. */
  private readonly isolates: boolean;

  constructor(parent: Frame | null, isTop: boolean, isolates: boolean) {
    this.parent = parent;
    this.isTop = isTop;
    this.isolates = isolates;
  }

  lookUp(name: string): Value | undefined {
    for (let frame: Frame | null = this; frame !== null; frame = frame.parent) {
      const value = frame.variables.get(name);
      if (value !== undefined && !(value instanceof Undefined)) return value;
    }
    return undefined;
  }

  set(name: string, value: Value): void {
    this.variables.set(name, value);
  }

  /** Changes the variable in the frame that has it, or makes one here. */
  assign(name: string, value: Value): void {
    let frame: Frame | null = this;
    while (frame !== null && !frame.has(name)) frame = frame === this && this.isolates ? null : frame.parent;
    (frame ?? this).variables.set(name, value);
  }

  private has(name: string): boolean {
    const value = this.variables.get(name);
    return value !== undefined && !(value instanceof Undefined);
  }
}

/** A part of a template that is being rendered: the root, a block or a macro. */
export interface Activation {
  readonly runtime: Runtime;
  readonly context: Context;
  /** The innermost frame now. A template's macros share it with what calls them: a `caller` sees the macro's names. */
  readonly frames: { current: Frame };
  /** Names whose meaning is known while compiling: loop variables, parameters, macros, imports. */
  readonly slots: Value[];
  /** The outer activation, for the body of a `call` statement. */
  readonly outer: Activation | null;
  /** Where `extends` puts the template that is rendered in the end; null in blocks. */
  readonly root: { parentTemplate: ((frame: Frame) => void) | null } | null;
}
