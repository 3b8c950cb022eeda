import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { withMarks } from '../../../src-core/content/text/odd-characters.ts';
import { longestTag } from '../../../src-core/contract/prompts.ts';
import { hasTag, isSameTag } from '../../../src-core/library/stored/tags.ts';
import { Command, CommandGroup, CommandInput, CommandItem, CommandList } from '../../components/overlays/command.tsx';
import { Popover } from '../../components/overlays/popover.tsx';
import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { ForeignText } from '../../components/ui/foreign-text.tsx';
import { tooLong } from '../../fields/too-long.ts';
import { useHeld } from '../../fields/use-held.ts';
import { orpc } from '../../live/api.ts';

const heldTag = { schema: z.string() };

export interface TagsFieldProps {
  readonly promptId: string;
  readonly tags: readonly string[];
  readonly onChange: (tags: string[]) => void;
}

/** The tags of a prompt; new ones are picked from those in use or typed. */
export function TagsField({ promptId, tags, onChange }: TagsFieldProps) {
  const [open, setOpen] = useState(false);
  // A half typed tag is kept when the popover or the tab is closed.
  const [held, hold] = useHeld(`tag:${promptId}`, heldTag);
  const search = held ?? '';
  const setSearch = (text: string) => hold(text === '' ? null : text);
  const known = useQuery({ ...orpc.prompts.tags.queryOptions(), enabled: open }).data ?? [];
  const typed = search.trim();
  const problem = tooLong('A tag', typed, longestTag);
  const add = (tag: string) => {
    setOpen(false);
    setSearch('');
    if (!hasTag(tags, tag)) onChange([...tags, tag]);
  };
  return (
    <span className="flex flex-wrap items-center gap-1">
      {tags.map((tag) => (
        <Badge key={tag} className="pr-0.5">
          {tag}
          <button
            type="button"
            aria-label={`Remove the tag ${withMarks(tag)}`}
            onClick={() => onChange(tags.filter((other) => other !== tag))}
            className="rounded-sm hover:bg-border-strong hover:text-foreground"
          >
            <X aria-hidden="true" />
          </button>
        </Badge>
      ))}
      <Popover
        open={open}
        onOpenChange={setOpen}
        className="w-56 p-0"
        aria-label="Add a tag"
        trigger={
          <Button variant="ghost" size="sm" className="h-4.5 px-1 text-2xs" aria-label="Add a tag">
            <Plus className="size-3!" /> Tag
          </Button>
        }
      >
        <Command label="Tags" className="max-h-64">
          <CommandInput autoFocus value={search} onValueChange={setSearch} placeholder="Add a tag" />
          <CommandList>
            <CommandGroup>
              {known
                .filter(({ tag }) => !hasTag(tags, tag))
                .map(({ tag, count }) => (
                  <CommandItem key={tag} value={tag} onSelect={() => add(tag)}>
                    <span className="flex-1 truncate">
                      <ForeignText text={tag} />
                    </span>
                    <span className="tabular text-xs text-muted">{count}</span>
                  </CommandItem>
                ))}
              {typed !== '' && !known.some(({ tag }) => isSameTag(tag, typed)) && (
                <CommandItem value={typed} disabled={problem !== null} onSelect={() => add(typed)}>
                  {problem ?? (
                    <>
                      <Plus /> Add “{typed}”
                    </>
                  )}
                </CommandItem>
              )}
            </CommandGroup>
          </CommandList>
        </Command>
      </Popover>
    </span>
  );
}
