import type { Apply } from './filter.ts';
import { listFilters } from './lists.ts';
import { valueFilters } from './numbers.ts';
import { textFilters } from './text.ts';

/** Every filter of nunjucks by name. */
export const nunjucksFilters: ReadonlyMap<string, Apply> = new Map([...textFilters, ...listFilters, ...valueFilters]);
