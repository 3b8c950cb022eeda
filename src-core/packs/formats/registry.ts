import type { Format } from '../format.ts';
import { anthropic } from './anthropic.ts';
import { chainforge } from './chainforge.ts';
import { claudeCode } from './claude-code.ts';
import { cursor } from './cursor.ts';
import { dakora } from './dakora.ts';
import { dotprompt } from './dotprompt.ts';
import { fStringText } from './f-string-text.ts';
import { githubModels } from './github-models.ts';
import { jinja } from './jinja.ts';
import { jsonRows } from './json-rows.ts';
import { langchain } from './langchain.ts';
import { langfuse } from './langfuse.ts';
import { librechat } from './librechat.ts';
import { liquid } from './liquid.ts';
import { markdown } from './markdown.ts';
import { mustacheText } from './mustache-text.ts';
import { openWebui } from './open-webui.ts';
import { openai } from './openai.ts';
import { promptdev } from './promptdev.ts';
import { promptdown } from './promptdown.ts';
import { promptfoo } from './promptfoo.ts';
import { promptl } from './promptl.ts';
import { prompty } from './prompty.ts';
import { semanticKernel } from './semantic-kernel.ts';
import { table } from './table.ts';
import { vscode } from './vscode.ts';
import { yamlRoles } from './yaml-roles.ts';

/** Every format, one file each. Of two that are as sure, the one that stands first is preselected. */
export const formats: readonly Format[] = [
  // Texts with roles of their own first: the names of their files are also used for text without any.
  ...[promptdev, prompty, promptl, dotprompt, jinja, promptdown, liquid],
  ...[githubModels, promptfoo, chainforge, vscode, claudeCode, cursor, markdown, dakora, yamlRoles],
  ...[semanticKernel, langchain, langfuse, openWebui, librechat, openai, anthropic],
  ...[fStringText, mustacheText, table, jsonRows],
];
