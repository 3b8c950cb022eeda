import type { GraphLink, GraphRow } from './graph.ts';

export interface GraphCellProps {
  readonly row: GraphRow;
  readonly lanes: number;
  readonly height: number;
  /** The version that the draft started from. */
  readonly isBase: boolean;
}

const laneWidth = 14;
const colours = ['var(--accent)', 'var(--role-user)', 'var(--role-system)', 'var(--role-tool)'] as const;

/** Width of a graph with so many lanes, in pixels. */
export function graphWidth(lanes: number): number {
  return Math.min(lanes, 8) * laneWidth + 4;
}

const xOf = (lane: number): number => Math.min(lane, 7) * laneWidth + laneWidth / 2 + 2;
const colourOf = (lane: number): string => colours[lane % colours.length] ?? colours[0];

/** The lines of one row and the dot of its version; rows on top of each other make the graph. */
export function GraphCell({ row, lanes, height, isBase }: GraphCellProps) {
  const middle = height / 2;
  const { lane, above, below } = row;
  return (
    <svg aria-hidden="true" width={graphWidth(lanes)} height={height} className="shrink-0 fill-none stroke-[1.5]">
      {above.map((link) => (
        <path
          key={`above ${link.from} ${link.to}`}
          d={pathOf(link, 0, middle)}
          stroke={colourOf(link.from)}
          opacity={0.7}
        />
      ))}
      {below.map((link) => (
        <path
          key={`below ${link.from} ${link.to}`}
          d={pathOf(link, middle, height)}
          stroke={colourOf(link.to)}
          opacity={0.7}
        />
      ))}
      <circle
        cx={xOf(lane)}
        cy={middle}
        r={isBase ? 5 : 4}
        fill={isBase ? 'var(--background)' : colourOf(lane)}
        stroke={colourOf(lane)}
        strokeWidth={isBase ? 2.5 : 0}
      />
    </svg>
  );
}

function pathOf({ from, to }: GraphLink, top: number, bottom: number): string {
  const [x1, x2] = [xOf(from), xOf(to)];
  if (x1 === x2) return `M${x1} ${top}V${bottom}`;
  const middle = (top + bottom) / 2;
  return `M${x1} ${top}C${x1} ${middle} ${x2} ${middle} ${x2} ${bottom}`;
}
