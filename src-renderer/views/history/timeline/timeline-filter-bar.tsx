import { ListFilter, Search, X } from 'lucide-react';
import { useId } from 'react';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Input } from '../../../fields/input.tsx';
import { longest, tooLong } from '../../../fields/too-long.ts';
import type { TimelineFilter } from '../versions/use-timeline.ts';

export interface TimelineFilterBarProps {
  readonly filter: TimelineFilter;
  readonly onChange: (filter: TimelineFilter) => void;
  /** To choose from. */
  readonly authors: readonly string[];
  readonly labels: readonly string[];
}

/** Narrows the timeline by note, author and label. */
export function TimelineFilterBar({ filter, onChange, authors, labels }: TimelineFilterBarProps) {
  const noteId = useId();
  const problem = tooLong('A search', filter.text, longest.timelineSearch);
  const entries = [
    { kind: 'label' as const, label: 'Label' },
    ...labels.map((label) => ({ label, onSelect: () => onChange({ ...filter, label }) })),
    { kind: 'separator' as const },
    { kind: 'label' as const, label: 'Author' },
    ...authors.map((author) => ({ label: author, onSelect: () => onChange({ ...filter, author }) })),
  ];
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-1 px-2 pt-2 pb-1">
      <div className="relative min-w-32 flex-1">
        <Search aria-hidden="true" className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-faint" />
        <Input
          type="search"
          aria-label="Find versions"
          placeholder="Note, author or number"
          className="pl-7 [&::-webkit-search-cancel-button]:hidden"
          aria-invalid={problem !== null || undefined}
          aria-describedby={problem === null ? undefined : noteId}
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
          onKeyDown={(event) => event.key === 'Escape' && onChange({ ...filter, text: '' })}
        />
      </div>
      {filter.label !== null && (
        <Chip name={`label:${filter.label}`} onRemove={() => onChange({ ...filter, label: null })} />
      )}
      {filter.author !== null && <Chip name={filter.author} onRemove={() => onChange({ ...filter, author: null })} />}
      <DropdownMenu entries={entries}>
        <Button variant="ghost" size="icon" aria-label="Filter by label or author">
          <ListFilter />
        </Button>
      </DropdownMenu>
      {problem !== null && (
        <p id={noteId} role="alert" className="w-full text-xs text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}

function Chip({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  return (
    <button type="button" onClick={onRemove} aria-label={`Do not filter by ${name}`} className="rounded-sm">
      <Badge tone="accent">
        {name} <X aria-hidden="true" />
      </Badge>
    </button>
  );
}
