import type { Format } from '../format.ts';
import { importIncludes } from '../jinja/import-includes.ts';
import { inferInputs } from '../jinja/infer-inputs.ts';
import { templateProblems } from '../jinja/template-problems.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { pathStem } from '../text/names.ts';

/** Liquid text, which stays Liquid: one message of the user. */
export const liquid: Format = {
  title: 'Liquid text',
  ids: ['liquid'],
  detect(source) {
    return source.name.endsWith('.liquid') ? { id: 'liquid', sureness: 'certain' } : null;
  },
  async read(source, { id }, losses) {
    if (source.text.trim() === '') throw refusal(`${source.path} is empty.`, { reason: 'no-messages' });
    const text = source.text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
    const content = await importIncludes(text, 'liquid', source, losses);
    const messages = [{ role: 'user', content } as const];
    const prompt = toImportedPrompt(
      { name: pathStem(source.path), syntax: 'liquid', messages, inputs: inferInputs(messages, 'liquid') },
      { format: id },
      losses,
    );
    return { prompts: [prompt], problems: templateProblems(content, 'liquid') };
  },
};
