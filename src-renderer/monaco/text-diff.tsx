import type { editor } from 'monaco-editor/editor/editor.api.js';
import { useEffect, useRef, useState } from 'react';
import { Skeleton } from '../components/ui/skeleton.tsx';
import { useSettings } from '../workbench/settings-store.ts';
import { editorOptions } from './editor-options.ts';
import type { Monaco } from './load.ts';
import { createTextModel, setLanguage } from './text-models.ts';
import { useMonaco } from './use-monaco.ts';

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
  return monaco === null ? <Skeleton className="m-2 h-16" /> : <Mounted {...props} monaco={monaco} />;
}

function Mounted({
  monaco,
  before,
  after,
  language,
  inline,
  label,
  maxHeight = 640,
}: TextDiffProps & { readonly monaco: Monaco }) {
  const { editorFontSize } = useSettings();
  const element = useRef<HTMLDivElement>(null);
  const [instance, setInstance] = useState<editor.IStandaloneDiffEditor | null>(null);
  const [height, setHeight] = useState(60);

  useEffect(() => {
    const created = monaco.editor.createDiffEditor(element.current as HTMLDivElement, diffOptions);
    const [original, modified] = [created.getOriginalEditor(), created.getModifiedEditor()];
    const measure = () => setHeight(Math.max(original.getContentHeight(), modified.getContentHeight()));
    const subscriptions = [
      original.onDidContentSizeChange(measure),
      modified.onDidContentSizeChange(measure),
      created.onDidUpdateDiff(measure),
    ];
    const models = {
      original: createTextModel(monaco, 'plaintext', ''),
      modified: createTextModel(monaco, 'plaintext', ''),
    };
    created.setModel(models);
    setInstance(created);
    return () => {
      for (const subscription of subscriptions) subscription.dispose();
      created.dispose();
      // A comparison that is under way in the worker still reads them, and throws when they are gone.
      setTimeout(() => {
        models.original.dispose();
        models.modified.dispose();
      }, disposeDelayMs);
      setInstance(null);
    };
  }, [monaco]);

  useEffect(() => {
    const models = instance?.getModel();
    if (!models) return;
    for (const model of [models.original, models.modified]) setLanguage(monaco, model, language);
    models.original.setValue(before);
    models.modified.setValue(after);
  }, [monaco, instance, before, after, language]);

  useEffect(() => {
    instance?.updateOptions({
      renderSideBySide: !inline,
      fontSize: editorFontSize,
      lineHeight: Math.round(editorFontSize * 1.55),
    });
    instance?.getOriginalEditor().updateOptions({ ariaLabel: `${label}, before` });
    instance?.getModifiedEditor().updateOptions({ ariaLabel: `${label}, after` });
  }, [instance, inline, editorFontSize, label]);

  return (
    <div ref={element} className="overflow-hidden" style={{ height: Math.min(maxHeight, Math.max(34, height)) }} />
  );
}
