import { type Failure, limitFailure } from '../diagnostics.ts';
import type { LimitName, Limits } from '../limits.ts';
import type { Library } from './library.ts';
import { Meter } from './meter.ts';
import { MapRecorder } from './source-map.ts';

/** Where a piece of output comes from; one object per node, shared by all renders. */
export interface Site {
  readonly template: string | null;
  readonly start: number;
  /** Text of the template that `start` counts in. */
  readonly source: string;
  readonly input: string | null;
}

export interface RuntimeOptions {
  readonly limits: Limits;
  /** Milliseconds of the time limit that were used before. */
  readonly spent: number;
  readonly strict: boolean;
  readonly chatTemplate: boolean;
  /** Whether numbers are JavaScript's, without a difference between int and float, as in nunjucks. */
  readonly plainNumbers: boolean;
  readonly sourceMap: boolean;
  readonly now: () => number;
  /** Makes the library when a template first names another. */
  readonly makeLibrary: (runtime: Runtime) => Library;
}

/** One render: its output so far, what it has used of its limits, and where it is. */
export class Runtime extends Meter {
  readonly strict: boolean;
  readonly chatTemplate: boolean;
  readonly plainNumbers: boolean;
  /** The time that the template sees; the clock is read only when it is asked for. */
  readonly now: () => number;
  private readonly makeLibrary: (runtime: Runtime) => Library;
  private madeLibrary: Library | null = null;
  out = '';
  readonly map: MapRecorder | null;
  /** Offset of the node that is being evaluated, in `source` of template `template`; where an error is reported. */
  at = 0;
  template: string | null = null;
  source = '';
  /** What the filter or set block that just ended wrote. */
  blockText = '';
  /** Whether an `autoescape` statement that is on is around. */
  escapes = false;
  private depth = 0;

  constructor(options: RuntimeOptions) {
    super(options.limits, options.spent);
    this.strict = options.strict;
    this.chatTemplate = options.chatTemplate;
    this.plainNumbers = options.plainNumbers;
    this.now = options.now;
    this.makeLibrary = options.makeLibrary;
    this.map = options.sourceMap ? new MapRecorder() : null;
  }

  get library(): Library {
    this.madeLibrary ??= this.makeLibrary(this);
    return this.madeLibrary;
  }

  override exceeded(name: LimitName): Failure {
    return limitFailure(name, this.limits);
  }

  /** Checks the length of a string that is concatenated, which takes no time. */
  fits(length: number): void {
    if (!(length <= this.limits.string)) throw this.exceeded('string');
  }

  /** Checks the length of a string before it is made, and counts it. */
  willMakeText(length: number): void {
    this.fits(length);
    this.look(length);
  }

  /** Checks the length of a list before it is made, and counts its items. */
  willMakeList(length: number): void {
    if (!(length <= this.limits.list)) throw this.exceeded('list');
    if (length > 8) this.spend(length >> 3);
  }

  write(text: string, site: Site): void {
    if (text === '') return;
    this.scan(text.length);
    this.map?.mark(this.out.length, text, site);
    this.out += text;
    if (this.out.length > this.limits.output) throw this.exceeded('output');
  }

  /** Runs `produce` with an output of its own and returns what it wrote. */
  capture(produce: () => void): string {
    const outer = this.out;
    const outerMarks = this.map?.begin();
    this.out = '';
    produce();
    const text = this.out;
    this.out = outer;
    if (outerMarks !== undefined) this.map?.end(outerMarks, text);
    this.fits(text.length);
    this.scan(text.length);
    return text;
  }

  /** Runs something that may call itself, within the limit of recursion. */
  enter<Result>(run: () => Result): Result {
    this.depth += 1;
    if (this.depth > this.limits.recursion) throw this.exceeded('recursion');
    this.spend(4);
    const { template, source, at } = this;
    const result = run();
    this.template = template;
    this.source = source;
    this.at = at;
    this.depth -= 1;
    return result;
  }
}
