import { Check, GitCommitVertical, PencilLine } from 'lucide-react';
import { type ReactNode, type UIEvent, useDeferredValue, useEffect, useState } from 'react';
import type { VersionEntry } from '../../../../src-core/contract/versions.ts';
import { formatAgo, formatNumber } from '../../../components/format.ts';
import {
  Command,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '../../../components/overlays/command.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { VersionName } from '../../../components/version-name.tsx';
import { longest, tooLong } from '../../../fields/too-long.ts';
import { LabelBadge } from './label-badge.tsx';
import { useTimeline } from './use-timeline.ts';

export interface VersionChoicesProps {
  readonly promptId: string;
  /** The version that is chosen now. */
  readonly value?: string | null;
  readonly onPick: (version: VersionEntry) => void;
  /** Offers the draft too. */
  readonly onPickDraft?: () => void;
  /** Choices after the versions. */
  readonly below?: ReactNode;
}

/** Pixels before the end of the list at which more is read. */
const readAhead = 400;
const draftValue = 'draft';

/** Every version of a prompt to choose from, newest first, found by number, note or author. */
export function VersionChoices({ promptId, value, onPick, onPickDraft, below }: VersionChoicesProps) {
  const [search, setSearch] = useState('');
  const [marked, setMarked] = useState('');
  const text = useDeferredValue(search.trim());
  const { versions, total, error, more } = useTimeline(promptId, { text, author: null, label: null });
  const problem = tooLong('A search', search, longest.timelineSearch);
  const offersDraft = onPickDraft !== undefined && 'draft'.startsWith(text.toLowerCase());
  const first = offersDraft ? draftValue : versions?.[0]?.id;
  // The selected item may no longer match, so the first one is selected.
  useEffect(() => setMarked(first ?? ''), [first]);
  const onScroll = ({ currentTarget: list }: UIEvent<HTMLElement>) => {
    if (list.scrollTop + list.clientHeight > list.scrollHeight - readAhead) more();
  };
  return (
    <Command label="Versions" shouldFilter={false} value={marked} onValueChange={setMarked} className="max-h-96">
      <CommandInput
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder="Number, note or author"
        aria-label="Find a version"
      />
      <CommandList onScroll={onScroll}>
        {problem !== null ? (
          <p role="alert" className="p-3 text-danger">
            {problem}
          </p>
        ) : error === null ? (
          versions !== undefined && <CommandEmpty>No version matches.</CommandEmpty>
        ) : (
          <p role="alert" className="p-3 text-danger">
            <ForeignText text={error.message} />
          </p>
        )}
        {offersDraft && (
          <CommandItem value={draftValue} onSelect={onPickDraft}>
            <PencilLine /> Draft
          </CommandItem>
        )}
        <CommandGroup heading={total === undefined ? undefined : countOf(total)}>
          {versions?.map((version) => (
            <CommandItem key={version.id} value={version.id} onSelect={() => onPick(version)}>
              {version.id === value ? <Check /> : <GitCommitVertical />}
              <VersionName version={version} className="min-w-8 font-medium" />
              <span dir="auto" className="min-w-0 flex-1 truncate text-left text-muted">
                <ForeignText text={version.note} />
              </span>
              {version.labels.map((name) => (
                <LabelBadge key={name} name={name} />
              ))}
              <span className="text-xs whitespace-nowrap text-muted">{formatAgo(version.createdAt)}</span>
            </CommandItem>
          ))}
        </CommandGroup>
        {below}
      </CommandList>
    </Command>
  );
}

const countOf = (total: number): string => `${formatNumber(total)} ${total === 1 ? 'version' : 'versions'}`;
