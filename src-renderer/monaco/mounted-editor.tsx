import { Editor } from '@monaco-editor/react';
import type { editor } from 'monaco-editor/editor/editor.api.js';
import { memo, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTheme } from '../components/theme.ts';
import { useNear } from './use-near.ts';

export interface MountedEditorProps {
  /** Uri of a text that outlives the editor; absent makes a text that goes with it. */
  readonly path?: string;
  readonly value?: string;
  readonly language?: string;
  readonly options: editor.IStandaloneEditorConstructionOptions;
  /** Called before the editor asks for its text, to have it there. */
  readonly beforeMount?: () => void;
  /** Called with null before the editor is removed because it is far out of view. */
  readonly onMount: (created: editor.IStandaloneCodeEditor | null) => void;
  /** What shows while the editor does not. */
  readonly plain: ReactNode;
}

/** A Monaco editor that fills its element; it exists only while it is in view or near it. */
export function MountedEditor({ plain, ...props }: MountedEditorProps) {
  const [isShown, setShown] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const { onMount } = props;
  const told = useRef(onMount);
  useEffect(() => {
    told.current = onMount;
  });
  const leave = useCallback(() => {
    told.current(null);
    setShown(false);
  }, []);
  const isNear = useNear(element, leave);
  return (
    <div ref={element} className="relative h-full">
      {isNear && (
        <MadeEditor
          {...props}
          onMount={(created) => {
            told.current(created);
            // The editor was made without a size and would be empty for a frame.
            created.layout();
            created.render(true);
            setShown(true);
          }}
        />
      )}
      {!isShown && <div className="absolute inset-0 overflow-hidden">{plain}</div>}
    </div>
  );
}

type MadeEditorProps = Omit<MountedEditorProps, 'plain' | 'onMount'> & {
  readonly onMount: (created: editor.IStandaloneCodeEditor) => void;
};

const MadeEditor = memo(({ path, ...props }: MadeEditorProps) => {
  const theme = useTheme();
  return (
    <Editor
      {...props}
      path={path}
      theme={`promptdev-${theme}`}
      loading={null}
      keepCurrentModel={path !== undefined}
      saveViewState={false}
    />
  );
}, looksSame);

/** The other props are read only when the editor is made, so they need no new render. */
function looksSame(one: MadeEditorProps, other: MadeEditorProps): boolean {
  const keys = ['path', 'value', 'language', 'options'] as const;
  return keys.every((key) => one[key] === other[key]);
}
