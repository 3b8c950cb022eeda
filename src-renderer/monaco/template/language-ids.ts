import type { Syntax } from '../../../src-core/contract/content.ts';

/** Ids under which Monaco knows the template syntaxes. */
export const templateLanguageIds: Readonly<Record<Syntax, string>> = {
  jinja: 'promptdev-jinja',
  liquid: 'promptdev-liquid',
  nunjucks: 'promptdev-nunjucks',
};
