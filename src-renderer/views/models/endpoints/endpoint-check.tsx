import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { formatDuration, formatNumber } from '../../../components/format.ts';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { client } from '../../../live/api.ts';

type CheckInput = Parameters<typeof client.models.checkEndpoint>[0];
type EndpointCheck = Awaited<ReturnType<typeof client.models.checkEndpoint>>;
export type CheckState = EndpointCheck | { readonly kind: 'asking' } | null;

/** Asks an endpoint for its models; the last answer and the function that asks. */
export function useEndpointCheck(): readonly [CheckState, (input: CheckInput) => Promise<EndpointCheck>, () => void] {
  const [state, setState] = useState<CheckState>(null);
  const ask = async (input: CheckInput): Promise<EndpointCheck> => {
    setState({ kind: 'asking' });
    const answer = await client.models.checkEndpoint(input).catch(
      (error: unknown): EndpointCheck => ({
        kind: 'failed',
        problem: 'server_error',
        message: error instanceof Error ? error.message : String(error),
      }),
    );
    setState(answer);
    return answer;
  };
  return [state, ask, () => setState(null)];
}

/** The result of checking an endpoint. */
export function CheckResult({ state }: { readonly state: CheckState }) {
  if (state === null) return null;
  return (
    <div role="status" className="flex items-start gap-2 text-sm [&_svg]:mt-0.5 [&_svg]:size-3.5 [&_svg]:shrink-0">
      {state.kind === 'asking' && (
        <>
          <LoaderCircle className="animate-spin text-muted" />
          <span className="text-muted">Asking for its models…</span>
        </>
      )}
      {state.kind === 'ok' && (
        <>
          <CircleCheck className="text-success" />
          <span>
            Connected: {state.total === 1 ? '1 model' : `${formatNumber(state.total)} models`}, answered in{' '}
            {formatDuration(state.latencyMs)}.
          </span>
        </>
      )}
      {state.kind === 'failed' && (
        <>
          <CircleAlert className="text-danger" />
          <span className="min-w-0 break-words text-danger">{markedText(state.message)}</span>
        </>
      )}
    </div>
  );
}
