import type { Format } from '../format.ts';
import { dotprompt } from './dotprompt.ts';
import { fStringText } from './f-string-text.ts';
import { githubModels } from './github-models.ts';
import { mustacheText } from './mustache-text.ts';
import { semanticKernel } from './semantic-kernel.ts';

/** Every format, one file each. Of two that are as sure, the one that stands first is preselected. */
export const formats: readonly Format[] = [githubModels, dotprompt, fStringText, semanticKernel, mustacheText];
