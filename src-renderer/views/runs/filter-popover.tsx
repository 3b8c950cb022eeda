import { useQuery } from '@tanstack/react-query';
import { ListFilter } from 'lucide-react';
import { runStatuses } from '../../../src-core/contract/runs.ts';
import { Popover } from '../../components/overlays/popover.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../fields/field.tsx';
import { Select } from '../../fields/select.tsx';
import { Switch } from '../../fields/switch.tsx';
import { orpc } from '../../live/api.ts';
import { useModels } from '../models/state/use-models.ts';
import { clearRunFilters, countFilters, useRunFilters } from './filters.ts';
import { statusLabel } from './run-status.tsx';

const every = 'every';

/** The filters of the history, behind a button that counts them. */
export function FilterPopover() {
  const filters = useRunFilters();
  const models = useModels() ?? [];
  const prompts = useQuery(orpc.prompts.list.queryOptions({ input: { limit: 500, order: 'name' } })).data?.items ?? [];
  const count = countFilters(filters);
  return (
    <Popover
      align="start"
      className="flex w-72 flex-col gap-3"
      aria-label="Filters"
      trigger={
        <Button variant="ghost" size="sm" className={count > 0 ? 'text-accent-text' : undefined}>
          <ListFilter /> {count > 0 ? `Filters (${count})` : 'Filters'}
        </Button>
      }
    >
      <Field label="Status">
        {({ id }) => (
          <Select
            id={id}
            aria-label="Status"
            value={filters.status}
            onChange={(status) => useRunFilters.setState({ status })}
            options={[
              { value: 'all', label: 'Every status' },
              ...runStatuses.map((status) => ({ value: status, label: statusLabel(status) })),
            ]}
          />
        )}
      </Field>
      <Field label="Model">
        {({ id }) => (
          <Select
            id={id}
            aria-label="Model"
            value={filters.model === '' ? every : filters.model}
            onChange={(model) => useRunFilters.setState({ model: model === every ? '' : model })}
            options={[
              { value: every, label: 'Every model' },
              ...models.map((model) => ({ value: model.id, label: model.id })),
            ]}
          />
        )}
      </Field>
      <Field label="Prompt">
        {({ id }) => (
          <Select
            id={id}
            aria-label="Prompt"
            value={filters.prompt?.id ?? every}
            onChange={(promptId) => {
              const prompt = prompts.find((one) => one.id === promptId);
              useRunFilters.setState({ prompt: prompt ? { id: prompt.id, name: prompt.name } : null });
            }}
            options={[
              { value: every, label: 'Every prompt' },
              ...prompts.map((prompt) => ({ value: prompt.id, label: prompt.name })),
            ]}
          />
        )}
      </Field>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
      <label className="flex items-center justify-between gap-2">
        Hide runs of comparisons
        <Switch
          checked={filters.hideComparisons}
          onCheckedChange={(hideComparisons) => useRunFilters.setState({ hideComparisons })}
        />
      </label>
      <Button size="sm" disabled={count === 0 && filters.search === ''} onClick={clearRunFilters}>
        Show every run
      </Button>
    </Popover>
  );
}
