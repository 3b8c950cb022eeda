import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from './ui/button.tsx';
import { EmptyState } from './ui/empty-state.tsx';

interface ErrorBoundaryState {
  readonly error: Error | null;
}

/** Keeps a broken view from taking the rest of the window with it. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null };

  static getDerivedStateFromError(error: Error): ErrorBoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <EmptyState
        icon={TriangleAlert}
        title="This view stopped working"
        actions={<Button onClick={() => this.setState({ error: null })}>Try again</Button>}
      >
        Nothing you wrote is lost. {error.message}
      </EmptyState>
    );
  }
}
