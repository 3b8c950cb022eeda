/** Reads the figures of a bench out of what it prints; less is better for all of them. */

/** Figures by name, one of each round. */
export type Samples = Map<string, readonly number[]>;

export interface Figure {
  readonly name: string;
  readonly value: number;
}

interface Shape {
  readonly line: RegExp;
  /** Names of the figures that the groups after the first one hold. */
  readonly figures: readonly string[];
}

/** The first group is what was measured. */
const shapes: readonly Shape[] = [
  { line: /^(.+?):? +(?:key to paint )?median ([\d.]+) ms.*, processor ([\d.]+) ms/, figures: ['ms', 'processor ms'] },
  { line: /^(.+?):? +(?:key to paint )?median ([\d.]+) ms, (?:p95|95 %) ([\d.]+) ms/, figures: ['ms', '95 % ms'] },
  { line: /^(.+?):? +(?:first [\d.]+ ms, )?median ([\d.]+) ms/, figures: ['ms'] },
  { line: /^(promptdev .+?) +cold ([\d.]+) +warm ([\d.]+)/, figures: ['cold s', 'warm s'] },
  {
    line: /^(round) \d+: .* = ([\d.]+) × ideal; .* = ([\d.]+) ms per cell/,
    figures: ['× ideal', 'processor ms per cell'],
  },
  { line: /^(round) \d+: ([\d.]+) ms = .*, peak (\d+) MiB/, figures: ['ms', 'MiB'] },
  { line: /^(.+?) +longest stall (\d+) ms of (\d+) ms/, figures: ['stall ms', 'ms'] },
  { line: /^(.+?): (\d+) ms, longest stall (?:\d+) ms, of work (\d+) ms/, figures: ['ms', 'stall ms'] },
];

export function figuresOf(output: string): Figure[] {
  return output.split('\n').flatMap((line) => {
    for (const { line: shape, figures } of shapes) {
      const match = shape.exec(line.trim());
      if (match) return figures.map((unit, at) => ({ name: `${match[1]}, ${unit}`, value: Number(match[at + 2]) }));
    }
    return [];
  });
}
