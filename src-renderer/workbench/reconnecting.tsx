import { LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { reconnectNow, useConnection } from '../api.ts';
import { Button } from '../components/ui/button.tsx';

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
