import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronLeft, FileText } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import type { ContentRef } from '../../../../src-core/contract/content-diff.ts';
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
} from '../../../components/overlays/command.tsx';
import { Popover } from '../../../components/overlays/popover.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { longest, tooLong } from '../../../fields/too-long.ts';
import { orpc } from '../../../live/api.ts';
import { draftRef, versionRef } from '../../../workbench/navigation/content-ref.ts';
import { titleOf } from '../../../workbench/navigation/open-prompt.ts';
import type { NamedContent } from '../versions/use-content.ts';
import { VersionChoices } from '../versions/version-choices.tsx';

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
      className="w-112 p-0"
      aria-label={label}
      trigger={
        <Button className="min-w-0 max-w-96 shrink" aria-label={`${label}: ${value?.name ?? 'choose'}`}>
          <span className="truncate font-normal text-muted">{value?.prompt.name ?? 'Choose'}</span>
          {value && <span className="tabular">{value.ref.kind === 'draft' ? 'Draft' : value.version}</span>}
          <ChevronDown className="text-faint" />
        </Button>
      }
    >
      <Choices
        promptId={value?.prompt.id ?? null}
        versionId={value?.ref.kind === 'version' ? value.ref.versionId : null}
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
  /** What is chosen now. */
  readonly versionId: string | null;
  readonly onPick: (ref: ContentRef) => void;
}

function Choices({ promptId, versionId, onPick }: ChoicesProps) {
  const [chosen, setChosen] = useState(promptId);
  if (chosen === null) return <PromptChoices onPick={setChosen} />;
  return (
    <VersionChoices
      promptId={chosen}
      value={versionId}
      onPick={({ id }) => onPick(versionRef(id))}
      onPickDraft={() => onPick(draftRef(chosen))}
      below={
        <CommandItem value="another prompt" onSelect={() => setChosen(null)}>
          <ChevronLeft /> Another prompt…
        </CommandItem>
      }
    />
  );
}

function PromptChoices({ onPick }: { readonly onPick: (promptId: string) => void }) {
  const [search, setSearch] = useState('');
  const [marked, setMarked] = useState('');
  const words = useDeferredValue(search);
  const problem = tooLong('A search', words, longest.search);
  const prompts = useQuery({
    ...orpc.prompts.list.queryOptions({ input: { search: words, limit: 50 } }),
    placeholderData: keepPreviousData,
    enabled: problem === null,
  });
  const first = prompts.data?.items[0]?.id;
  // The selected item may no longer match, so the first one is selected.
  useEffect(() => setMarked(first ?? ''), [first]);
  return (
    <Command label="Prompts" shouldFilter={false} value={marked} onValueChange={setMarked} className="max-h-96">
      <CommandInput
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder="Search prompts"
        aria-label="Search prompts"
      />
      <CommandList>
        <CommandEmpty>{problem ?? 'No prompt matches.'}</CommandEmpty>
        {(problem === null ? prompts.data?.items : [])?.map((prompt) => (
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
