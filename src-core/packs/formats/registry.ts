import type { Format } from '../format.ts';
import { anthropic } from './anthropic.ts';
import { chainforge } from './chainforge.ts';
import { githubModels } from './github-models.ts';
import { jsonRows } from './json-rows.ts';
import { langfuse } from './langfuse.ts';
import { librechat } from './librechat.ts';
import { openWebui } from './open-webui.ts';
import { openai } from './openai.ts';
import { promptfoo } from './promptfoo.ts';
import { table } from './table.ts';

/** Every format, one file each. Of two that are as sure, the one that stands first is preselected. */
export const formats: readonly Format[] = [
  ...[githubModels, promptfoo, chainforge],
  ...[langfuse, openWebui, librechat, openai, anthropic],
  ...[table, jsonRows],
];
