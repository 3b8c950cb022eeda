import { useQuery } from '@tanstack/react-query';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { orpc } from '../../../live/api.ts';
import { suggestFilters } from './suggest-filters.ts';

export interface SearchHelpProps {
  readonly search: string;
  readonly onPick: (search: string) => void;
}

/** Filters and their values, as chips under the search field while it is used. */
export function SearchHelp({ search, onPick }: SearchHelpProps) {
  const tags = useQuery(orpc.prompts.tags.queryOptions()).data ?? [];
  const labels = useQuery(orpc.labels.names.queryOptions()).data ?? [];
  const models = useQuery(orpc.models.list.queryOptions()).data ?? [];
  const suggestions = suggestFilters(search, {
    tags: tags.map(({ tag }) => tag),
    labels: ['latest', ...labels.map(({ name }) => name)],
    models: models.map(({ id }) => id),
  });
  if (suggestions.length === 0) return null;
  return (
    <ul aria-label="Filters" className="flex flex-wrap gap-1">
      {suggestions.map(({ label, hint, search: next }) => (
        <li key={next}>
          <Tip label={hint}>
            <button
              type="button"
              // The field keeps the focus, and with it the chips.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onPick(next)}
              className="h-5 max-w-48 truncate rounded-sm border border-border-strong bg-background px-1.5 font-mono text-2xs text-muted hover:border-faint hover:text-foreground"
            >
              {label}
            </button>
          </Tip>
        </li>
      ))}
    </ul>
  );
}
