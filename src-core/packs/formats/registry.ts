import type { Format } from '../format.ts';
import { chainforge } from './chainforge.ts';
import { githubModels } from './github-models.ts';
import { jsonRows } from './json-rows.ts';
import { promptfoo } from './promptfoo.ts';
import { table } from './table.ts';

/** Every format, one file each. Of two that are as sure, the one that stands first is preselected. */
export const formats: readonly Format[] = [githubModels, promptfoo, chainforge, table, jsonRows];
