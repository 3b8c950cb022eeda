import type { Format } from '../format.ts';
import { anthropic } from './anthropic.ts';
import { githubModels } from './github-models.ts';
import { langfuse } from './langfuse.ts';
import { librechat } from './librechat.ts';
import { openWebui } from './open-webui.ts';
import { openai } from './openai.ts';

/** Every format, one file each. Of two that are as sure, the one that stands first is preselected. */
export const formats: readonly Format[] = [githubModels, langfuse, openWebui, librechat, openai, anthropic];
