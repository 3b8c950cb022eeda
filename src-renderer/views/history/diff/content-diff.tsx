import { Equal } from 'lucide-react';
import { useMemo } from 'react';
import { diffContent } from '../../../../src-core/content/diff/diff-content.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { templateLanguageIds } from '../../../monaco/template/language-ids.ts';
import { useDiffLayout } from './diff-layout.ts';
import { FieldTable } from './field-table.tsx';
import { MessageDiff } from './message-diff.tsx';

export interface ContentDiffProps {
  readonly before: PromptContent;
  readonly after: PromptContent;
}

/** What differs between two contents: every message, then settings, inputs, tools and schema. */
export function ContentDiff({ before, after }: ContentDiffProps) {
  const inline = useDiffLayout((layout) => layout.inline);
  const diff = useMemo(() => diffContent(before, after), [before, after]);
  const isSame = diff.fields.length === 0 && diff.messages.every((change) => change.kind === 'same' && !change.moved);
  if (isSame) {
    return (
      <EmptyState icon={Equal} title="No difference" className="h-auto py-10">
        Both say exactly the same, settings and inputs included.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {diff.messages.map((change, index) => (
        <MessageDiff
          // biome-ignore lint/suspicious/noArrayIndexKey: a change has no other identity
          key={index}
          change={change}
          language={templateLanguageIds[after.syntax]}
          inline={inline}
        />
      ))}
      {diff.fields.length > 0 && <FieldTable changes={diff.fields} />}
    </div>
  );
}
