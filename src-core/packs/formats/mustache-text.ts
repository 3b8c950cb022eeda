import type { Format } from '../format.ts';
import { mustacheToJinja } from '../mustache/mustache-to-jinja.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { createInputNames, fileStem } from '../text/names.ts';

/** `.mustache`: one text. */
export const mustacheText: Format = {
  title: 'Mustache',
  ids: ['mustache'],
  detect: ({ name }) => (name.endsWith('.mustache') ? { id: 'mustache', sureness: 'certain' } : null),
  async read(source, { id }, losses) {
    const text = source.text.replace(/\r\n?/g, '\n').trim();
    if (text === '') throw refusal(`${source.path} is empty.`, { reason: 'no-messages' });
    const names = createInputNames(losses);
    const { template, inputs } = mustacheToJinja(text, names, losses);
    if (/\{\{\s*[^\s{&#^/!>=]/.test(text))
      losses.add(
        'approximated',
        'html-escape',
        '',
        'Mustache writes <, > and & of values as entities; here they stay.',
      );
    const draft = {
      name: source.path.slice(0, source.path.lastIndexOf('/') + 1) + fileStem(source.path),
      messages: [{ role: 'user' as const, content: template }],
      inputs,
      inputSources: names.sources(),
    };
    return { prompts: [toImportedPrompt(draft, { format: id }, losses)] };
  },
};
