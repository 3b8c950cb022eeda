import type { SourceSpan } from '../../../src-core/templates/runtime/types.ts';

/**
 * A source map as numbers, because thousands of objects take longer to come out of a worker than to be made. Each span
 * is start, end, line, column, and the places of its template and its input in `names`, -1 for null.
 */
export interface PackedSpans {
  readonly numbers: Int32Array;
  readonly names: readonly string[];
}

const fields = 6;

export function packSpans(spans: readonly SourceSpan[]): PackedSpans {
  const numbers = new Int32Array(spans.length * fields);
  const places = new Map<string, number>();
  const placeOf = (name: string | null): number => {
    if (name === null) return -1;
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  };
  let at = 0;
  for (const { start, end, line, column, template, input } of spans) {
    numbers[at] = start;
    numbers[at + 1] = end;
    numbers[at + 2] = line;
    numbers[at + 3] = column;
    numbers[at + 4] = placeOf(template);
    numbers[at + 5] = placeOf(input);
    at += fields;
  }
  return { numbers, names: [...places.keys()] };
}

export function spanCount({ numbers }: PackedSpans): number {
  return numbers.length / fields;
}

export function spanAt({ numbers, names }: PackedSpans, index: number): SourceSpan {
  const at = index * fields;
  const number = (field: number) => numbers[at + field] ?? -1;
  return {
    start: number(0),
    end: number(1),
    line: number(2),
    column: number(3),
    template: names[number(4)] ?? null,
    input: names[number(5)] ?? null,
  };
}

/** The paths of all inputs that a source map names. */
export function inputsIn({ numbers, names }: PackedSpans): readonly string[] {
  const places = new Set<number>();
  for (let at = 5; at < numbers.length; at += fields) places.add(numbers[at] ?? -1);
  return [...places].flatMap((place) => names[place] ?? []);
}
