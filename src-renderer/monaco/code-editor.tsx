import type { editor } from 'monaco-editor/editor/editor.api.js';
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import type { ProblemFix } from '../../src-core/content/templates/content-problem.ts';
import type { Replacement } from '../../src-core/content/templates/problem-edits.ts';
import { cn } from '../components/ui/cn.ts';
import { useSettings } from '../live/settings.ts';
import { editorOptions, fontOptions, templateOptions } from './editor-options.ts';
import type { Monaco } from './load.ts';
import { MountedEditor } from './mounted-editor.tsx';
import { showMarkers, showProblem } from './template/template-fixes.ts';
import { setScope, type TemplateScope } from './template/template-scope.ts';
import { goOverEnds } from './template/template-typing.ts';
import { keepView, setText, textModel, viewOf, withLineFeeds } from './text/text-models.ts';
import { useMonaco } from './use-monaco.ts';

/** A stretch of text to mark; lines and columns count from 1. */
export interface CodeMarker {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  /** A fix that changes more than this text. */
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

/** What the parent may do with an editor. */
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
  /** Tab goes to the next field instead of indenting. */
  readonly tabMovesFocus?: boolean;
  /** Escape, when it closes nothing else. */
  readonly onLeave?: () => void;
  readonly ref?: Ref<CodeEditorHandle>;
  readonly className?: string;
}

/** A text editor as high as its text. Shows the plain text until the editor has been loaded. */
export function CodeEditor(props: CodeEditorProps) {
  const monaco = useMonaco();
  if (monaco === null) return <PlainText {...props} />;
  return <Mounted key={`${props.language} ${props.uri}`} {...props} monaco={monaco} />;
}

const PlainText = ({ value, scope, minHeight, maxHeight, className }: CodeEditorProps) => (
  <pre
    className={cn(
      'overflow-hidden py-1.5 font-mono whitespace-pre-wrap text-foreground',
      scope === undefined ? 'pl-10' : 'pl-[54px]',
      className,
    )}
    style={{ minHeight, maxHeight }}
  >
    {value}
  </pre>
);

/** Pixels that a text takes, as long as none of its lines is wrapped. */
function heightOf(text: string, fontSize: number): number {
  const lines = text.split('\n').length;
  return lines * fontOptions(fontSize).lineHeight + 14;
}

function Mounted({ monaco, ...props }: CodeEditorProps & { readonly monaco: Monaco }) {
  const { uri, language, value, label, placeholder, minHeight = 60, maxHeight = 560, className } = props;
  const { editorFontSize, editorWordWrap } = useSettings();
  const element = useRef<HTMLDivElement>(null);
  const [instance, setInstance] = useState<editor.IStandaloneCodeEditor | null>(null);
  const [options] = useState(() => ({
    ...(props.scope === undefined ? editorOptions : templateOptions),
    ...fontOptions(editorFontSize),
    wordWrap: editorWordWrap ? ('on' as const) : ('off' as const),
    ariaLabel: label,
    placeholder,
    tabFocusMode: props.tabMovesFocus ?? false,
  }));
  const latest = useRef(props);
  /** The text that the editor was given or gave last. */
  const written = useRef<string | null>(null);
  // Whether a hover shows, which Escape closes first; Monaco hides it at any key without stopping the event.
  const hadHover = useRef(false);
  const [height, setHeight] = useState(() => heightOf(value, editorFontSize));
  useEffect(() => {
    latest.current = props;
  });

  const prepare = () => {
    const model = textModel(monaco, uri, language, latest.current.value);
    const { scope } = latest.current;
    if (scope !== undefined) setScope(model, () => latest.current.scope?.() ?? scope());
  };
  const begin = (created: editor.IStandaloneCodeEditor | null) => {
    setInstance(created);
    if (created === null) return;
    if (latest.current.scope !== undefined) goOverEnds(created);
    const view = viewOf(uri);
    if (view !== null) created.restoreViewState(view);
  };

  useEffect(() => {
    const model = instance?.getModel();
    if (!instance || !model) return;
    const measure = () => setHeight(instance.getContentHeight());
    measure();
    const subscriptions = [
      instance.onDidContentSizeChange(measure),
      model.onDidChangeContent(({ isUndoing, isRedoing }) => {
        const text = model.getValue();
        // Monaco reports text that was set from outside as a change too.
        if (text === written.current) return;
        written.current = text;
        latest.current.onChange(text, isUndoing ? 'undo' : isRedoing ? 'redo' : null);
      }),
    ];
    return () => {
      for (const subscription of subscriptions) subscription.dispose();
    };
  }, [instance]);

  // Before the editor is taken away, which happens in an effect.
  useLayoutEffect(() => {
    if (instance === null) return;
    const model = instance.getModel();
    return () => {
      keepView(uri, instance.saveViewState());
      // A text without an editor has no markers, so that F8 does not go there.
      if (model !== null && !model.isDisposed()) showMarkers(monaco, model, []);
    };
  }, [monaco, instance, uri]);

  // A layout effect, because after it the next key may already have been typed and would be undone.
  useLayoutEffect(() => {
    const model = instance?.getModel();
    if (!model || value === written.current) return;
    written.current = withLineFeeds(value);
    setText(model, value);
  }, [instance, value]);

  useEffect(() => {
    instance?.updateOptions({
      ...fontOptions(editorFontSize),
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

  useLineNotes(instance, props.lineNotes, props.scope !== undefined);

  useImperativeHandle<CodeEditorHandle | null, CodeEditorHandle | null>(
    props.ref,
    () =>
      instance && {
        focus: () => instance.focus(),
        cursor: () => {
          // Monaco reports the lost focus after the next editor has already got it.
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
    >
      <MountedEditor
        path={uri}
        options={options}
        beforeMount={prepare}
        onMount={begin}
        plain={<PlainText {...props} />}
      />
    </div>
  );
}

/** Shows what stands before the numbers of the lines. */
function useLineNotes(
  instance: editor.IStandaloneCodeEditor | null,
  lineNotes: readonly LineNote[] | undefined,
  isTemplate: boolean,
): void {
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
      const { lineNumbersMinChars } = isTemplate ? templateOptions : editorOptions;
      instance.updateOptions({ lineNumbersMinChars, lineNumbers: 'on' });
    };
  }, [instance, lineNotes, isTemplate]);
}

const isShown = (hover: Element | null | undefined): boolean =>
  hover?.checkVisibility({ visibilityProperty: true }) ?? false;
