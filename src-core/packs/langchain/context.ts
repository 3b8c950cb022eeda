import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import type { InputNames } from '../text/names.ts';

export interface Context {
  readonly source: Source;
  readonly names: InputNames;
  readonly losses: Losses;
  /** Inputs of which a template shows a type, by their names. */
  readonly shown: Map<string, InputDraft>;
}

/** The text of a file that a prompt names; throws a `refusal` where it is not to be had. */
export async function fileText(path: string, source: Source): Promise<string> {
  const found = await source.find(path);
  switch (found.kind) {
    case 'file':
      return found.file.text.replace(/\r\n?/g, '\n');
    case 'outside':
      throw refusal(`${source.path} takes its text from "${path}", which is not in the folder.`, {
        reason: 'outside-folder',
      });
    case 'missing':
      throw refusal(`${source.path} takes its text from "${path}", which is not there.`, { reason: 'missing-file' });
    case 'unreadable':
      throw refusal(`${source.path} takes its text from "${path}", which cannot be read: ${found.why}`, {
        reason: 'unreadable-file',
      });
  }
}
