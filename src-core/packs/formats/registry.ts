import type { Format } from '../format.ts';
import { anthropic } from './anthropic.ts';
import { chainforge } from './chainforge.ts';
import { claudeCode } from './claude-code.ts';
import { cursor } from './cursor.ts';
import { dakora } from './dakora.ts';
import { githubModels } from './github-models.ts';
import { jsonRows } from './json-rows.ts';
import { langfuse } from './langfuse.ts';
import { librechat } from './librechat.ts';
import { markdown } from './markdown.ts';
import { openWebui } from './open-webui.ts';
import { openai } from './openai.ts';
import { promptdev } from './promptdev.ts';
import { promptfoo } from './promptfoo.ts';
import { table } from './table.ts';
import { vscode } from './vscode.ts';
import { yamlRoles } from './yaml-roles.ts';

/** Every format, one file each. Of two that are as sure, the one that stands first is preselected. */
export const formats: readonly Format[] = [
  ...[promptdev, githubModels, promptfoo, chainforge, vscode, claudeCode, cursor, markdown, dakora, yamlRoles],
  ...[langfuse, openWebui, librechat, openai, anthropic],
  ...[table, jsonRows],
];
