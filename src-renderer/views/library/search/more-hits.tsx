import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, GitCommitVertical, Play } from 'lucide-react';
import { useState } from 'react';
import { moveInList } from '../../../components/list-keys.ts';
import { Snippet } from '../../../components/ui/snippet.tsx';
import { orpc } from '../../../live/api.ts';
import { openHit, placeOfHit } from './open-hit.ts';

const limit = 50;

/** What a search finds in older versions and in outputs, under the prompts that match as they are now. */
export function MoreHits({ query }: { readonly query: string }) {
  const [open, setOpen] = useState(true);
  const found = useQuery({
    ...orpc.library.search.queryOptions({ input: { query, kinds: ['version', 'run'], limit } }),
    placeholderData: keepPreviousData,
  });
  const hits = found.data?.items ?? [];
  if (hits.length === 0) return null;
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <section aria-label="In older versions and outputs" className="flex max-h-1/2 min-h-0 shrink-0 flex-col border-t">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex h-8 w-full items-center gap-1.5 px-2 text-left text-sm text-muted hover:text-foreground"
        >
          <Chevron aria-hidden="true" className="size-3.5" />
          <span className="flex-1">In older versions and outputs</span>
          <span className="tabular text-xs">{found.data?.total}</span>
        </button>
      </h3>
      {open && (
        <ul className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-2" onKeyDown={moveInList}>
          {hits.map((hit) => {
            const Icon = hit.kind === 'run' ? Play : GitCommitVertical;
            return (
              <li key={`${hit.kind} ${hit.ref}`}>
                <button
                  type="button"
                  data-item
                  onClick={() => openHit(hit)}
                  className="flex w-full items-start gap-2 rounded-md px-2 py-1 text-left hover:bg-hover"
                >
                  <Icon aria-hidden="true" className="mt-1 size-3.5 shrink-0 text-faint" />
                  <span className="flex min-w-0 flex-1 flex-col">
                    <span className="truncate text-sm">{placeOfHit(hit)}</span>
                    <span className="flex min-w-0 text-2xs text-muted">
                      <Snippet html={hit.snippet} />
                    </span>
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
