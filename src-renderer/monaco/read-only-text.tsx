import type { editor } from 'monaco-editor/editor/editor.api.js';
import { useEffect, useRef, useState } from 'react';
import { useSettings } from '../workbench/settings-store.ts';
import { editorOptions } from './editor-options.ts';
import type { Monaco } from './load.ts';
import { createTextModel, setLanguage } from './text-models.ts';
import { useMonaco } from './use-monaco.ts';

export interface ReadOnlyTextProps {
  readonly value: string;
  readonly language: string;
  readonly label: string;
  /** Told where each line begins, in pixels from the top, whenever that changes; the last entry is where the text ends. */
  readonly onLayout?: (tops: readonly number[]) => void;
}

const readOnlyOptions: editor.IStandaloneEditorConstructionOptions = {
  ...editorOptions,
  readOnly: true,
  domReadOnly: true,
  contextmenu: false,
  wordWrap: 'on',
};

/** A text to read and copy from, with its colours, as high as it is. */
export function ReadOnlyText(props: ReadOnlyTextProps) {
  const monaco = useMonaco();
  if (monaco !== null) return <Mounted {...props} monaco={monaco} />;
  return <pre className="overflow-hidden py-1.5 pl-10 font-mono whitespace-pre-wrap">{props.value}</pre>;
}

function Mounted({ monaco, value, language, label, onLayout }: ReadOnlyTextProps & { readonly monaco: Monaco }) {
  const { editorFontSize } = useSettings();
  const element = useRef<HTMLDivElement>(null);
  const [instance, setInstance] = useState<editor.IStandaloneCodeEditor | null>(null);
  const [height, setHeight] = useState(60);
  const report = useRef(onLayout);
  useEffect(() => {
    report.current = onLayout;
  });

  useEffect(() => {
    const created = monaco.editor.create(element.current as HTMLDivElement, {
      ...readOnlyOptions,
      model: createTextModel(monaco, 'plaintext', ''),
    });
    const measure = () => {
      const model = created.getModel();
      if (model === null) return;
      setHeight(created.getContentHeight());
      const lines = model.getLineCount();
      const tops = Array.from({ length: lines }, (_, line) => created.getTopForLineNumber(line + 1));
      report.current?.([...tops, created.getBottomForLineNumber(lines)]);
    };
    const subscriptions = [created.onDidContentSizeChange(measure), created.onDidLayoutChange(measure)];
    setInstance(created);
    return () => {
      for (const subscription of subscriptions) subscription.dispose();
      created.getModel()?.dispose();
      created.dispose();
      setInstance(null);
    };
  }, [monaco]);

  useEffect(() => {
    const model = instance?.getModel();
    if (!model) return;
    setLanguage(monaco, model, language);
    model.setValue(value);
  }, [monaco, instance, value, language]);

  useEffect(() => {
    instance?.updateOptions({
      fontSize: editorFontSize,
      lineHeight: Math.round(editorFontSize * 1.55),
      ariaLabel: label,
    });
  }, [instance, editorFontSize, label]);

  return <div ref={element} className="overflow-hidden" style={{ height: Math.max(36, height) }} />;
}
