import { DiffEditor } from '@monaco-editor/react';
import type { editor } from 'monaco-editor/editor/editor.api.js';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTheme } from '../components/theme.ts';
import { Skeleton } from '../components/ui/skeleton.tsx';
import { useSettings } from '../live/settings.ts';
import { editorOptions, fontOptions } from './editor-options.ts';
import { hideBracketColours, withLineFeeds } from './text/text-models.ts';
import { useMonaco } from './use-monaco.ts';
import { useNear } from './use-near.ts';

export interface TextDiffProps {
  readonly before: string;
  readonly after: string;
  readonly language: string;
  /** One column instead of two. */
  readonly inline: boolean;
  /** What is compared, as in "system message". */
  readonly label: string;
  /** Pixels; a longer difference scrolls. */
  readonly maxHeight?: number;
}

const diffOptions: editor.IStandaloneDiffEditorConstructionOptions = {
  ...editorOptions,
  lineDecorationsWidth: 16,
  readOnly: true,
  originalEditable: false,
  domReadOnly: true,
  contextmenu: false,
  renderOverviewRuler: false,
  renderMarginRevertIcon: false,
  renderGutterMenu: false,
  useInlineViewWhenSpaceIsLimited: false,
  ignoreTrimWhitespace: false,
  diffWordWrap: 'on',
  wordWrap: 'on',
  hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 5, revealLineCount: 20 },
};

const disposeDelayMs = 10_000;

/** Two texts and what differs, to the word; as high as it needs to be. */
export function TextDiff(props: TextDiffProps) {
  const monaco = useMonaco();
  return monaco === null ? <Skeleton className="m-2 h-16" /> : <Mounted {...props} />;
}

function Mounted({ before, after, language, inline, label, maxHeight = 640 }: TextDiffProps) {
  const { editorFontSize } = useSettings();
  const theme = useTheme();
  const [instance, setInstance] = useState<editor.IStandaloneDiffEditor | null>(null);
  const [options] = useState(() => ({ ...diffOptions, ...fontOptions(editorFontSize), renderSideBySide: !inline }));
  const [height, setHeight] = useState(60);
  const element = useRef<HTMLDivElement>(null);
  const leave = useCallback(() => setInstance(null), []);
  const isNear = useNear(element, leave);

  useEffect(() => {
    if (instance === null) return;
    const [original, modified] = [instance.getOriginalEditor(), instance.getModifiedEditor()];
    const measure = () => setHeight(Math.max(original.getContentHeight(), modified.getContentHeight()));
    measure();
    const subscriptions = [
      original.onDidContentSizeChange(measure),
      modified.onDidContentSizeChange(measure),
      instance.onDidUpdateDiff(measure),
    ];
    return () => {
      for (const subscription of subscriptions) subscription.dispose();
    };
  }, [instance]);

  // Before the editor is taken away, which happens in an effect.
  useLayoutEffect(() => {
    return () => {
      const models = instance?.getModel();
      // A comparison in the worker may still read the models and would throw.
      setTimeout(() => {
        models?.original.dispose();
        models?.modified.dispose();
      }, disposeDelayMs);
    };
  }, [instance]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of language brings the colours back
  useEffect(() => {
    const models = instance?.getModel();
    if (models) for (const model of [models.original, models.modified]) hideBracketColours(model);
  }, [instance, language]);

  useEffect(() => {
    instance?.updateOptions({ renderSideBySide: !inline, ...fontOptions(editorFontSize) });
    instance?.getOriginalEditor().updateOptions({ ariaLabel: `${label}, before` });
    instance?.getModifiedEditor().updateOptions({ ariaLabel: `${label}, after` });
  }, [instance, inline, editorFontSize, label]);

  return (
    <div ref={element} className="overflow-hidden" style={{ height: Math.min(maxHeight, Math.max(34, height)) }}>
      {isNear && (
        <DiffEditor
          original={withLineFeeds(before)}
          modified={withLineFeeds(after)}
          language={language}
          theme={`promptdev-${theme}`}
          options={options}
          loading={null}
          keepCurrentOriginalModel
          keepCurrentModifiedModel
          onMount={(created) => {
            created.layout();
            setInstance(created);
          }}
        />
      )}
    </div>
  );
}
