import { X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { withMarks } from '../../../src-core/content/text/odd-characters.ts';
import { ContextMenu } from '../../components/overlays/context-menu.tsx';
import { shortcutOf } from '../../components/shortcut-of.ts';
import { cn } from '../../components/ui/cn.ts';
import { ForeignText } from '../../components/ui/foreign-text.tsx';
import { activateTab, closeOtherTabs, closeTab, moveTab, openTab, reopenTab, type Tab, useTabs } from '../tabs.ts';
import { useEditorFor } from './parts.tsx';

const dragType = 'application/x-promptdev-tab';

/** The open tabs: dragged or moved with Ctrl+Shift+arrow, closed with the middle button or Delete. */
export function TabBar() {
  const tabs = useTabs((state) => state.tabs);
  const bar = useRef<HTMLDivElement>(null);
  const isEmpty = tabs.length === 0;
  // A window that gets narrower keeps the tab that shows in sight.
  useEffect(() => {
    if (isEmpty || bar.current === null) return;
    const observer = new ResizeObserver(() =>
      bar.current
        ?.querySelector('[role="tab"][aria-selected="true"]')
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    );
    observer.observe(bar.current);
    return () => observer.disconnect();
  }, [isEmpty]);
  if (isEmpty) return null;
  return (
    <div
      ref={bar}
      role="tablist"
      aria-label="Open tabs"
      className="flex h-9 shrink-0 overflow-x-auto overflow-y-hidden border-b bg-panel [scrollbar-width:none]"
    >
      {tabs.map((tab, index) => (
        <TabButton key={tab.key} tab={tab} index={index} />
      ))}
    </div>
  );
}

function TabButton({ tab, index }: { readonly tab: Tab; readonly index: number }) {
  const active = useTabs((state) => state.active === tab.key);
  const dirty = useTabs((state) => state.dirty.has(tab.key));
  const button = useRef<HTMLDivElement>(null);
  const Icon = useEditorFor(tab.kind)?.icon;
  useEffect(() => {
    if (active) button.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active]);

  return (
    <ContextMenu entries={menuOf(tab)}>
      <div
        ref={button}
        role="tab"
        tabIndex={active ? 0 : -1}
        aria-selected={active}
        aria-controls={active ? 'editor-panel' : undefined}
        aria-label={withMarks(dirty ? `${tab.title}, unsaved changes` : tab.title)}
        draggable
        onDragStart={(event) => event.dataTransfer.setData(dragType, tab.key)}
        onDragOver={(event) => event.dataTransfer.types.includes(dragType) && event.preventDefault()}
        onDrop={(event) => drop(event, index)}
        onClick={() => activateTab(tab.key)}
        onDoubleClick={() => openTab(tab)}
        onMouseDown={(event) => event.button === 1 && event.preventDefault()}
        onAuxClick={(event) => event.button === 1 && closeTab(tab.key)}
        onKeyDown={(event) => onTabKey(event, tab, index)}
        className={cn(
          'group flex max-w-56 min-w-0 shrink-0 items-center gap-1.5 border-r pr-1.5 pl-3 text-sm text-muted select-none hover:text-foreground focus-visible:-outline-offset-2',
          active && 'bg-background text-foreground shadow-[inset_0_2px_0_var(--accent)]',
          tab.preview && 'italic',
        )}
      >
        {Icon && <Icon aria-hidden="true" className="size-3.5 shrink-0 opacity-70" />}
        <span dir="auto" className={cn('truncate', tab.preview && 'pr-0.5')}>
          <ForeignText text={tab.title} />
        </span>
        <span className="relative flex size-5 shrink-0 items-center justify-center">
          {dirty && (
            <span
              aria-hidden="true"
              className="size-1.5 rounded-full bg-accent group-hover:hidden"
              title="Unsaved changes"
            />
          )}
          {/* Not a tab stop of its own: Delete on the tab closes it, and a tab must not contain other controls. */}
          <span
            aria-hidden="true"
            data-close
            onClick={(event) => {
              event.stopPropagation();
              closeTab(tab.key);
            }}
            className={cn(
              'absolute inset-0 flex items-center justify-center rounded-sm opacity-0 group-hover:opacity-100 hover:bg-active',
              active && !dirty && 'opacity-100',
            )}
          >
            <X className="size-3.5" />
          </span>
        </span>
      </div>
    </ContextMenu>
  );
}

function menuOf(tab: Tab) {
  return [
    { label: 'Close', shortcut: shortcutOf('tab.close'), onSelect: () => closeTab(tab.key) },
    { label: 'Close others', onSelect: () => closeOtherTabs(tab.key) },
    { kind: 'separator' as const },
    { label: 'Reopen closed tab', shortcut: shortcutOf('tab.reopen'), onSelect: reopenTab },
  ];
}

function drop(event: DragEvent, index: number): void {
  const key = event.dataTransfer.getData(dragType);
  if (key === '') return;
  event.preventDefault();
  moveTab(key, index);
}

function onTabKey(event: KeyboardEvent<HTMLElement>, tab: Tab, index: number): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  const tabs = useTabs.getState().tabs;
  if (step !== 0 && event.ctrlKey && event.shiftKey) {
    moveTab(tab.key, Math.max(0, Math.min(tabs.length - 1, index + step)));
  } else if (step !== 0) {
    const next = tabs[(index + step + tabs.length) % tabs.length];
    const element = event.currentTarget.parentElement?.children[(index + step + tabs.length) % tabs.length];
    if (next !== undefined) activateTab(next.key);
    if (element instanceof HTMLElement) element.focus();
  } else if (event.key === 'Delete') {
    closeTab(tab.key);
  } else if (event.key === 'Enter' || event.key === ' ') {
    openTab(tab);
  } else return;
  event.preventDefault();
}
