import { LoaderCircle, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { reconnectNow, useConnection } from '../../live/api.ts';
import { useStatus } from '../../live/status.ts';

/** Says that the host is away, and that nothing typed meanwhile is lost. */
export function Reconnecting() {
  const { state, wasOpen } = useConnection();
  const [late, setLate] = useState(false);
  const away = wasOpen && state.kind !== 'open';
  // A host that is back at once needs no banner.
  useEffect(() => {
    const timer = setTimeout(() => setLate(away), away ? 400 : 0);
    return () => clearTimeout(timer);
  }, [away]);
  if (!away || !late) return null;
  return (
    <div
      role="alert"
      className="flex h-8 shrink-0 items-center justify-center gap-2 bg-warning-soft text-sm text-warning"
    >
      <LoaderCircle aria-hidden="true" className="size-3.5 animate-spin" />
      The connection to the PromptDev host is lost. Trying again; what you type is kept and saved when it is back.
      {state.kind === 'waiting' && (
        <Button variant="link" size="sm" onClick={reconnectNow}>
          Try now
        </Button>
      )}
    </div>
  );
}

/** Says that nothing can be saved any more, why, and what to do: the database was deleted or replaced under the host. */
export function WorkspaceProblem() {
  const problem = useStatus()?.problem ?? null;
  if (problem === null) return null;
  return (
    <div
      role="alert"
      className="flex max-h-40 shrink-0 items-start gap-2 overflow-y-auto bg-danger-soft px-3 py-2 text-sm text-danger"
    >
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      <p className="min-w-0 select-text [overflow-wrap:anywhere]">{problem}</p>
    </div>
  );
}
