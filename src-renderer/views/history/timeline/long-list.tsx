import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { moveInList } from '../../../components/list-keys.ts';

export interface LongListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string | number;
  /** Pixels. */
  readonly rowHeight: number;
  /** Index of the row that is in sight at first. */
  readonly firstShown?: number;
  /** Asked for more whenever the end comes into sight. */
  readonly onNearEnd: () => void;
  /** Draws a row, whose `[data-item]` takes the focus. */
  readonly children: (item: Item, index: number) => ReactNode;
}

/** A list of rows of one height that renders only the visible ones; arrow keys, Home and End move the focus. */
export function LongList<Item>(props: LongListProps<Item>) {
  const { label, items, keyOf, rowHeight, firstShown = 0, onNearEnd, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keyOf(items[index] as Item),
    overscan: 8,
  });
  const drawn = virtual.getVirtualItems();
  const lastShown = drawn.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again whenever the end comes into sight
  useEffect(() => {
    if (lastShown >= items.length - 20) onNearEnd();
  }, [lastShown, items.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only at first; later the person scrolls
  useEffect(() => {
    if (firstShown > 0) virtual.scrollToIndex(firstShown, { align: 'center' });
  }, []);

  const focusRow = (index: number) => {
    virtual.scrollToIndex(index);
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-item]`)?.focus(),
      ),
    );
  };

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-2">
      <ul
        aria-label={label}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={(event) => {
          if (event.key !== 'Home' && event.key !== 'End') return moveInList(event);
          // The first or last row may not be rendered yet.
          event.preventDefault();
          focusRow(event.key === 'Home' ? 0 : items.length - 1);
        }}
      >
        {drawn.map(({ index, key, start }) => (
          <li
            key={key}
            data-index={index}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${start}px)` }}
          >
            {children(items[index] as Item, index)}
          </li>
        ))}
      </ul>
    </div>
  );
}
