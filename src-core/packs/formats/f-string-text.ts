import type { Format } from '../format.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { convertTemplate } from '../text/escape-text.ts';
import { createInputNames, fileStem } from '../text/names.ts';

/** `{name}` alone; with other braces around, it is text. */
const variable = /(?<!\{)\{([\p{XID_Start}_][\p{XID_Continue}]*)\}(?!\})/gu;

/** A text whose variables are `{x}`, as users of LlamaIndex and LangChain keep them in `.prompt` and `.txt` files. */
export const fStringText: Format = {
  title: 'Text with {variables}',
  ids: ['f-string-text'],
  detect(source) {
    const { name, text } = source;
    if (!/\.(?:prompt|txt)$/.test(name) || name === 'skprompt.txt') return null;
    if (/\{\{|\{%/.test(text) || source.frontMatter() !== null || text.search(variable) < 0) return null;
    return { id: 'f-string-text', sureness: name.endsWith('.prompt') ? 'likely' : 'possible' };
  },
  async read(source, { id }, losses) {
    const text = source.text.replace(/\r\n?/g, '\n').trim();
    if (text === '') throw refusal(`${source.path} is empty.`, { reason: 'no-messages' });
    const names = createInputNames(losses);
    const content = convertTemplate(text, variable, ([, name = '']) => ({ jinja: `{{ ${names.legal(name)} }}` }));
    const why = 'The file does not say what its variables look like; {name} is taken for one.';
    losses.add('approximated', 'guessed-syntax', '', why);
    const draft = {
      name: source.path.slice(0, source.path.lastIndexOf('/') + 1) + fileStem(source.path),
      messages: [{ role: 'user' as const, content }],
      inputSources: names.sources(),
    };
    return { prompts: [toImportedPrompt(draft, { format: id }, losses)] };
  },
};
