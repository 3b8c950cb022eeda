import type { LimitName, Limits } from './limits.ts';

/** How many steps are between two readings of the clock. */
const stepsPerReading = 1024;
/**
 * Nothing that a template can do takes so many milliseconds between two readings: the machine must have stood still. One
 * such time is not counted, and only for a template that has done little so far, so that a costly one ends in time all
 * the same.
 */
const standstill = 60;
const littleWork = 0.25;

/**
 * What one render may still do. Steps are the measure: they are the same on every machine, and a million of them take
 * about a tenth of a second. The clock is there for a machine that is slower than that.
 */
export abstract class Meter {
  readonly limits: Limits;
  private steps = 0;
  private nextReading: number;
  private deadline: number;
  private lastReading: number;
  private hasStoodStill = false;

  constructor(limits: Limits, spent: number) {
    this.limits = limits;
    this.nextReading = Math.min(stepsPerReading, limits.steps + 1);
    this.lastReading = performance.now();
    this.deadline = this.lastReading + limits.milliseconds - spent;
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

  /** Counts text that the machine copies, compares or searches many characters at a time. */
  scan(length: number): void {
    if (length > 512) this.spend(length >> 8);
  }

  /** Does work that counts no steps, such as parsing a template that is included, and counts its time. */
  timed<Result>(work: () => Result): Result {
    this.readClock(true);
    const result = work();
    this.readClock(false);
    return result;
  }

  /** Reads the clock now, between pieces of work whose steps say little about their time. */
  tick(): void {
    this.readClock(true);
  }

  private check(): void {
    if (this.steps > this.limits.steps) throw this.exceeded('steps');
    this.nextReading = Math.min(this.steps + stepsPerReading, this.limits.steps + 1);
    this.readClock(true);
  }

  /** Fails when the time is over. */
  private readClock(forgives: boolean): void {
    const now = performance.now();
    const pause = now - this.lastReading;
    this.lastReading = now;
    const hasDoneLittle = this.steps < littleWork * this.limits.steps;
    if (forgives && pause > standstill && hasDoneLittle && !this.hasStoodStill) {
      this.hasStoodStill = true;
      this.deadline += pause;
    }
    if (now > this.deadline) throw this.exceeded('milliseconds');
  }
}
