import type { Format } from '../format.ts';
import { githubModels } from './github-models.ts';
import { jinja } from './jinja.ts';
import { langchain } from './langchain.ts';
import { liquid } from './liquid.ts';
import { promptdown } from './promptdown.ts';
import { promptl } from './promptl.ts';
import { prompty } from './prompty.ts';

/** Every format, one file each. Of two that are as sure, the one that stands first is preselected. */
export const formats: readonly Format[] = [githubModels, prompty, promptl, langchain, jinja, liquid, promptdown];
