import { ChevronDown, ChevronRight, Folder } from 'lucide-react';
import { type MouseEvent, useRef, useState } from 'react';
import type { PromptSummary } from '../../../../src-core/contract/prompts.ts';
import { promptNameSchema } from '../../../../src-core/contract/shared.ts';
import { formatAgo, formatNumber } from '../../../components/format.ts';
import { ContextMenu } from '../../../components/overlays/context-menu.tsx';
import type { MenuEntry } from '../../../components/overlays/menu-parts.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { Snippet } from '../../../components/ui/snippet.tsx';
import { VersionName } from '../../../components/version-name.tsx';
import { Input } from '../../../fields/input.tsx';
import { openPrompt, titleOf } from '../../../workbench/navigation/open-prompt.ts';
import { useTabs } from '../../../workbench/tabs.ts';
import { clearSelection, toggleFolder, toggleSelected, useList } from '../list-store.ts';
import { askToMoveFolder } from '../organise/organise-dialogs.ts';
import { createPrompt, movePrompts, promptMenu, purgePrompts, renamePrompt } from '../organise/prompt-actions.ts';
import type { ListRow } from './list-rows.ts';

interface PlacedProps {
  readonly tabIndex: number;
  readonly onFocus: () => void;
}

const rowClass =
  'flex w-full items-center gap-1.5 rounded-md pr-2 text-left outline-offset-[-2px] select-none hover:bg-hover';
const indent = (depth: number) => ({ paddingLeft: 8 + depth * 14 });

/** A folder, which opens and closes. */
export function FolderRow({ row, ...place }: PlacedProps & { readonly row: Extract<ListRow, { kind: 'folder' }> }) {
  const Chevron = row.open ? ChevronDown : ChevronRight;
  return (
    <ContextMenu
      entries={[
        { label: 'New prompt here', onSelect: () => void createPrompt(row.path) },
        { label: 'Rename or move folder…', shortcut: 'F2', onSelect: () => askToMoveFolder(row.path) },
      ]}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all rows */}
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
        <span dir="auto" className="flex-1 truncate text-left text-sm">
          <ForeignText text={row.name} />
        </span>
        <span className="tabular text-2xs text-muted">{formatNumber(row.count)}</span>
      </div>
    </ContextMenu>
  );
}

/** Stands for a prompt that is being read. */
export function GapRow({ row, ...place }: PlacedProps & { readonly row: Extract<ListRow, { kind: 'gap' }> }) {
  return (
    <div
      role="treeitem"
      aria-label="Loading"
      aria-busy="true"
      aria-selected={false}
      aria-level={row.depth + 1}
      tabIndex={place.tabIndex}
      onFocus={place.onFocus}
      className={cn(rowClass, 'h-11 flex-col items-start justify-center')}
      style={indent(row.depth)}
    >
      <Skeleton className="h-3 w-3/5" />
      <Skeleton className="h-2.5 w-4/5 opacity-60" />
    </div>
  );
}

interface PromptRowProps extends PlacedProps {
  readonly row: Extract<ListRow, { kind: 'prompt' }>;
  readonly onRename: () => void;
  readonly onSelectTo: () => void;
  readonly onAnchor: () => void;
}

/** A prompt: one click opens a preview tab, two keep it open. */
export function PromptRow({ row: { prompt, depth }, onRename, onSelectTo, onAnchor, ...place }: PromptRowProps) {
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
            <span dir="auto" className="truncate font-medium">
              <ForeignText text={titleOf(prompt)} />
            </span>
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
              <span dir="auto" className="truncate">
                <ForeignText text={prompt.title === '' ? prompt.description || 'No description' : prompt.name} />
              </span>
            ) : (
              <Snippet html={prompt.snippet} />
            )}
            <span className="ml-auto shrink-0 whitespace-nowrap">{formatAgo(prompt.updatedAt)}</span>
          </span>
        </span>
        {prompt.latestVersion !== null && (
          <Badge>
            <VersionName version={{ number: prompt.latestVersion, confirmed: prompt.latestConfirmed }} />
          </Badge>
        )}
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

/** Takes the place of a row while its name is typed. */
export function RenameField({ prompt, onDone }: { readonly prompt: PromptSummary; readonly onDone: () => void }) {
  const [name, setName] = useState(prompt.name);
  const finished = useRef(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const error = promptNameSchema.safeParse(name).error?.issues[0]?.message ?? refusal;
  /** A name that is not valid, or is refused, stays in the field. */
  const save = async () => {
    if (finished.current || (error !== null && name !== prompt.name)) return;
    finished.current = true;
    try {
      await renamePrompt(prompt, name);
      onDone();
    } catch (refused) {
      finished.current = false;
      setRefusal(refused instanceof Error ? refused.message : String(refused));
    }
  };
  const leave = () => {
    finished.current = true;
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
        onChange={(event) => {
          setName(event.target.value);
          setRefusal(null);
        }}
        onBlur={() => void save()}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') void save();
          if (event.key === 'Escape') leave();
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
