import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { toast } from '../../../components/overlays/toast.tsx';
import { openPrompt } from '../../../workbench/navigation/open-prompt.ts';
import { clearSelection, toggleFolder, toggleSelected, useList } from '../list-store.ts';
import { askToMoveFolder } from '../organise/organise-dialogs.ts';
import { movePrompts, purgePrompts } from '../organise/prompt-actions.ts';
import type { ListRow } from './list-rows.ts';
import { FolderRow, GapRow, PromptRow, RenameField } from './prompt-row.tsx';

export interface PromptTreeProps {
  readonly rows: readonly ListRow[];
  /** Told which rows are in sight. */
  readonly onShown: (first: number, last: number) => void;
  /** Chooses the prompts from one row to another. */
  readonly onSelect: (first: number, last: number) => void;
  readonly ref?: Ref<HTMLDivElement>;
}

function keyOf(row: ListRow): string {
  switch (row.kind) {
    case 'folder':
      return row.path;
    case 'prompt':
      return row.prompt.id;
    case 'gap':
      return `${row.folder}#${row.index}`;
  }
}

/** The list of prompts; only what is in sight is drawn, and one row takes the focus. */
export function PromptTree({ rows, onShown, onSelect, ref }: PromptTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => scroller.current as HTMLDivElement);
  const [focused, setFocused] = useState<{ readonly key: string; readonly index: number } | null>(null);
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
  const [firstShown, lastShown] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again whenever other rows come into sight
  useEffect(() => onShown(firstShown, lastShown), [firstShown, lastShown, rows]);

  const found = rows.findIndex((row) => keyOf(row) === focused?.key);
  // The focused row may have been replaced or removed; the row at its index gets the focus.
  const index = found >= 0 ? found : Math.max(0, Math.min(focused?.index ?? 0, rows.length - 1));
  const awaited = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks whenever rows were read
  useEffect(() => {
    if (awaited.current === null || rows[awaited.current]?.kind === 'gap') return;
    if (document.activeElement === document.body || scroller.current?.contains(document.activeElement))
      focusRow(awaited.current);
    awaited.current = null;
  }, [rows]);
  const focusRow = (to: number) => {
    const row = rows[to];
    if (row === undefined) return;
    setFocused({ key: keyOf(row), index: to });
    awaited.current = row.kind === 'gap' ? to : null;
    virtual.scrollToIndex(to);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] [role="treeitem"]`)?.focus(),
    );
  };
  const selectTo = (to: number) => {
    const from = anchor.current ?? index;
    onSelect(Math.min(from, to), Math.max(from, to));
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
          const place = {
            tabIndex: item.index === index ? 0 : -1,
            onFocus: () => setFocused({ key: keyOf(row), index: item.index }),
          };
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
              ) : row.kind === 'gap' ? (
                <GapRow row={row} tabIndex={place.tabIndex} onFocus={place.onFocus} />
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
  if (row.kind === 'gap') return false;
  if (row.kind === 'folder') {
    if (event.key === 'F2') {
      askToMoveFolder(row.path);
      return true;
    }
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
