import { CircleAlert, OctagonX, RotateCcw } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { LocalModel } from '../../../../src-core/contract/models.ts';
import { Button } from '../../../components/ui/button.tsx';
import { loadModel, releaseModel } from '../state/model-actions.ts';

/** What failed in a local model and what to do; nothing while it works. */
export function LocalFailure({ model }: { readonly model: LocalModel }) {
  if (!model.present) {
    return (
      <Notice tone="danger" icon={<OctagonX />} title="The file is not there">
        There is no file at {model.path}. Put it back, or remove this model and add the file from where it is now.
      </Notice>
    );
  }
  const { state } = model;
  if (state.kind === 'crashed') {
    return (
      <Notice
        tone="warning"
        icon={<CircleAlert />}
        title={
          state.crashes === 1
            ? 'The engine stopped unexpectedly'
            : `The engine stopped unexpectedly ${state.crashes} times`
        }
        action={
          <Button size="sm" onClick={() => loadModel(model.id)}>
            <RotateCcw /> Try again
          </Button>
        }
      >
        {state.message} <RetryIn at={state.retryAt} /> After three crashes the model is set aside.
      </Notice>
    );
  }
  if (state.kind === 'quarantined') {
    return (
      <Notice
        tone="danger"
        icon={<OctagonX />}
        title="This model is set aside"
        action={
          <Button size="sm" onClick={() => releaseModel(model.id)}>
            <RotateCcw /> Try again
          </Button>
        }
      >
        {state.message} A damaged download or a file that this llama.cpp does not know yet is the usual reason.
      </Notice>
    );
  }
  return null;
}

/** Counts down to the next start of a crashed engine. */
function RetryIn({ at }: { readonly at: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((Date.parse(at) - now) / 1_000);
  return seconds > 0 ? <>It can start again in {seconds} s.</> : <>It can start again now.</>;
}

interface NoticeProps {
  readonly tone: 'warning' | 'danger';
  readonly icon: ReactNode;
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function Notice({ tone, icon, title, action, children }: NoticeProps) {
  return (
    <div
      role="alert"
      className={`flex items-start gap-3 rounded-md px-4 py-3 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 ${
        tone === 'danger' ? 'bg-danger-soft [&>svg]:text-danger' : 'bg-warning-soft [&>svg]:text-warning'
      }`}
    >
      {icon}
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="text-sm break-words">{children}</p>
      </div>
      {action}
    </div>
  );
}
