import { type Ref, useMemo } from 'react';
import { problemsIn } from '../../../../src-core/content/templates/problem-edits.ts';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { CodeEditor, type CodeEditorHandle, type LineNote } from '../../../monaco/code-editor.tsx';
import { templateLanguageIds } from '../../../monaco/template/language-ids.ts';
import { followStep, textKeyOf, textUri } from '../draft/rename-everywhere.ts';
import { templateScope } from '../inputs/template-scope.ts';
import { type PreviewStore, usePreview } from '../preview/live-preview.ts';

export interface TemplateTextProps {
  readonly handle: DraftHandle;
  readonly messageKey: string;
  readonly partKey: string;
  /** Where the message is, counted from 0. */
  readonly index: number;
  /** Which part of the message it is; undefined where the message is one text. */
  readonly part: number | undefined;
  readonly value: string;
  readonly preview: PreviewStore;
  readonly label: string;
  readonly placeholder?: string;
  readonly lineNotes?: readonly LineNote[] | undefined;
  readonly minHeight?: number;
  readonly onChange: (text: string) => void;
  readonly onLeave: () => void;
  readonly editorRef: Ref<CodeEditorHandle>;
}

/** A template text of a message, with what is wrong in it. */
export function TemplateText(props: TemplateTextProps) {
  const { handle, messageKey, partKey, index, part, preview, value, onChange } = props;
  const problems = usePreview(preview, (state) => state.problems);
  const syntax = useDraft(handle, (state) => state.content.syntax);
  const inputs = useDraft(handle, (state) => state.content.inputs);
  const promptId = useDraft(handle, (state) => state.prompt.id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is a part of the content that is read
  const markers = useMemo(
    () =>
      // Of the content only this text, the inputs and the syntax count.
      problemsIn({ ...handle.store.getState().content, inputs, syntax }, index, problems, part).map(
        ({ problem, start, end, replacements }) => ({
          severity: problem.severity,
          message: problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`,
          start,
          end,
          replacements,
          ...(problem.fix && { fix: problem.fix }),
        }),
      ),
    [handle, value, inputs, syntax, problems, index, part],
  );
  const textKey = textKeyOf(messageKey, partKey);
  return (
    <CodeEditor
      ref={props.editorRef}
      uri={textUri(promptId, textKey)}
      language={templateLanguageIds[syntax]}
      value={value}
      onChange={(text, step) => {
        onChange(text);
        if (step !== null) followStep(handle, textKey, text, step);
      }}
      label={props.label}
      {...(props.placeholder !== undefined && { placeholder: props.placeholder })}
      {...(props.minHeight !== undefined && { minHeight: props.minHeight })}
      markers={markers}
      {...(props.lineNotes !== undefined && { lineNotes: props.lineNotes })}
      scope={() => templateScope(handle)}
      onLeave={props.onLeave}
    />
  );
}
