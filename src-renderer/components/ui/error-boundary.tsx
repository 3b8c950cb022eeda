import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

export interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** What stands there, as in "The side bar". */
  readonly what: string;
  /** A line for bars, a box in the corner for what has no place of its own, as dialogs; else it fills its region. */
  readonly shape?: 'region' | 'line' | 'corner';
}

interface ErrorBoundaryState {
  readonly error: Error | null;
}

/** Shows an error in place of a part of the window that failed, so that the rest goes on. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { children, what, shape = 'region' } = this.props;
    if (error === null) return children;
    const again = () => this.setState({ error: null });
    return <Broken what={what} shape={shape} message={error.message} onAgain={again} />;
  }
}

interface BrokenProps extends Required<Pick<ErrorBoundaryProps, 'what' | 'shape'>> {
  readonly message: string;
  readonly onAgain: () => void;
}

function Broken({ what, shape, message, onAgain }: BrokenProps) {
  const title = `${what} stopped working`;
  if (shape === 'region') {
    return (
      <EmptyState icon={TriangleAlert} title={title} actions={<Button onClick={onAgain}>Try again</Button>}>
        Nothing you wrote is lost. {message}
      </EmptyState>
    );
  }
  return (
    <div
      role="alert"
      className={
        shape === 'line'
          ? 'flex min-h-8 shrink-0 items-center gap-2 border-y bg-danger-soft px-3 py-0.5 text-sm text-danger'
          : 'fixed right-4 bottom-9 z-50 flex w-80 items-center gap-2 rounded-lg border border-danger bg-raised px-3 py-2.5 text-sm shadow-popup'
      }
    >
      <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0 text-danger" />
      <span className="min-w-0 flex-1 truncate" title={message}>
        {title}. {message}
      </span>
      <Button size="sm" onClick={onAgain}>
        Try again
      </Button>
    </div>
  );
}
