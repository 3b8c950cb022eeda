import { diffFields, type FieldChange } from '../../../../src-core/content/diff/field-changes.ts';
import { contentSchema, type PromptContent } from '../../../../src-core/contract/content.ts';

/** Content with nothing set, to compare with. */
const bare = contentSchema.parse({ messages: [{ role: 'user', content: '' }] });

/** Everything that a content sets beside its messages. */
export function setValues(content: PromptContent): readonly FieldChange[] {
  return diffFields(bare, content);
}
