import { type RemoteModel, type RequestField, requestFields } from '../../../../src-core/contract/models.ts';
import { describeRefusal } from '../../../../src-core/models/describe-refusal.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Section } from '../../../components/ui/editor-parts.tsx';
import { Checkbox } from '../../../fields/checkbox.tsx';
import { client } from '../../../live/api.ts';
import { updateRemote } from '../state/model-actions.ts';
import { refreshModels } from '../state/use-models.ts';

/** Names of the fields as in the prompt editor. */
const meanings: Readonly<Record<RequestField, string>> = {
  temperature: 'Temperature',
  top_p: 'Top P',
  max_tokens: 'Maximum tokens',
  stop: 'Stop sequences',
  seed: 'Seed',
  tools: 'Tools',
  response_format: 'Response schema',
  system: 'Role system, sent as user',
  stream: 'Streaming',
  stream_options: 'Asking for usage',
};

/** What is never sent to a model, and what its endpoint refused. */
export function RequestSection({ model }: { readonly model: RemoteModel }) {
  const toggle = (field: RequestField) =>
    updateRemote(model.id, {
      neverSend: requestFields.filter((other) => model.neverSend.includes(other) !== (other === field)),
    });
  return (
    <Section
      title="Never send"
      description="Fields that are left out of every request to this model, whatever a prompt says. Runs tell of it."
    >
      <ul
        aria-label="Never send"
        className="grid max-w-[720px] grid-cols-[repeat(auto-fill,minmax(300px,1fr))] gap-x-6"
      >
        {requestFields.map((field) => (
          <li key={field}>
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
            <label className="-mx-1.5 flex min-h-8 items-center gap-2.5 rounded-md px-1.5 hover:bg-hover">
              <Checkbox
                checked={model.neverSend.includes(field)}
                onCheckedChange={() => toggle(field)}
                aria-label={`Never send ${field}`}
              />
              <code className="w-32 shrink-0 font-mono text-sm">{field}</code>
              <span className="min-w-0 flex-1 text-sm text-muted">{meanings[field]}</span>
            </label>
          </li>
        ))}
      </ul>
      {model.refused.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
          <span>
            The endpoint refused{' '}
            {model.refused.map((refusal, index) => (
              <span key={refusal}>
                {index > 0 && ', '}
                <code className="font-mono">{describeRefusal(refusal)}</code>
              </span>
            ))}
            , so it is not sent that way.
          </span>
          <Button variant="link" onClick={() => forget(model)}>
            Try again
          </Button>
        </p>
      )}
    </Section>
  );
}

async function forget(model: RemoteModel): Promise<void> {
  const done = await attempt('It is still remembered', () => client.models.forgetRefused({ id: model.id }));
  await refreshModels();
  if (done) toast('The next run sends everything again');
}
