import type { Format } from '../format.ts';
import { matterOf, refuseEmpty, unfence } from '../markdown/markdown-file.ts';
import { readMatterLines } from '../markdown/matter-lines.ts';
import { type Homeless, keepHomeless, textValue } from '../markdown/matter-values.ts';
import { reportLinks, reportMentions } from '../markdown/references.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { escapeText } from '../text/escape-text.ts';
import { fileStem } from '../text/names.ts';
import { withoutSecrets } from '../text/secrets.ts';

const homeless: Homeless = { globs: 'globs', alwaysApply: 'always-apply' };

/** Rules of Cursor: `.mdc`, whose front matter is hardly ever YAML (`globs: **\/*`), and `.cursorrules`, which is plain text. */
export const cursor: Format = {
  title: 'Cursor rules',
  ids: ['cursor-rule'],
  detect({ name, path, text }) {
    if (/\.mdc$/.test(name) || name === '.cursorrules' || /\.cursorrules$/.test(name))
      return { id: 'cursor-rule', sureness: 'certain' };
    if (/(?:^|\/)\.cursor\/rules\/.*\.md$/i.test(path)) return { id: 'cursor-rule', sureness: 'certain' };
    const hasKey = /^alwaysApply[ \t]*:/m.test(matterOf(text)?.yaml ?? '');
    return hasKey && /\.(?:md|markdown|txt)$/.test(name) ? { id: 'cursor-rule', sureness: 'certain' } : null;
  },
  async read(source, { id }, losses) {
    const { text } = unfence(source.text);
    const matter = source.name.endsWith('.cursorrules') ? null : matterOf(text);
    const values = withoutSecrets(readMatterLines(matter?.yaml ?? ''), losses);
    const body = withoutSecrets((matter?.body ?? text).replace(/^(?:[ \t]*\n)+/, '').trimEnd(), losses, 'text');
    refuseEmpty({ body }, source);
    reportLinks(body, losses);
    reportMentions(body, losses);
    const prompt = toImportedPrompt(
      {
        name: fileStem(source.path),
        description: textValue(values.description),
        messages: [{ role: 'system', content: escapeText(body) }],
        kept: keepHomeless(values, ['description'], homeless, losses),
      },
      { format: id },
      losses,
    );
    return { prompts: [prompt] };
  },
};
