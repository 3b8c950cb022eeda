import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { GitCommitVertical, Play } from 'lucide-react';
import { CommandGroup, CommandItem } from '../../../components/overlays/command.tsx';
import { Snippet } from '../../../components/ui/snippet.tsx';
import { orpc } from '../../../live/api.ts';
import type { PaletteHitsProps } from '../../../workbench/view.ts';
import { openHit, placeOfHit } from './open-hit.ts';

/** What the palette finds in older versions and outputs. */
export function PaletteHits({ query, onOpened }: PaletteHitsProps) {
  const found = useQuery({
    ...orpc.library.search.queryOptions({ input: { query, kinds: ['version', 'run'], limit: 6 } }),
    enabled: query !== '',
    placeholderData: keepPreviousData,
  });
  const hits = query === '' ? [] : (found.data?.items ?? []);
  if (hits.length === 0) return null;
  return (
    <CommandGroup heading="In older versions and outputs">
      {hits.map((hit) => {
        const Icon = hit.kind === 'run' ? Play : GitCommitVertical;
        return (
          <CommandItem
            key={`${hit.kind} ${hit.ref}`}
            // The host has found it already; the palette must not filter it again.
            value={`${query} ${hit.kind} ${hit.ref}`}
            onSelect={() => {
              onOpened();
              openHit(hit);
            }}
          >
            <Icon />
            <span className="shrink-0">{placeOfHit(hit)}</span>
            <span className="flex min-w-0 flex-1 text-xs text-muted">
              <Snippet html={hit.snippet} />
            </span>
          </CommandItem>
        );
      })}
    </CommandGroup>
  );
}
