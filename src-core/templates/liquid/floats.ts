/// <reference path="./liquidjs.d.ts" />
import { Drop, toValue } from 'liquidjs/dist/liquid.browser.mjs';

/** A number written with a decimal point, or computed from one: dividing it does not round. */
export class Float extends Drop {
  readonly #value: number;

  constructor(value: number) {
    super();
    this.#value = value;
  }

  override valueOf(): number {
    return this.#value;
  }

  toJSON(): number {
    return this.#value;
  }
}

export function isFloat(value: unknown): boolean {
  if (value instanceof Float) return true;
  return typeof value === 'string' ? value.includes('.') : !Number.isInteger(toValue(value) ?? 0);
}
