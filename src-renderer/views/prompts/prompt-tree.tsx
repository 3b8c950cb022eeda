import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, Folder } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { PromptSummary } from '../../../src-core/contract/prompts.ts';
import { promptNameSchema } from '../../../src-core/contract/shared.ts';
import { cn } from '../../components/cn.ts';
import { formatAgo } from '../../components/format.ts';
import { Badge } from '../../components/ui/badge.tsx';
import { ContextMenu } from '../../components/ui/context-menu.tsx';
import { Input } from '../../components/ui/input.tsx';
import type { MenuEntry } from '../../components/ui/menu-parts.tsx';
import { toast } from '../../components/ui/toast.tsx';
import { useTabs } from '../../workbench/tabs.ts';
import type { ListRow } from './list-rows.ts';
import { clearSelection, toggleFolder, toggleSelected, useList } from './list-store.ts';
import { movePrompts, openPrompt, promptMenu, purgePrompts, renamePrompt, titleOf } from './prompt-actions.ts';
import { Snippet } from './snippet.tsx';

export interface PromptTreeProps {
  readonly rows: readonly ListRow[];
  readonly onNearEnd: () => void;
  readonly ref?: Ref<HTMLDivElement>;
}

const keyOf = (row: ListRow): string => (row.kind === 'folder' ? row.path : row.prompt.id);

/** The list of prompts; only what is in sight is drawn, and one row takes the focus. */
export function PromptTree({ rows, onNearEnd, ref }: PromptTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => scroller.current as HTMLDivElement);
  const [focused, setFocused] = useState<string | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const anchor = useRef<number | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'folder' ? 26 : 44),
    getItemKey: (index) => keyOf(rows[index] as ListRow),
    measureElement: (element) => element.getBoundingClientRect().height,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again whenever the end comes into sight
  useEffect(() => {
    if (lastShown >= rows.length - 20) onNearEnd();
  }, [lastShown, rows.length]);

  const index = Math.max(
    0,
    rows.findIndex((row) => keyOf(row) === focused),
  );
  const focusRow = (to: number) => {
    const row = rows[to];
    if (row === undefined) return;
    setFocused(keyOf(row));
    virtual.scrollToIndex(to);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] [role="treeitem"]`)?.focus(),
    );
  };
  const selectTo = (to: number) => {
    const from = anchor.current ?? index;
    const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    useList.setState({ selected: new Set(range.flatMap((row) => (row.kind === 'prompt' ? [row.prompt.id] : []))) });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (renaming !== null) return;
    const row = rows[index];
    const step = stepOf(event.key, index, rows.length);
    if (step !== null) {
      if (event.shiftKey) {
        anchor.current ??= index;
        selectTo(step);
      } else anchor.current = null;
      focusRow(step);
    } else if (event.key === 'Escape') clearSelection();
    else if (row === undefined || !onRowKey(event, row, setRenaming)) return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      role="tree"
      aria-label="Prompts"
      aria-multiselectable="true"
      className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-2"
      onKeyDown={onKeyDown}
    >
      <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index] as ListRow;
          const place = { tabIndex: item.index === index ? 0 : -1, onFocus: () => setFocused(keyOf(row)) };
          return (
            <div
              key={item.key}
              role="presentation"
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {row.kind === 'folder' ? (
                <FolderRow row={row} tabIndex={place.tabIndex} onFocus={place.onFocus} />
              ) : renaming === row.prompt.id ? (
                <RenameField
                  prompt={row.prompt}
                  onDone={() => {
                    setRenaming(null);
                    focusRow(item.index);
                  }}
                />
              ) : (
                <PromptRow
                  row={row}
                  tabIndex={place.tabIndex}
                  onFocus={place.onFocus}
                  onRename={() => setRenaming(row.prompt.id)}
                  onSelectTo={() => selectTo(item.index)}
                  onAnchor={() => {
                    anchor.current = item.index;
                  }}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Where a key moves the focus; null for other keys. */
function stepOf(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(count - 1, index + 10);
    case 'PageUp':
      return Math.max(0, index - 10);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** What a key does to a row; false when it does nothing. */
function onRowKey(event: KeyboardEvent<HTMLElement>, row: ListRow, rename: (id: string) => void): boolean {
  if (row.kind === 'folder') {
    const wantsOpen = event.key === 'ArrowRight' ? true : event.key === 'ArrowLeft' ? false : !row.open;
    if (!['ArrowRight', 'ArrowLeft', 'Enter', ' '].includes(event.key)) return false;
    if (wantsOpen !== row.open) toggleFolder(row.path);
    return true;
  }
  const { prompt } = row;
  const { selected } = useList.getState();
  switch (event.key) {
    case 'Enter':
      openPrompt(prompt);
      return true;
    case ' ':
      toggleSelected(prompt.id);
      return true;
    case 'F2':
      rename(prompt.id);
      return true;
    case 'Delete':
      if (selected.size > 1) toast('Several prompts are chosen', { description: 'Use the buttons above the list.' });
      else if (prompt.status === 'trashed') void purgePrompts([prompt]);
      else void movePrompts([prompt], 'trashed');
      return true;
    default:
      return false;
  }
}

interface PlacedProps {
  readonly tabIndex: number;
  readonly onFocus: () => void;
}

const rowClass =
  'flex w-full items-center gap-1.5 rounded-md pr-2 text-left outline-offset-[-2px] select-none hover:bg-hover';
const indent = (depth: number) => ({ paddingLeft: 8 + depth * 14 });

function FolderRow({ row, ...place }: PlacedProps & { readonly row: Extract<ListRow, { kind: 'folder' }> }) {
  const Chevron = row.open ? ChevronDown : ChevronRight;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all rows
    <div
      role="treeitem"
      aria-expanded={row.open}
      aria-selected={false}
      aria-level={row.depth + 1}
      tabIndex={place.tabIndex}
      onFocus={place.onFocus}
      onClick={() => toggleFolder(row.path)}
      className={cn(rowClass, 'h-6.5 text-muted')}
      style={indent(row.depth)}
    >
      <Chevron aria-hidden="true" className="size-3.5 text-faint" />
      <Folder aria-hidden="true" className="size-3.5 text-faint" />
      <span className="flex-1 truncate text-sm">{row.name}</span>
      <span className="tabular text-2xs text-faint">{row.count}</span>
    </div>
  );
}

interface PromptRowProps extends PlacedProps {
  readonly row: Extract<ListRow, { kind: 'prompt' }>;
  readonly onRename: () => void;
  readonly onSelectTo: () => void;
  readonly onAnchor: () => void;
}

function PromptRow({ row: { prompt, depth }, onRename, onSelectTo, onAnchor, ...place }: PromptRowProps) {
  const isShown = useTabs((state) => state.active === `prompt:${prompt.id}`);
  const isSelected = useList((state) => state.selected.has(prompt.id));
  const onClick = (event: MouseEvent) => {
    if (event.shiftKey) return onSelectTo();
    onAnchor();
    if (event.ctrlKey || event.metaKey) return toggleSelected(prompt.id);
    clearSelection();
    openPrompt(prompt, { preview: true });
  };
  return (
    <ContextMenu entries={menuOf(prompt, onRename)}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all rows */}
      <div
        role="treeitem"
        aria-selected={isSelected || isShown}
        aria-level={depth + 1}
        tabIndex={place.tabIndex}
        onFocus={place.onFocus}
        onClick={onClick}
        onDoubleClick={() => openPrompt(prompt)}
        className={cn(
          rowClass,
          'min-h-11 py-1',
          isShown && 'bg-active',
          isSelected && 'bg-accent-soft hover:bg-accent-soft',
        )}
        style={indent(depth)}
      >
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex items-center gap-1.5">
            <span className="truncate font-medium">{titleOf(prompt)}</span>
            {prompt.hasChanges && prompt.latestVersion !== null && (
              <span
                role="img"
                aria-label="Changed since its version"
                className="size-1.5 shrink-0 rounded-full bg-accent"
              />
            )}
          </span>
          <span className="flex items-center gap-1.5 text-2xs text-muted">
            {prompt.snippet === null ? (
              <span className="truncate">
                {prompt.title === '' ? prompt.description || 'No description' : prompt.name}
              </span>
            ) : (
              <Snippet html={prompt.snippet} />
            )}
            <span className="ml-auto shrink-0 whitespace-nowrap">{formatAgo(prompt.updatedAt)}</span>
          </span>
        </span>
        {prompt.latestVersion !== null && <Badge className="tabular">v{prompt.latestVersion}</Badge>}
      </div>
    </ContextMenu>
  );
}

function menuOf(prompt: PromptSummary, onRename: () => void): readonly MenuEntry[] {
  if (prompt.status !== 'active') {
    return [
      { label: 'Restore', onSelect: () => void movePrompts([prompt], 'active') },
      ...(prompt.status === 'trashed'
        ? [{ label: 'Delete for good', danger: true, onSelect: () => void purgePrompts([prompt]) }]
        : [{ label: 'Move to trash', danger: true, onSelect: () => void movePrompts([prompt], 'trashed') }]),
    ];
  }
  return [
    { label: 'Open', shortcut: 'Enter', onSelect: () => openPrompt(prompt) },
    { label: 'Rename', shortcut: 'F2', onSelect: onRename },
    ...promptMenu(prompt),
  ];
}

function RenameField({ prompt, onDone }: { readonly prompt: PromptSummary; readonly onDone: () => void }) {
  const [name, setName] = useState(prompt.name);
  const finished = useRef(false);
  const error = promptNameSchema.safeParse(name).error?.issues[0]?.message ?? null;
  const finish = async (save: boolean) => {
    if (finished.current) return;
    finished.current = true;
    if (save && error === null && name !== prompt.name) await renamePrompt(prompt, name);
    onDone();
  };
  return (
    <div className="px-1 py-1.5">
      <Input
        autoFocus
        aria-label={`New name of ${prompt.name}`}
        aria-invalid={error !== null || undefined}
        className="font-mono text-sm"
        value={name}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => void finish(true)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter' && error === null) void finish(true);
          if (event.key === 'Escape') void finish(false);
        }}
      />
      {error !== null && (
        <p role="alert" className="mt-1 text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
