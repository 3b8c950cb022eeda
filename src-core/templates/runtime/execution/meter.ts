import type { LimitName, Limits } from '../limits.ts';

/** How many steps are between two readings of the clock. */
const stepsPerReading = 1024;
/** A template that used a smaller share of its steps is not slow itself: the machine is busy. */
const littleWork = 0.25;
/** Factor on the time limit for such a template. */
const patience = 4;

/**
 * The remaining budget of one render. It counts steps, which are the same on every machine; a million take about a
 * tenth of a second. The clock is for machines that are slower than that.
 */
export abstract class Meter {
  readonly limits: Limits;
  private steps = 0;
  private nextReading: number;
  private readonly deadline: number;

  constructor(limits: Limits, spent: number) {
    this.limits = limits;
    this.nextReading = Math.min(stepsPerReading, limits.steps + 1);
    this.deadline = performance.now() + limits.milliseconds - spent;
  }

  /** The error that says which limit was exceeded. */
  abstract exceeded(name: LimitName): Error;

  /** Counts one step: about a tenth of a microsecond. */
  step(): void {
    this.steps += 1;
    if (this.steps >= this.nextReading) this.check();
  }

  /** Counts many steps at once, before they are done. */
  spend(count: number): void {
    this.steps += count;
    if (this.steps >= this.nextReading) this.check();
  }

  /** Counts text that is about to be read or made character by character. */
  look(length: number): void {
    if (length > 64) this.spend(length >> 5);
  }

  /** Counts text that is copied, compared or searched natively, many characters at a time. */
  scan(length: number): void {
    if (length > 512) this.spend(length >> 8);
  }

  /** Reads the clock now, after work whose steps say little about its time. */
  tick(): void {
    const late = performance.now() - this.deadline;
    if (late <= 0) return;
    const isBusyMachine = this.steps < littleWork * this.limits.steps;
    if (!isBusyMachine || late > (patience - 1) * this.limits.milliseconds) throw this.exceeded('milliseconds');
  }

  private check(): void {
    if (this.steps > this.limits.steps) throw this.exceeded('steps');
    this.nextReading = Math.min(this.steps + stepsPerReading, this.limits.steps + 1);
    this.tick();
  }
}
