import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { versionName } from '../../../../src-core/content/version-name.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { documentOf } from '../../../../src-core/contract/message-texts.ts';
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
} from '../../../components/overlays/command.tsx';
import { Popover } from '../../../components/overlays/popover.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ForeignText, markedText } from '../../../components/ui/foreign-text.tsx';
import { longest, tooLong } from '../../../fields/too-long.ts';
import { orpc } from '../../../live/api.ts';
import { VersionSelect } from '../../history/versions/version-select.tsx';
import type { DraftPrompt } from './drafts.ts';
import type { KnownContent } from './use-contents.ts';

interface PickPromptsProps {
  readonly prompts: readonly DraftPrompt[];
  readonly contents: readonly KnownContent[];
  readonly onChange: (prompts: DraftPrompt[]) => void;
}

/** The prompts to compare, each with its draft or one of its versions; the same prompt may stand there twice. */
export function PickPrompts({ prompts, contents, onChange }: PickPromptsProps) {
  const add = (id: string, name: string) =>
    onChange([...prompts, { key: crypto.randomUUID(), promptId: id, versionId: null, name, content: null }]);
  return (
    <div className="flex flex-col gap-1">
      {prompts.length > 0 && (
        <ul aria-label="Prompts to compare" className="flex flex-col divide-y">
          {prompts.map((prompt, index) => (
            <li key={prompt.key} className="flex h-10 items-center gap-3">
              <span className="min-w-0 flex-1 truncate">
                <ForeignText text={prompt.name} />
                <Excerpt content={contents[index]} />
              </span>
              {prompt.promptId !== null && (
                <VersionSelect
                  promptId={prompt.promptId}
                  aria-label={`Version of ${prompt.name}`}
                  className="w-32"
                  value={prompt.versionId}
                  onChange={(versionId) => onChange(prompts.with(index, { ...prompt, versionId }))}
                  onPickDraft={() => onChange(prompts.with(index, { ...prompt, versionId: null }))}
                />
              )}
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Remove ${prompt.name}`}
                onClick={() => onChange(prompts.toSpliced(index, 1))}
              >
                <X />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <AddPrompt onAdd={add} first={prompts.length === 0} />
    </div>
  );
}

function Excerpt({ content }: { readonly content: KnownContent }) {
  if (content === undefined) return null;
  if (content instanceof Error) return <span className="ml-2 text-sm text-danger">{markedText(content.message)}</span>;
  return (
    <span className="ml-2 text-sm text-muted">
      <bdi>{markedText(excerptOf(content))}</bdi>
    </span>
  );
}

function excerptOf({ messages }: PromptContent): string {
  const last = messages.at(-1);
  return last === undefined ? '' : documentOf(last).slice(0, 160);
}

interface AddPromptProps {
  readonly onAdd: (id: string, name: string) => void;
  readonly first: boolean;
}

function AddPrompt({ onAdd, first }: AddPromptProps) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const problem = tooLong('A search', search, longest.search);
  const { data, error } = useQuery({
    ...orpc.prompts.list.queryOptions({ input: { search: wanted, limit: 50 } }),
    enabled: open && tooLong('A search', wanted, longest.search) === null,
    placeholderData: (before) => before,
  });
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      aria-label="Choose a prompt"
      className="w-96 p-0"
      trigger={
        <Button className="self-start" variant={first ? 'primary' : 'secondary'}>
          <Plus /> {first ? 'Choose a prompt' : 'Add prompt'}
        </Button>
      }
    >
      <Command shouldFilter={false} label="Prompts">
        <CommandInput placeholder="Search prompts" value={search} onValueChange={setSearch} />
        <CommandList className="max-h-72">
          {error !== null && <p className="p-3 text-sm text-danger">{markedText(error.message)}</p>}
          {data !== undefined && <CommandEmpty>{problem ?? 'No prompt matches.'}</CommandEmpty>}
          {(problem === null ? data?.items : [])?.map((prompt) => (
            <CommandItem
              key={prompt.id}
              value={prompt.id}
              onSelect={() => {
                onAdd(prompt.id, prompt.name);
                setOpen(false);
                setSearch('');
              }}
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate">{prompt.name}</span>
                {prompt.title !== '' && (
                  <span dir="auto" className="block truncate text-left text-xs text-muted">
                    {markedText(prompt.title)}
                  </span>
                )}
              </span>
              <span className="text-xs text-muted">
                {prompt.latestVersion === null
                  ? 'draft'
                  : versionName({ number: prompt.latestVersion, confirmed: prompt.latestConfirmed })}
              </span>
            </CommandItem>
          ))}
        </CommandList>
      </Command>
    </Popover>
  );
}
