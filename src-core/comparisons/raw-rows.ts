import type { WrittenObject } from '../content/inputs/written-json.ts';

export interface RowProblem {
  /** A warning leaves the row usable. */
  readonly severity: 'error' | 'warning';
  /** One sentence that names row and column itself. */
  readonly message: string;
  /** 1-based number of the data row; null for the text as a whole. */
  readonly row: number | null;
  readonly column: string | null;
}

/** Rows before their values are typed. */
export interface RawRows {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly number: number; readonly values: WrittenObject }[];
  readonly problems: readonly RowProblem[];
}

export function error(row: number | null, column: string | null, message: string): RowProblem {
  return { severity: 'error', row, column, message };
}

/** A text that gives no rows at all. */
export function failed(message: string): RawRows {
  return { columns: [], rows: [], problems: [error(null, null, message)] };
}
