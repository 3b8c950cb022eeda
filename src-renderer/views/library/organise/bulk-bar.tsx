import { useQuery } from '@tanstack/react-query';
import { Archive, ArchiveRestore, FolderInput, Plus, Tag, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { longestTag, type PromptSummary } from '../../../../src-core/contract/prompts.ts';
import { distinctTags, isSameTag } from '../../../../src-core/library/stored/tags.ts';
import { formatNumber } from '../../../components/format.ts';
import {
  Command,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '../../../components/overlays/command.tsx';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import { Popover } from '../../../components/overlays/popover.tsx';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { tooLong } from '../../../fields/too-long.ts';
import { useHeld } from '../../../fields/use-held.ts';
import { orpc } from '../../../live/api.ts';
import { clearSelection } from '../list-store.ts';
import { moveToProject, tagPrompts } from './project-actions.ts';
import { movePrompts, purgePrompts } from './prompt-actions.ts';

export interface BulkBarProps {
  readonly chosen: readonly PromptSummary[];
  readonly status: PromptSummary['status'];
}

/** What can be done with all chosen prompts at once. */
export function BulkBar({ chosen, status }: BulkBarProps) {
  const ids = chosen.map(({ id }) => id);
  const move = (to: PromptSummary['status']) => void movePrompts(chosen, to).then(clearSelection);
  return (
    <div
      role="toolbar"
      aria-label="Actions for the chosen prompts"
      className="flex shrink-0 items-center gap-0.5 border-y bg-accent-soft py-1 pr-1 pl-3 text-sm"
    >
      <span className="min-w-0 flex-1 truncate">{formatNumber(chosen.length)} chosen</span>
      {status === 'active' ? (
        <>
          <TagButton ids={ids} tags={distinctTags(chosen.flatMap(({ tags }) => tags))} />
          <ProjectButton ids={ids} />
          <Action label="Archive" onClick={() => move('archived')}>
            <Archive />
          </Action>
        </>
      ) : (
        <Action label="Restore" onClick={() => move('active')}>
          <ArchiveRestore />
        </Action>
      )}
      <Action
        label={status === 'trashed' ? 'Delete for good' : 'Move to trash'}
        onClick={() => (status === 'trashed' ? void purgePrompts(chosen).then(clearSelection) : move('trashed'))}
      >
        <Trash2 />
      </Action>
      <Action label="End the selection" onClick={clearSelection}>
        <X />
      </Action>
    </div>
  );
}

interface ActionProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

function Action({ label, onClick, children }: ActionProps) {
  return (
    <Tip label={label}>
      <Button variant="ghost" size="icon-sm" aria-label={label} onClick={onClick}>
        {children}
      </Button>
    </Tip>
  );
}

function ProjectButton({ ids }: { readonly ids: readonly string[] }) {
  const projects = useQuery(orpc.library.projects.queryOptions()).data ?? [];
  return (
    <DropdownMenu
      entries={[
        ...projects.map(({ name }) => ({ label: name, onSelect: () => void moveToProject(ids, name) })),
        { kind: 'separator' as const },
        { label: 'New project…', onSelect: () => void moveToProject(ids, null) },
      ]}
    >
      <Button variant="ghost" size="icon-sm" aria-label="Move to project">
        <FolderInput />
      </Button>
    </DropdownMenu>
  );
}

const heldTag = { schema: z.string() };

interface TagButtonProps {
  readonly ids: readonly string[];
  /** Those that any of the chosen prompts has. */
  readonly tags: readonly string[];
}

function TagButton({ ids, tags }: TagButtonProps) {
  const [open, setOpen] = useState(false);
  const [held, hold] = useHeld('bulk-tag', heldTag);
  const search = held ?? '';
  const setSearch = (text: string) => hold(text === '' ? null : text);
  const known = useQuery({ ...orpc.prompts.tags.queryOptions(), enabled: open }).data ?? [];
  const typed = search.trim();
  const problem = tooLong('A tag', typed, longestTag);
  const apply = (tag: string, kind: 'add' | 'remove') => {
    setOpen(false);
    setSearch('');
    void tagPrompts(ids, tag, kind);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="w-56 p-0"
      aria-label="Tags of the chosen prompts"
      trigger={
        <Button variant="ghost" size="icon-sm" aria-label="Tags">
          <Tag />
        </Button>
      }
    >
      <Command label="Tags" className="max-h-72">
        <CommandInput autoFocus value={search} onValueChange={setSearch} placeholder="Add or take off" />
        <CommandList>
          <CommandGroup>
            {known.map(({ tag }) => (
              <CommandItem key={tag} value={tag} onSelect={() => apply(tag, 'add')}>
                <Plus /> {tag}
              </CommandItem>
            ))}
            {typed !== '' && !known.some(({ tag }) => isSameTag(tag, typed)) && (
              <CommandItem value={typed} disabled={problem !== null} onSelect={() => apply(typed, 'add')}>
                {problem ?? (
                  <>
                    <Plus /> Add “{typed}”
                  </>
                )}
              </CommandItem>
            )}
            {tags.map((tag) => (
              <CommandItem key={tag} value={`take off ${tag}`} onSelect={() => apply(tag, 'remove')}>
                <X /> Take off {tag}
              </CommandItem>
            ))}
          </CommandGroup>
        </CommandList>
      </Command>
    </Popover>
  );
}
