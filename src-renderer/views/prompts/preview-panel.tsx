import { Eye } from 'lucide-react';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { MarkedText } from './marked-text.tsx';
import { RoleLabel } from './message-card.tsx';
import { Problems, type ProblemsProps } from './problems.tsx';
import type { Preview } from './use-preview.ts';

export interface PreviewPanelProps extends Pick<ProblemsProps, 'onGo' | 'onFix'> {
  readonly preview: Preview;
}

/** The messages as the model will get them, with what came from an input marked. */
export function PreviewPanel({ preview, onGo, onFix }: PreviewPanelProps) {
  const { messages, problems } = preview;
  return (
    <section
      aria-label="Rendered preview"
      className="flex h-full flex-col gap-3 overflow-y-auto p-3"
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
        <ol className="flex flex-col gap-4">
          {messages.map((message, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a rendered message is its position
            <li key={index} className="group">
              <div className="mb-1 flex h-5 items-center justify-between text-xs text-muted">
                <RoleLabel role={message.role} />
                <span className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
                  <CopyButton text={message.text} label={`rendered message ${index + 1}`} />
                </span>
              </div>
              <div className="border-l-2 pl-3 font-mono text-sm leading-5 break-words whitespace-pre-wrap select-text">
                <MarkedText message={message} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
