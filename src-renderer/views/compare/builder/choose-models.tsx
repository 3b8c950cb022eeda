import { Plus, Search } from 'lucide-react';
import { useState } from 'react';
import type { Model } from '../../../../src-core/contract/models.ts';
import { Button } from '../../../components/ui/button.tsx';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { Checkbox } from '../../../fields/checkbox.tsx';
import { Input } from '../../../fields/input.tsx';
import { runCommand } from '../../../workbench/commands.ts';
import { summariseModel } from '../../models/state/describe-model.ts';
import { StateDot } from '../../models/state/state-dot.tsx';
import { groupModels, useEndpoints, useModels } from '../../models/state/use-models.ts';

interface ChooseModelsProps {
  readonly chosen: readonly string[];
  readonly onChange: (models: string[]) => void;
}

/** Which models answer, grouped by where they run. */
export function ChooseModels({ chosen, onChange }: ChooseModelsProps) {
  const models = useModels();
  const endpoints = useEndpoints();
  const [filter, setFilter] = useState('');
  if (models === undefined || endpoints === undefined) return <SkeletonList rows={2} />;
  const wanted = filter.trim().toLowerCase();
  const groups = groupModels(models, endpoints)
    .map((group) => ({
      ...group,
      models: group.models.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(wanted)),
    }))
    .filter((group) => group.models.length > 0);
  const gone = chosen.filter((id) => !models.some((model) => model.id === id));
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <div className="flex flex-col gap-3">
      {models.length > 10 && (
        <div className="relative max-w-80">
          <Search aria-hidden="true" className="absolute top-1.5 left-2 size-4 text-faint" />
          <Input
            aria-label="Filter models"
            placeholder="Filter models"
            className="pl-8"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </div>
      )}
      <div className="flex max-h-80 flex-col gap-3 overflow-y-auto">
        {groups.map((group) => (
          <section key={group.endpoint?.id ?? group.title} aria-label={group.title}>
            <h3 className="pb-1 text-xs font-medium text-muted">{markedText(group.title)}</h3>
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(290px,1fr))] gap-x-4">
              {group.models.map((model) => (
                <li key={model.id}>
                  <ModelChoice model={model} checked={chosen.includes(model.id)} onToggle={() => toggle(model.id)} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {gone.map((id) => (
        <p key={id} className="flex items-center gap-2 text-sm text-danger">
          The model {id} is not there any more.
          <Button size="sm" variant="link" onClick={() => toggle(id)}>
            Leave it out
          </Button>
        </p>
      ))}
      <div className="flex gap-2">
        <Button size="sm" variant="ghost" onClick={() => runCommand('model.addLocal')}>
          <Plus /> Local model
        </Button>
        <Button size="sm" variant="ghost" onClick={() => runCommand('model.addEndpoint')}>
          <Plus /> Endpoint
        </Button>
      </div>
    </div>
  );
}

interface ModelChoiceProps {
  readonly model: Model;
  readonly checked: boolean;
  readonly onToggle: () => void;
}

function ModelChoice({ model, checked, onToggle }: ModelChoiceProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
    <label className="-mx-1.5 flex h-8 items-center gap-2.5 rounded-md px-1.5 hover:bg-hover">
      <Checkbox checked={checked} onCheckedChange={onToggle} aria-label={model.id} />
      <StateDot model={model} />
      <span className="min-w-0 flex-1 truncate">{markedText(model.id)}</span>
      <span className="tabular text-xs text-muted">{summariseModel(model)}</span>
    </label>
  );
}
