import { ChevronRight } from 'lucide-react';
import { type ReactNode, useCallback, useId, useMemo, useRef, useState } from 'react';
import { jsonTextProblem } from '../../../src-core/content/inputs/messages-text.ts';
import { fieldAt } from '../../../src-core/library/drafts/draft-fields.ts';
import { Badge } from '../../components/ui/badge.tsx';
import { cn } from '../../components/ui/cn.ts';
import { type DraftHandle, useDraft } from '../../live/drafts/draft-store.ts';
import type { CodeEditorHandle } from '../../monaco/code-editor.tsx';
import { JsonEditor } from '../../monaco/json-editor.tsx';
import { useField } from './draft/use-field.ts';

export interface ExtraFieldProps {
  readonly handle: DraftHandle;
  /** As in `settings/extra`. */
  readonly path: string;
  /** Names the text of the editor, whatever its path becomes. */
  readonly uri: string;
  /** Whose parameters they are, as in "message 2". */
  readonly of: string;
  readonly hint: ReactNode;
  /** Open at first, because a person has just asked for it. */
  readonly asked?: boolean;
  readonly className?: string;
}

/** Whether there are provider parameters at a path, or a text that is to become some. */
export function useHasExtra(handle: DraftHandle, path: string): boolean {
  return useDraft(
    handle,
    ({ content, typed }) => typed[path] !== undefined || (fieldAt(path, content)?.read(content) ?? '') !== '',
  );
}

/** What only one provider knows, as JSON behind a heading. */
export function ExtraField(props: ExtraFieldProps) {
  const { handle, path, of, asked = false } = props;
  const held = useDraft(handle, ({ typed }) => typed[path] !== undefined);
  const isSet = useHasExtra(handle, path);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const body = useId();
  // What is not valid yet shows itself, because a run is refused for it.
  const open = chosen ?? (asked || held);
  return (
    <div className={cn('flex min-w-0 flex-col gap-1.5', props.className)}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? body : undefined}
        aria-label={`Provider parameters of ${of}`}
        onClick={() => setChosen(!open)}
        className="flex h-6 items-center gap-1 self-start rounded-sm pr-1.5 text-xs font-medium text-muted hover:text-foreground"
      >
        <ChevronRight aria-hidden="true" className={cn('size-3.5 transition-transform', open && 'rotate-90')} />
        Provider parameters
        {held ? <Badge tone="danger">not valid yet</Badge> : isSet && !open && <Badge>set</Badge>}
      </button>
      {(open || held) && (
        <div id={body} hidden={!open} className="flex flex-col gap-1">
          <Editor {...props} />
        </div>
      )}
    </div>
  );
}

function Editor({ handle, path, uri, of, hint, asked = false }: ExtraFieldProps) {
  const editor = useRef<CodeEditorHandle>(null);
  // It is there when the text editor is.
  const onEditor = useCallback(
    (made: CodeEditorHandle | null) => {
      if (asked && editor.current === null) made?.focus();
      editor.current = made;
    },
    [asked],
  );
  const { text, error, onChange } = useField(handle, path);
  const problem = useMemo(() => (error === null || text.trim() === '' ? null : jsonTextProblem(text)), [text, error]);
  return (
    <>
      <JsonEditor
        ref={onEditor}
        uri={uri}
        path={path}
        value={text}
        onChange={onChange}
        label={`Provider parameters of ${of}`}
        placeholder={'{ "top_k": 40 }'}
        problem={problem}
        error={error}
      />
      {error === null && <p className="text-xs text-muted">{hint}</p>}
    </>
  );
}
