import type { editor } from 'monaco-editor/editor/editor.api.js';
import { useEffect, useRef, useState } from 'react';
import { useSettings } from '../live/settings.ts';
import { editorOptions, fontOptions } from './editor-options.ts';
import { MountedEditor } from './mounted-editor.tsx';
import { hideBracketColours, withLineFeeds } from './text/text-models.ts';
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
  return monaco === null ? <Plain value={props.value} /> : <Mounted {...props} />;
}

const Plain = ({ value }: Pick<ReadOnlyTextProps, 'value'>) => (
  <pre className="overflow-hidden py-1.5 pl-10 font-mono whitespace-pre-wrap">{value}</pre>
);

function Mounted({ value, language, label, onLayout }: ReadOnlyTextProps) {
  const { editorFontSize } = useSettings();
  const [instance, setInstance] = useState<editor.IStandaloneCodeEditor | null>(null);
  const [options] = useState(() => ({ ...readOnlyOptions, ...fontOptions(editorFontSize), ariaLabel: label }));
  const [height, setHeight] = useState(60);
  const report = useRef(onLayout);
  useEffect(() => {
    report.current = onLayout;
  });

  useEffect(() => {
    if (instance === null) return;
    const measure = () => {
      const model = instance.getModel();
      if (model === null) return;
      setHeight(instance.getContentHeight());
      const lines = model.getLineCount();
      const tops = Array.from({ length: lines }, (_, line) => instance.getTopForLineNumber(line + 1));
      report.current?.([...tops, instance.getBottomForLineNumber(lines)]);
    };
    measure();
    const subscriptions = [instance.onDidContentSizeChange(measure), instance.onDidLayoutChange(measure)];
    return () => {
      for (const subscription of subscriptions) subscription.dispose();
    };
  }, [instance]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of language brings the colours back
  useEffect(() => {
    const model = instance?.getModel();
    if (model) hideBracketColours(model);
  }, [instance, language]);

  useEffect(() => {
    instance?.updateOptions({ ...fontOptions(editorFontSize), ariaLabel: label });
  }, [instance, editorFontSize, label]);

  return (
    <div className="overflow-hidden" style={{ height: Math.max(36, height) }}>
      <MountedEditor
        value={withLineFeeds(value)}
        language={language}
        options={options}
        onMount={setInstance}
        plain={<Plain value={value} />}
      />
    </div>
  );
}
