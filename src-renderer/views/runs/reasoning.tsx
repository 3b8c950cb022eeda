import { Brain, ChevronRight } from 'lucide-react';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { Run } from '../../../src-core/contract/runs.ts';
import { formatNumber } from '../../components/format.ts';
import { CopyButton } from '../../components/overlays/copy-button.tsx';
import { cn } from '../../components/ui/cn.ts';
import { ForeignText } from '../../components/ui/foreign-text.tsx';

interface ReasoningProps {
  readonly text: string;
  /** Null when the model does not say. */
  readonly tokens: Run['reasoningTokens'];
  /** Whether the answer has not begun. */
  readonly thinking: boolean;
}

/** What a model thought before it answered: open while it thinks, folded away once it answers, unless a person chose. */
export function Reasoning({ text, tokens, thinking }: ReasoningProps) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const id = useId();
  const open = chosen ?? thinking;
  if (text === '' && !(tokens !== null && tokens > 0)) return null;
  const label = thinking ? 'Thinking' : 'Reasoning';
  const size = tokens === null ? `${formatNumber(text.length)} characters` : `${formatNumber(tokens)} tokens`;
  if (text === '')
    return (
      <p className="flex h-6 items-center gap-1.5 text-sm text-muted">
        <Brain aria-hidden="true" className="size-3.5" /> The model thought for {size} and keeps them to itself.
      </p>
    );
  return (
    <section aria-label="Reasoning" className="rounded-md border bg-panel">
      <div className="flex h-7 items-center gap-1 pr-1">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setChosen(!open)}
          className="flex h-full min-w-0 flex-1 items-center gap-1.5 rounded-md px-2 text-left text-sm text-muted hover:text-foreground"
        >
          <ChevronRight aria-hidden="true" className={cn('size-3.5 transition-transform', open && 'rotate-90')} />
          <Brain aria-hidden="true" className={cn('size-3.5', thinking && 'animate-pulse text-accent-text')} />
          <span className="font-medium">{label}</span>
          <span className="tabular truncate text-xs">{size}</span>
        </button>
        {open && <CopyButton text={text} label="reasoning" />}
      </div>
      {open && <Thoughts id={id} text={text} thinking={thinking} />}
    </section>
  );
}

function Thoughts({ id, text, thinking }: { readonly id: string; readonly text: string; readonly thinking: boolean }) {
  const scroller = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls whenever the text grows
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && thinking) element.scrollTop = element.scrollHeight;
  }, [text, thinking]);
  return (
    <section
      ref={scroller}
      id={id}
      aria-label="What the model thought"
      aria-busy={thinking}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard
      tabIndex={0}
      className="max-h-64 overflow-y-auto border-t px-3 py-2 text-sm leading-5 foreign break-words whitespace-pre-wrap text-muted select-text"
    >
      <ForeignText text={text} />
    </section>
  );
}
