import type { Runtime } from '../../runtime/execution/runtime.ts';
import { indexOfText } from '../../runtime/text/text-search.ts';
import { engineUnit } from './to-re2.ts';

/** Units that are read between two calls of the meter. */
const unitsPerLook = 64;

/**
 * A text that counts every unit that the regex engine reads, so that a search that looks far ahead for each match is
 * charged for it. It is a String object, which the engine accepts as text.
 */
export class MeteredText extends String {
  readonly text: string;
  private readonly runtime: Runtime;
  /** Steps for one unit. */
  private readonly weight: number;
  private readonly linesAsOne: boolean;
  private unread = unitsPerLook;

  constructor(runtime: Runtime, text: string, weight: number, linesAsOne: boolean) {
    super(text);
    this.runtime = runtime;
    this.text = text;
    this.weight = weight;
    this.linesAsOne = linesAsOne;
  }

  override charCodeAt(index: number): number {
    this.unread -= 1;
    if (this.unread === 0) {
      this.unread = unitsPerLook;
      this.runtime.spend(Math.ceil(unitsPerLook * this.weight));
    }
    const unit = this.text.charCodeAt(index);
    if (this.linesAsOne && (unit === 13 || unit === 0x2028 || unit === 0x2029)) return 10;
    return engineUnit(unit);
  }

  override indexOf(part: string, from = 0): number {
    return indexOfText(this.runtime, this.text, part, from);
  }
}
