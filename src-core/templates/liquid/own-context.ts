/// <reference path="./liquidjs.d.ts" />
import { Context, Drop, type Limiter, type Liquid } from 'liquidjs/dist/liquid.browser.mjs';

/** What all contexts of one render share. */
export interface SharedContext {
  readonly memoryLimit: Limiter;
  readonly renderLimit: Limiter;
  readonly liquid?: Liquid | undefined;
  /** What `"now"` means, in milliseconds since 1970. */
  readonly now: number;
}

/** liquidjs' `forloop`. */
interface ForloopDrop extends Drop {
  readonly length: number;
}

/**
 * A context that never reads members of Object.prototype. liquidjs' `ownPropertyOnly` exempts its own objects
 * (`forloop`, `empty` …), whose inherited methods a template could call.
 */
export class OwnContext extends Context {
  readonly now: number;
  /** Called with the number of iterations of the next loop. */
  onNextLoop: ((turns: number) => void) | null = null;

  constructor(scope: object, options: object, strictVariables: boolean, shared: SharedContext) {
    super(scope, options, { sync: true, ownPropertyOnly: true, strictVariables }, shared);
    this.now = shared.now;
  }

  override readProperty(object: unknown, key: unknown): unknown {
    const inherited = typeof key === 'string' && key in Object.prototype;
    if (inherited && (typeof object !== 'object' || object === null || !Object.hasOwn(object, key))) return undefined;
    return super.readProperty(object, key);
  }

  /** A loop inside a loop knows the outer one as `parentloop`, which liquidjs leaves out. */
  override push(scope: { readonly forloop?: unknown }): number {
    if (scope.forloop instanceof Drop) {
      this.onNextLoop?.((scope.forloop as ForloopDrop).length);
      this.onNextLoop = null;
      const { forloop: outer } = this.findScope('forloop');
      Object.defineProperty(scope.forloop, 'parentloop', { value: outer instanceof Drop ? outer : undefined });
    }
    return super.push(scope);
  }

  override spawn(scope: object = {}): Context {
    return new OwnContext(scope, this.opts, this.strictVariables, this);
  }
}
