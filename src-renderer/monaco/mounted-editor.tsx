import { Editor } from '@monaco-editor/react';
import type { editor } from 'monaco-editor/editor/editor.api.js';
import { memo, type ReactNode, useState } from 'react';
import { useTheme } from '../workbench/theme.ts';

export interface MountedEditorProps {
  /** Uri of a text that outlives the editor; absent makes a text that goes with it. */
  readonly path?: string;
  readonly value?: string;
  readonly language?: string;
  readonly options: editor.IStandaloneEditorConstructionOptions;
  /** Called before the editor asks for its text, to have it there. */
  readonly beforeMount?: () => void;
  readonly onMount: (created: editor.IStandaloneCodeEditor) => void;
  /** What shows until the editor does. */
  readonly plain: ReactNode;
}

/** An editor that fills its element, with what `@monaco-editor/react` does to have it there and take it away. */
export const MountedEditor = memo(({ path, options, beforeMount, onMount, plain, ...text }: MountedEditorProps) => {
  const theme = useTheme();
  const [isShown, setShown] = useState(false);
  return (
    <div className="relative h-full">
      <Editor
        {...text}
        path={path}
        theme={`promptdev-${theme}`}
        options={options}
        loading={null}
        keepCurrentModel={path !== undefined}
        saveViewState={false}
        beforeMount={beforeMount}
        onMount={(created) => {
          onMount(created);
          // It was made while it had no size; without this it would be empty for a frame.
          created.layout();
          created.render(true);
          setShown(true);
        }}
      />
      {!isShown && <div className="absolute inset-0 overflow-hidden">{plain}</div>}
    </div>
  );
}, looksSame);

/** The rest counts only when the editor is made; it must not be drawn again for every key. */
function looksSame(one: MountedEditorProps, other: MountedEditorProps): boolean {
  const keys = ['path', 'value', 'language', 'options'] as const;
  return keys.every((key) => one[key] === other[key]);
}
