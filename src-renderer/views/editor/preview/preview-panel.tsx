import { Eye } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Position } from '../../../../src-core/templates/runtime/types.ts';
import { CopyButton } from '../../../components/overlays/copy-button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { RoleLabel } from '../../../components/ui/role-label.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { inputsIn, spanAt, spanCount } from '../../../live/preview/packed-spans.ts';
import type { PreviewMessage } from '../../../live/preview/preview.ts';
import { openIncluded } from '../../../workbench/navigation/open-included.ts';
import { InputLegend } from '../inputs/input-legend.tsx';
import { Problems, type ProblemsProps } from '../problems/problems.tsx';
import { TokenCount, TokenMeter } from '../run/token-meter.tsx';
import type { TokenCounts } from '../run/use-token-counts.ts';
import { type PreviewStore, usePreview } from './live-preview.ts';
import { MarkedText } from './marked-text.tsx';
import { inputName, placeOfOutput } from './source-place.ts';

export interface PreviewPanelProps extends Pick<ProblemsProps, 'onGo' | 'onFix'> {
  readonly handle: DraftHandle;
  readonly preview: PreviewStore;
  readonly tokens: TokenCounts | null;
  /** Goes to a place of a message's template. */
  readonly onJump: (messageIndex: number, place: Position) => void;
}

/** The messages as the model will get them: what came from which input, and how many tokens it is. */
export function PreviewPanel({ handle, preview, tokens, onGo, onFix, onJump }: PreviewPanelProps) {
  const messages = usePreview(preview, (state) => state.messages);
  const problems = usePreview(preview, (state) => state.problems);
  const isStale = usePreview(preview, (state) => state.isStale);
  const maxTokens = useDraft(handle, (state) => state.content.settings.maxTokens);
  const declared = useDraft(handle, (state) => state.content.inputs);
  const inputs = useSame(
    shownInputs(
      messages ?? [],
      declared.map(({ name }) => name),
    ),
  );

  const jump = (message: PreviewMessage, offset: number) => {
    const place = placeOfOutput(message, offset);
    if (place === null) return;
    if (place.template === null) onJump(message.messageIndex, place);
    else void openIncluded(place.template);
  };
  const jumpToInput = (input: string) => {
    for (const message of messages ?? []) {
      const start = firstOf(message, input);
      if (start !== null) return jump(message, start);
    }
  };

  return (
    <div className="flex h-full flex-col">
      <section
        aria-label="Rendered preview"
        className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard
        tabIndex={0}
      >
        <Problems problems={problems} onGo={onGo} onFix={onFix} />
        {messages === null ? (
          problems.length > 0 && (
            <EmptyState icon={Eye} title="No preview yet" className="h-auto py-6">
              It shows as soon as the errors above are gone.
            </EmptyState>
          )
        ) : (
          <>
            {isStale && (
              <p role="status" className="text-sm text-muted">
                Below is the last preview; it follows again as soon as the errors are gone.
              </p>
            )}
            <InputLegend inputs={inputs} onPick={jumpToInput} />
            <ol className="flex flex-col gap-4" data-marked>
              {messages.map((message, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a rendered message is its position
                <li key={index} className="group">
                  <div className="mb-1 flex h-5 items-center gap-2 text-xs text-muted">
                    <RoleLabel role={message.role} />
                    {tokens?.counts[index] !== undefined && (
                      <TokenCount count={tokens.counts[index]} exact={tokens.exact} />
                    )}
                    <span className="ml-auto opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
                      <CopyButton text={message.text} label={`rendered message ${index + 1}`} />
                    </span>
                  </div>
                  <div
                    className={cn(
                      'foreign border-l-2 pl-3 font-mono text-sm leading-5 break-words whitespace-pre-wrap select-text',
                      isStale && 'border-dashed text-muted',
                    )}
                  >
                    <MarkedText message={message} inputs={inputs} onPick={(offset) => jump(message, offset)} />
                  </div>
                </li>
              ))}
            </ol>
          </>
        )}
      </section>
      {messages !== null && tokens !== null && (
        <footer className="shrink-0 border-t px-3 py-2">
          <TokenMeter tokens={tokens} maxTokens={maxTokens} />
        </footer>
      )}
    </div>
  );
}

/** Names of the inputs that any message shows: the declared ones in their order, so that colours stay, then the others. */
function shownInputs(messages: readonly PreviewMessage[], declared: readonly string[]): readonly string[] {
  const shown = new Set(messages.flatMap(({ spans }) => inputsIn(spans).flatMap((path) => inputName(path) ?? [])));
  return [...declared.filter((name) => shown.has(name)), ...[...shown].filter((name) => !declared.includes(name))];
}

/** The previous list when the names are the same, so that nothing renders again. */
function useSame(names: readonly string[]): readonly string[] {
  const before = useRef(names);
  const isSame = before.current.length === names.length && names.every((name, index) => name === before.current[index]);
  const kept = isSame ? before.current : names;
  useEffect(() => {
    before.current = kept;
  }, [kept]);
  return kept;
}

/** Where a message first shows an input. */
function firstOf({ spans }: PreviewMessage, input: string): number | null {
  for (let index = 0; index < spanCount(spans); index += 1) {
    const span = spanAt(spans, index);
    if (inputName(span.input) === input) return span.start;
  }
  return null;
}
