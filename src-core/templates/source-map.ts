import type { Locator } from './diagnostics.ts';
import { createLocator } from './diagnostics.ts';
import type { Site } from './runtime.ts';
import type { SourceSpan } from './types.ts';

interface Marks {
  readonly starts: number[];
  readonly sites: Site[];
}

/** Notes where each stretch of the output begins and which node wrote it; costs two pushes per write. */
export class MapRecorder {
  private starts: number[] = [];
  private sites: Site[] = [];
  /** The last captured text with its own marks: when exactly that text is written next, its marks are kept. */
  private captured: { readonly text: string; readonly marks: Marks } | null = null;

  mark(offset: number, text: string, site: Site): void {
    const captured = this.captured;
    if (captured !== null && captured.text === text) {
      for (let index = 0; index < captured.marks.starts.length; index += 1) {
        this.starts.push(captured.marks.starts[index]! + offset);
        this.sites.push(captured.marks.sites[index]!);
      }
      return;
    }
    this.starts.push(offset);
    this.sites.push(site);
  }

  /** Starts recording a captured text; give the result to `end`. */
  begin(): Marks {
    const outer = { starts: this.starts, sites: this.sites };
    this.starts = [];
    this.sites = [];
    return outer;
  }

  end(outer: Marks, text: string): void {
    this.captured = { text, marks: { starts: this.starts, sites: this.sites } };
    this.starts = outer.starts;
    this.sites = outer.sites;
  }

  /** The spans of the finished output; neighbours from the same node are one span. */
  spans(length: number): readonly SourceSpan[] {
    const locators = new Map<string, Locator>();
    const spans: SourceSpan[] = [];
    for (let index = 0; index < this.starts.length; index += 1) {
      const site = this.sites[index]!;
      const start = this.starts[index]!;
      while (this.sites[index + 1] === site) index += 1;
      const end = this.starts[index + 1] ?? length;
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
