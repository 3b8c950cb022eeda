import { createLocator, type Locator } from '../diagnostics.ts';
import type { SourceSpan } from '../types.ts';
import type { Site } from './runtime.ts';

/** Where stretches of a text begin and which nodes wrote them: start, site, start, site … */
type Marks = (number | Site)[];

/** A captured text with more entries counts as one stretch of the node that writes it again. */
const mostCopied = 200_000;

/** Notes where each stretch of the output begins; costs one push per write. */
export class MapRecorder {
  private marks: Marks = [];
  /** The last captured text with its own marks: when exactly that text is written next, its marks are kept. */
  private captured = '';
  private capturedMarks: Marks = [];

  mark(offset: number, text: string, site: Site): void {
    const isDetailed = this.capturedMarks.length > 0 && this.marks.length + this.capturedMarks.length <= mostCopied;
    if (isDetailed && this.captured === text) this.markCaptured(offset);
    else this.marks.push(offset, site);
  }

  private markCaptured(offset: number): void {
    const inner = this.capturedMarks;
    for (let at = 0; at < inner.length; at += 2) this.marks.push((inner[at] as number) + offset, inner[at + 1]!);
  }

  /** Starts recording a captured text; give the result to `end`. */
  begin(): Marks {
    const outer = this.marks;
    this.marks = [];
    return outer;
  }

  end(outer: Marks, text: string): void {
    this.captured = text;
    this.capturedMarks = this.marks;
    this.marks = outer;
  }

  /** The spans of the finished output; neighbours from the same node are one span. */
  spans(length: number): readonly SourceSpan[] {
    const { marks } = this;
    const locators = new Map<string, Locator>();
    const spans: SourceSpan[] = [];
    for (let at = 0; at < marks.length; at += 2) {
      const start = marks[at] as number;
      const site = marks[at + 1] as Site;
      while (marks[at + 3] === site) at += 2;
      const end = (marks[at + 2] as number | undefined) ?? length;
      let locator = locators.get(site.source);
      if (locator === undefined) {
        locator = createLocator(site.source);
        locators.set(site.source, locator);
      }
      spans.push({ start, end, template: site.template, ...locator.position(site.start), input: site.input });
    }
    return spans;
  }
}
