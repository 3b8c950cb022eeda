import { useQuery } from '@tanstack/react-query';
import { Archive, Ellipsis, FileInput, FileText, ListFilter, Plus, Search, SearchX, Trash2, X } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import type { PromptSummary } from '../../../../src-core/contract/prompts.ts';
import { commandById } from '../../../../src-core/desktop/commands.ts';
import { hasTag, isSameTag } from '../../../../src-core/library/stored/tags.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import type { MenuEntry } from '../../../components/overlays/menu-parts.tsx';
import { commandTip, Tip } from '../../../components/overlays/tooltip.tsx';
import { shortcutOf } from '../../../components/shortcut-of.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { Input } from '../../../fields/input.tsx';
import { longest, tooLong } from '../../../fields/too-long.ts';
import { orpc } from '../../../live/api.ts';
import { runCommand } from '../../../workbench/commands.ts';
import { type Arrangement, arrangements, useList } from '../list-store.ts';
import { BulkBar } from '../organise/bulk-bar.tsx';
import { ProjectSwitcher } from '../organise/project-switcher.tsx';
import { MoreHits } from '../search/more-hits.tsx';
import { SearchHelp } from '../search/search-help.tsx';
import type { ListRow } from './list-rows.ts';
import { PromptTree } from './prompt-tree.tsx';
import { useFlatList, useFolderList } from './use-list.ts';

const isSearchable = (words: string): boolean => tooLong('A search', words, longest.search) === null;

/** The library: search as you type, tags, folders. */
export function PromptsSide() {
  const { search, tags, status, arrangement, selected } = useList();
  const words = useDeferredValue(search);
  const tree = useRef<HTMLDivElement>(null);
  const isFiltered = words.trim() !== '' || tags.length > 0;
  const inFolders = arrangement === 'folders' && !isFiltered;
  const folders = useFolderList(inFolders);
  const flat = useFlatList({ search: words, tags, isEnabled: !inFolders && isSearchable(words) });
  const list = inFolders ? folders : flat;
  const { rows } = list;
  const chosen = useChosen(rows, selected);
  const select = async (first: number, last: number) => {
    const prompts = await attempt('The prompts were not chosen', () => list.promptsBetween(first, last));
    if (prompts !== null) chosen.choose(prompts);
  };

  return (
    <>
      <Header />
      <div className="flex flex-col gap-1.5 px-2 pb-2">
        <SearchField onLeave={() => tree.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()} />
        <TagFilter />
      </div>
      {chosen.prompts.length > 0 && <BulkBar chosen={chosen.prompts} status={status} />}
      {rows === undefined ? (
        list.error !== null ? (
          <p role="alert" className="p-3 text-danger">
            <ForeignText text={list.error.message} />
          </p>
        ) : (
          <SkeletonList />
        )
      ) : rows.length === 0 ? (
        <Nothing isFiltered={isFiltered} />
      ) : (
        <PromptTree ref={tree} rows={rows} onShown={list.show} onSelect={(first, last) => void select(first, last)} />
      )}
      {words.trim() !== '' && status === 'active' && isSearchable(words) && <MoreHits query={words} />}
    </>
  );
}

/** The chosen prompts as last read, because they may no longer be in the list. */
function useChosen(rows: readonly ListRow[] | undefined, selected: ReadonlySet<string>) {
  const seen = useRef(new Map<string, PromptSummary>());
  const note = (prompts: readonly PromptSummary[]) => {
    for (const prompt of prompts) seen.current.set(prompt.id, prompt);
  };
  note((rows ?? []).flatMap((row) => (row.kind === 'prompt' ? [row.prompt] : [])));
  return {
    prompts: [...selected].flatMap((id) => seen.current.get(id) ?? []),
    choose: (prompts: readonly PromptSummary[]) => {
      note(prompts);
      useList.setState({ selected: new Set(prompts.map(({ id }) => id)) });
    },
  };
}

function Header() {
  return (
    <header className="flex h-9 shrink-0 items-center gap-0.5 px-1.5">
      <ProjectSwitcher />
      <Tip {...commandTip('prompt.new')}>
        <Button variant="ghost" size="icon-sm" aria-label="New prompt" onClick={() => runCommand('prompt.new')}>
          <Plus />
        </Button>
      </Tip>
      <ListMenu />
    </header>
  );
}

const arrangementNames: Readonly<Record<Arrangement, string>> = {
  folders: 'Folders',
  updated: 'Last changed',
  name: 'Name',
};

function ListMenu() {
  const { arrangement, status } = useList();
  const show = (next: PromptSummary['status']) => () => useList.setState({ status: next, selected: new Set() });
  const mark = (label: string, on: boolean) => (on ? `${label} ✓` : label);
  const entries: readonly MenuEntry[] = [
    { kind: 'label', label: 'Arrange by' },
    ...arrangements.map((choice) => ({
      label: mark(arrangementNames[choice], choice === arrangement),
      onSelect: () => useList.setState({ arrangement: choice }),
    })),
    { kind: 'separator' },
    { label: mark('Prompts', status === 'active'), onSelect: show('active') },
    { label: mark('Archived', status === 'archived'), onSelect: show('archived') },
    { label: mark('Trash', status === 'trashed'), onSelect: show('trashed') },
    { kind: 'separator' },
    { label: 'Import prompts…', shortcut: shortcutOf('import.open'), onSelect: () => runCommand('import.open') },
    { label: 'Paste to import…', onSelect: () => runCommand('import.paste') },
    { label: 'Imports…', onSelect: () => runCommand('import.list') },
  ];
  return (
    <DropdownMenu entries={entries}>
      <Button variant="ghost" size="icon-sm" aria-label="Order and filter">
        <Ellipsis />
      </Button>
    </DropdownMenu>
  );
}

function SearchField({ onLeave }: { readonly onLeave: () => void }) {
  const search = useList((state) => state.search);
  const problem = tooLong('A search', search, longest.search);
  const [isUsed, setUsed] = useState(false);
  // The chips stay while the side bar has the focus: a list that moves under the pointer would lose the click.
  useEffect(() => {
    if (!isUsed) return;
    const onFocus = ({ target }: FocusEvent) =>
      setUsed(target instanceof Element && target.closest('[data-region="side"]') !== null);
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, [isUsed]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only to know where the focus is
    <div className="flex flex-col gap-1.5" onFocus={() => setUsed(true)}>
      <div className="relative">
        <Search aria-hidden="true" className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-faint" />
        <Input
          type="search"
          data-prompt-search
          aria-label="Search prompts"
          aria-invalid={problem !== null || undefined}
          placeholder="Search"
          title={`Words, "phrases", tag:name, label:name, model:name, updated:7d (${commandById('prompt.search').title})`}
          className="pl-7 [&::-webkit-search-cancel-button]:hidden"
          value={search}
          onChange={(event) => useList.setState({ search: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') useList.setState({ search: '' });
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            onLeave();
          }}
        />
      </div>
      {problem !== null && (
        <p role="alert" className="text-xs text-danger">
          {problem}
        </p>
      )}
      {isUsed && <SearchHelp search={search} onPick={(next) => useList.setState({ search: next })} />}
    </div>
  );
}

function TagFilter() {
  const tags = useList((state) => state.tags);
  const known = useQuery(orpc.prompts.tags.queryOptions()).data ?? [];
  if (known.length === 0) return null;
  const toggle = (tag: string) =>
    useList.setState({ tags: hasTag(tags, tag) ? tags.filter((other) => !isSameTag(other, tag)) : [...tags, tag] });
  return (
    <div className="flex flex-wrap items-center gap-1">
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          onClick={() => toggle(tag)}
          aria-label={`Do not filter by ${tag}`}
          className="rounded-sm"
        >
          <Badge tone="accent">
            {tag} <X aria-hidden="true" />
          </Badge>
        </button>
      ))}
      <DropdownMenu
        align="start"
        entries={known.map(({ tag, count }) => ({
          label: `${tag}  ${count}${hasTag(tags, tag) ? '  ✓' : ''}`,
          onSelect: () => toggle(tag),
        }))}
      >
        <Button variant="ghost" size="sm" className="h-5 px-1 text-2xs">
          <ListFilter className="size-3!" /> {tags.length === 0 ? 'Filter by tag' : 'Tags'}
        </Button>
      </DropdownMenu>
    </div>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const { status, search } = useList();
  if (isFiltered) {
    return (
      <EmptyState
        icon={SearchX}
        title="No prompt matches"
        actions={<Button onClick={() => useList.setState({ search: '', tags: [] })}>Show all</Button>}
      >
        {search !== '' && `Names, titles, tags, descriptions and texts were searched for “${search}”.`}
      </EmptyState>
    );
  }
  if (status !== 'active') {
    return (
      <EmptyState
        icon={status === 'archived' ? Archive : Trash2}
        title={status === 'archived' ? 'Nothing is archived' : 'The trash is empty'}
        actions={<Button onClick={() => useList.setState({ status: 'active' })}>Back to the prompts</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={FileText}
      title="No prompts yet"
      actions={
        <>
          <Button variant="primary" onClick={() => runCommand('prompt.new')}>
            <Plus /> New prompt
          </Button>
          <Button onClick={() => runCommand('import.open')}>
            <FileInput /> Import…
          </Button>
        </>
      }
    >
      A prompt is a list of messages with inputs. Names with “/” make folders, as in support/refund-reply.
    </EmptyState>
  );
}
