import type { Comparison } from '../../../../src-core/contract/comparisons.ts';
import type { Place } from './grid-store.ts';

/** Columns are prompts × models, model by model within a prompt; rows are rows of inputs. */
export interface GridSize {
  readonly rows: number;
  readonly prompts: number;
  readonly models: number;
}

/** A cell by its column and row, as the arrow keys see it. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

export function sizeOf(comparison: Pick<Comparison, 'rows' | 'prompts' | 'models'>): GridSize {
  return {
    rows: comparison.rows.length,
    prompts: comparison.prompts.length,
    models: comparison.models.length,
  };
}

export function columnsOf(size: GridSize): number {
  return size.prompts * size.models;
}

export function placeAt({ row, column }: Position, size: GridSize): Place {
  return {
    row,
    prompt: Math.floor(column / size.models),
    model: column % size.models,
  };
}

export function positionOf({ row, prompt, model }: Place, size: GridSize): Position {
  return {
    row,
    column: prompt * size.models + model,
  };
}

export function samePosition(a: Position | null, b: Position | null): boolean {
  return a !== null && b !== null && a.row === b.row && a.column === b.column;
}

/** Where a key leads from a position, or null when the key does not move; `page` is the number of rows in sight. */
export function step(key: string, ctrl: boolean, from: Position, size: GridSize, page: number): Position | null {
  const [lastRow, lastColumn] = [size.rows - 1, columnsOf(size) - 1];
  const to = (row: number, column: number): Position => ({
    row: Math.min(Math.max(row, 0), lastRow),
    column: Math.min(Math.max(column, 0), lastColumn),
  });
  const { row, column } = from;
  switch (key) {
    case 'ArrowDown':
      return to(ctrl ? lastRow : row + 1, column);
    case 'ArrowUp':
      return to(ctrl ? 0 : row - 1, column);
    case 'ArrowRight':
      return to(row, ctrl ? lastColumn : column + 1);
    case 'ArrowLeft':
      return to(row, ctrl ? 0 : column - 1);
    case 'PageDown':
      return to(row + page, column);
    case 'PageUp':
      return to(row - page, column);
    case 'Home':
      return to(ctrl ? 0 : row, 0);
    case 'End':
      return to(ctrl ? lastRow : row, lastColumn);
    default:
      return null;
  }
}

/** The cells marked for the diff after one more is marked: never more than two, the older one gives way. */
export function toggleMark(marks: readonly Position[], position: Position): readonly Position[] {
  if (marks.some((mark) => samePosition(mark, position))) return marks.filter((mark) => !samePosition(mark, position));
  return [...marks.slice(-1), position];
}
