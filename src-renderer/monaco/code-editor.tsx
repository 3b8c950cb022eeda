import type { editor } from 'monaco-editor/editor/editor.api.js';
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import type { ProblemFix } from '../../src-core/content/content-problem.ts';
import type { Replacement } from '../../src-core/content/problem-edits.ts';
import { cn } from '../components/cn.ts';
import { useSettings } from '../workbench/settings-store.ts';
import { editorOptions, templateOptions } from './editor-options.ts';
import { loadedMonaco, loadMonaco, type Monaco } from './load.ts';
import { showMarkers, showProblem } from './template-fixes.ts';
import { setScope, type TemplateScope } from './template-scope.ts';
import { goOverEnds } from './template-typing.ts';
import { keepView, setText, textModel, viewOf, withLineFeeds } from './text-models.ts';

/** A place to mark, 1-based as everywhere. */
export interface CodeMarker {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  /** What one click does about it, beyond this text. */
  readonly fix?: ProblemFix;
  /** Other words that may have been meant. */
  readonly replacements?: readonly Replacement[];
}

/** What stands before the number of a line. */
export interface LineNote {
  /** A few letters and digits, as in `v12`. */
  readonly mark: string;
  /** Shown at the mark, in one line. */
  readonly detail: string;
}

/** What others may do with an editor. */
export interface CodeEditorHandle {
  focus(): void;
  /** Where the cursor is; null when it is in another text. */
  cursor(): { readonly line: number; readonly column: number } | null;
  reveal(position: { readonly line: number; readonly column: number }): void;
  /** Goes to a marked place and says under its line what is wrong there. */
  showProblem(position: { readonly line: number; readonly column: number }): void;
}

/** Whether a text changed because a person took a change back or did it again, and not by typing. */
export type UndoStep = 'undo' | 'redo';

export interface CodeEditorProps {
  /** Names the text; its undo history lives as long as the tab. */
  readonly uri: string;
  readonly language: string;
  readonly value: string;
  readonly onChange: (value: string, step: UndoStep | null) => void;
  readonly label: string;
  readonly placeholder?: string;
  readonly markers?: readonly CodeMarker[];
  /** One per line; absent shows the numbers alone. */
  readonly lineNotes?: readonly LineNote[];
  readonly scope?: () => TemplateScope;
  /** Pixels; the editor is as high as its text, within these. */
  readonly minHeight?: number;
  readonly maxHeight?: number;
  /** Escape, when it closes nothing else. */
  readonly onLeave?: () => void;
  readonly ref?: Ref<CodeEditorHandle>;
  readonly className?: string;
}

/** A text editor as high as its text. Shows the plain text until the editor has been loaded. */
export function CodeEditor(props: CodeEditorProps) {
  const [monaco, setMonaco] = useState<Monaco | null>(loadedMonaco);
  useEffect(() => {
    if (monaco === null) loadMonaco().then(setMonaco);
  }, [monaco]);
  if (monaco !== null) return <Mounted {...props} monaco={monaco} />;
  return (
    <pre
      className={cn(
        'overflow-hidden py-1.5 font-mono whitespace-pre-wrap text-foreground',
        props.scope === undefined ? 'pl-10' : 'pl-[54px]',
        props.className,
      )}
      style={{ minHeight: props.minHeight, maxHeight: props.maxHeight }}
    >
      {props.value}
    </pre>
  );
}

function Mounted({ monaco, ...props }: CodeEditorProps & { readonly monaco: Monaco }) {
  const { uri, language, value, label, placeholder, minHeight = 60, maxHeight = 560, className } = props;
  const { editorFontSize, editorWordWrap } = useSettings();
  const element = useRef<HTMLDivElement>(null);
  const [instance, setInstance] = useState<editor.IStandaloneCodeEditor | null>(null);
  const latest = useRef(props);
  const written = useRef<string | null>(null);
  // Monaco hides it with any key and stops none.
  const hadHover = useRef(false);
  const [height, setHeight] = useState(minHeight);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const model = textModel(monaco, uri, language, latest.current.value);
    const { scope } = latest.current;
    if (scope !== undefined) setScope(model, () => latest.current.scope?.() ?? scope());
    const options = scope === undefined ? editorOptions : templateOptions;
    const created = monaco.editor.create(element.current as HTMLDivElement, { ...options, model });
    if (scope !== undefined) goOverEnds(created);
    setInstance(created);
    const view = viewOf(uri);
    if (view !== null) created.restoreViewState(view);
    const measure = () => setHeight(created.getContentHeight());
    measure();
    const subscriptions = [
      created.onDidContentSizeChange(measure),
      model.onDidChangeContent(({ isUndoing, isRedoing }) => {
        const text = model.getValue();
        // What this editor was given comes back as a change of its text; nobody typed it.
        if (written.current !== null && text === withLineFeeds(written.current)) return;
        written.current = text;
        latest.current.onChange(text, isUndoing ? 'undo' : isRedoing ? 'redo' : null);
      }),
    ];
    return () => {
      keepView(uri, created.saveViewState());
      // What is not shown is not checked either, and no key leads there.
      if (!model.isDisposed()) showMarkers(monaco, model, []);
      for (const subscription of subscriptions) subscription.dispose();
      created.dispose();
      setInstance(null);
    };
  }, [monaco, uri, language]);

  // In the same moment as the render: later, the next key could already be there, and would be taken back.
  useLayoutEffect(() => {
    const model = instance?.getModel();
    if (!model || value === written.current) return;
    written.current = value;
    setText(model, value);
  }, [instance, value]);

  useEffect(() => {
    instance?.updateOptions({
      fontSize: editorFontSize,
      lineHeight: Math.round(editorFontSize * 1.55),
      wordWrap: editorWordWrap ? 'on' : 'off',
      ariaLabel: label,
      placeholder,
    });
  }, [instance, editorFontSize, editorWordWrap, label, placeholder]);

  const { markers } = props;
  useEffect(() => {
    const model = instance?.getModel();
    if (model) showMarkers(monaco, model, markers ?? []);
  }, [monaco, instance, markers]);

  const { lineNotes } = props;
  useEffect(() => {
    if (instance === null || lineNotes === undefined) return;
    instance.updateOptions({
      lineNumbersMinChars: 9,
      // Monaco takes what this returns as HTML, so nothing but letters and digits may pass.
      lineNumbers: (line) => `${(lineNotes[line - 1]?.mark ?? '').replaceAll(/\W/g, '')}  ${String(line).padStart(3)}`,
    });
    const details = instance.createDecorationsCollection(
      lineNotes.map(({ detail }, index) => ({
        range: { startLineNumber: index + 1, startColumn: 1, endLineNumber: index + 1, endColumn: 1 },
        options: {
          description: 'line note',
          lineNumberHoverMessage: { value: detail.replaceAll(/[\\`*_{}[\]()#+.!<>|~-]/g, '\\$&') },
        },
      })),
    );
    return () => {
      details.clear();
      const { lineNumbersMinChars } = latest.current.scope === undefined ? editorOptions : templateOptions;
      instance.updateOptions({ lineNumbersMinChars, lineNumbers: 'on' });
    };
  }, [instance, lineNotes]);

  useImperativeHandle<CodeEditorHandle | null, CodeEditorHandle | null>(
    props.ref,
    () =>
      instance && {
        focus: () => instance.focus(),
        cursor: () => {
          // Monaco hears of a lost focus later than the next editor of having it.
          const isHere = instance.getContainerDomNode().contains(document.activeElement);
          const position = isHere ? instance.getPosition() : null;
          return position === null ? null : { line: position.lineNumber, column: position.column };
        },
        reveal: ({ line, column }) => {
          instance.setPosition({ lineNumber: line, column });
          instance.revealPositionInCenterIfOutsideViewport({ lineNumber: line, column });
          instance.focus();
        },
        showProblem: (position) => showProblem(monaco, instance, position),
      },
    [monaco, instance],
  );

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the text inside has the focus; Monaco stops what it uses itself
    <div
      ref={element}
      className={cn('overflow-hidden', className)}
      style={{ height: Math.min(maxHeight, Math.max(minHeight, height)) }}
      onKeyDownCapture={() => {
        hadHover.current = isShown(element.current?.querySelector('.monaco-hover'));
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && !hadHover.current) props.onLeave?.();
      }}
    />
  );
}

const isShown = (hover: Element | null | undefined): boolean =>
  hover?.checkVisibility({ visibilityProperty: true }) ?? false;
