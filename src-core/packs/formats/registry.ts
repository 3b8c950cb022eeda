import type { Format } from '../format.ts';
import { claudeCode } from './claude-code.ts';
import { cursor } from './cursor.ts';
import { dakora } from './dakora.ts';
import { githubModels } from './github-models.ts';
import { markdown } from './markdown.ts';
import { promptdev } from './promptdev.ts';
import { vscode } from './vscode.ts';
import { yamlRoles } from './yaml-roles.ts';

/** Every format, one file each. Of two that are as sure, the one that stands first is preselected. */
export const formats: readonly Format[] = [
  promptdev,
  githubModels,
  vscode,
  claudeCode,
  cursor,
  markdown,
  dakora,
  yamlRoles,
];
