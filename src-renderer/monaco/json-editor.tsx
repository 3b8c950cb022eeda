import { useCallback, useId, useMemo, useRef } from 'react';
import type { TextProblem } from '../../src-core/content/inputs/messages-text.ts';
import { cn } from '../components/ui/cn.ts';
import { markedText } from '../components/ui/foreign-text.tsx';
import { CodeEditor, type CodeEditorHandle } from './code-editor.tsx';

export interface JsonEditorProps {
  /** Names the text; its undo history lives as long as the tab. */
  readonly uri: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Spoken; a visible label stands above. */
  readonly label: string;
  readonly placeholder?: string;
  /** What is wrong with the text, and where. */
  readonly problem?: TextProblem | null;
  /** What is wrong where no place is known. */
  readonly error?: string | null;
  /** Path of the field in a draft, so that it can be gone to. */
  readonly path?: string;
  readonly maxHeight?: number;
  readonly className?: string;
  readonly ref?: (editor: CodeEditorHandle | null) => void;
}

/** JSON to edit in a form: its first problem is marked in the text and told below with line and column. */
export function JsonEditor(props: JsonEditorProps) {
  const { uri, value, onChange, label, placeholder, problem = null, error = null, path, maxHeight = 320 } = props;
  const note = useId();
  const editor = useRef<CodeEditorHandle | null>(null);
  const { ref } = props;
  const onEditor = useCallback(
    (made: CodeEditorHandle | null) => {
      editor.current = made;
      ref?.(made);
    },
    [ref],
  );
  const markers = useMemo(() => (problem === null ? [] : [{ severity: 'error' as const, ...problem }]), [problem]);
  const sentence =
    problem === null ? error : `Line ${problem.start.line}, column ${problem.start.column}: ${problem.message}`;
  return (
    <div className={cn('flex min-w-0 flex-col gap-1', props.className)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only hands the focus on to the text inside */}
      <div
        data-field={path}
        data-json
        tabIndex={-1}
        onFocus={(event) => event.target === event.currentTarget && editor.current?.focus()}
        aria-describedby={sentence === null ? undefined : note}
        className={cn(
          'overflow-hidden rounded-md border border-border-strong bg-background transition-colors focus-within:outline-2 focus-within:outline-accent hover:border-faint',
          sentence !== null && 'border-danger',
        )}
      >
        <CodeEditor
          ref={onEditor}
          uri={uri}
          language="json"
          value={value}
          onChange={onChange}
          label={`${label}. JSON.`}
          {...(placeholder !== undefined && { placeholder })}
          markers={markers}
          minHeight={60}
          maxHeight={maxHeight}
          tabMovesFocus
        />
      </div>
      {sentence !== null && (
        <p id={note} role="status" className="text-xs break-words text-danger">
          {markedText(sentence)}
        </p>
      )}
    </div>
  );
}
