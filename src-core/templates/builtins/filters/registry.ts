import type { Operation } from '../../runtime/execution/operations.ts';
import { dataFilters } from './data.ts';
import { htmlFilters } from './html.ts';
import { mappingFilters } from './mapping.ts';
import { numberFilters } from './numbers.ts';
import { sequenceFilters } from './sequences.ts';
import { textFilters } from './text.ts';

let all: ReadonlyMap<string, Operation> | null = null;

/** Every filter by name. Built on first use, because `map` looks filters up here itself. */
export function filters(): ReadonlyMap<string, Operation> {
  all ??= new Map([
    ...textFilters,
    ...htmlFilters,
    ...numberFilters,
    ...sequenceFilters,
    ...mappingFilters,
    ...dataFilters,
  ]);
  return all;
}

export function findFilter(name: string): Operation | undefined {
  return filters().get(name);
}
