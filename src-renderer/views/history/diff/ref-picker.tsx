import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronLeft, FileText, GitCommitVertical, PencilLine } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { ContentRef } from '../../../../src-core/contract/content-diff.ts';
import { orpc } from '../../../api.ts';
import { formatAgo } from '../../../components/format.ts';
import { Button } from '../../../components/ui/button.tsx';
import {
  Command,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '../../../components/ui/command.tsx';
import { Popover } from '../../../components/ui/popover.tsx';
import { titleOf } from '../../prompts/prompt-actions.ts';
import { draftRef, versionRef } from '../content-ref.ts';
import type { NamedContent } from '../use-content.ts';

export interface RefPickerProps {
  /** Which side it picks, as in "Before". */
  readonly label: string;
  readonly value: NamedContent | undefined;
  readonly onChange: (ref: ContentRef) => void;
}

/** Picks a version or the draft of any prompt. */
export function RefPicker({ label, value, onChange }: RefPickerProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="w-96 p-0"
      aria-label={label}
      trigger={
        <Button className="min-w-0 max-w-96 shrink" aria-label={`${label}: ${value?.name ?? 'choose'}`}>
          <span className="truncate font-normal text-muted">{value?.prompt.name ?? 'Choose'}</span>
          {value && <span className="tabular">{value.version === 'draft' ? 'Draft' : value.version}</span>}
          <ChevronDown className="text-faint" />
        </Button>
      }
    >
      <Choices
        promptId={value?.prompt.id ?? null}
        onPick={(ref) => {
          setOpen(false);
          onChange(ref);
        }}
      />
    </Popover>
  );
}

interface ChoicesProps {
  readonly promptId: string | null;
  readonly onPick: (ref: ContentRef) => void;
}

function Choices({ promptId, onPick }: ChoicesProps) {
  const [chosen, setChosen] = useState(promptId);
  if (chosen === null) return <PromptChoices onPick={setChosen} />;
  return <VersionChoices promptId={chosen} onPick={onPick} onBack={() => setChosen(null)} />;
}

interface VersionChoicesProps {
  readonly promptId: string;
  readonly onPick: (ref: ContentRef) => void;
  readonly onBack: () => void;
}

function VersionChoices({ promptId, onPick, onBack }: VersionChoicesProps) {
  const versions = useQuery(orpc.versions.list.queryOptions({ input: { promptId, limit: 200 } }));
  return (
    <Command label="Versions" className="max-h-96">
      <CommandInput autoFocus placeholder="Number, note or author" aria-label="Find a version" />
      <CommandList>
        <CommandEmpty>No version matches.</CommandEmpty>
        <CommandGroup>
          <CommandItem value="draft" onSelect={() => onPick(draftRef(promptId))}>
            <PencilLine /> Draft
          </CommandItem>
          {versions.data?.items.map(({ id, number, note, author, createdAt }) => (
            <CommandItem
              key={id}
              value={`v${number}`}
              keywords={[note, author]}
              onSelect={() => onPick(versionRef(id))}
            >
              <GitCommitVertical />
              <span className="tabular w-8 font-medium">v{number}</span>
              <span className="min-w-0 flex-1 truncate text-muted">{note}</span>
              <span className="text-xs whitespace-nowrap text-muted">{formatAgo(createdAt)}</span>
            </CommandItem>
          ))}
        </CommandGroup>
        <CommandGroup>
          <CommandItem value="another prompt" onSelect={onBack}>
            <ChevronLeft /> Another prompt…
          </CommandItem>
        </CommandGroup>
      </CommandList>
    </Command>
  );
}

function PromptChoices({ onPick }: { readonly onPick: (promptId: string) => void }) {
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search);
  const prompts = useQuery({
    ...orpc.prompts.list.queryOptions({ input: { search: words, limit: 50 } }),
    placeholderData: keepPreviousData,
  });
  return (
    <Command label="Prompts" shouldFilter={false} className="max-h-96">
      <CommandInput
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder="Search prompts"
        aria-label="Search prompts"
      />
      <CommandList>
        <CommandEmpty>No prompt matches.</CommandEmpty>
        {prompts.data?.items.map((prompt) => (
          <CommandItem key={prompt.id} value={prompt.id} onSelect={() => onPick(prompt.id)}>
            <FileText />
            <span className="min-w-0 flex-1 truncate">{titleOf(prompt)}</span>
            <span className="truncate text-xs text-muted">{prompt.name}</span>
          </CommandItem>
        ))}
      </CommandList>
    </Command>
  );
}
