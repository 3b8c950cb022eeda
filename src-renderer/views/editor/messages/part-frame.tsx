import { Braces, GripVertical, Trash2 } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';

export interface PartFrameProps {
  readonly messageKey: string;
  readonly partKey: string;
  /** Both count from 0. */
  readonly index: number;
  readonly part: number;
  readonly count: number;
  /** As in "Image". */
  readonly kind: string;
  readonly icon: ReactNode;
  readonly aside?: ReactNode;
  readonly hasExtra: boolean;
  readonly onExtra: () => void;
  readonly onMove: (from: number, to: number) => void;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}

/** One part of a message: its kind, its handle to move it by, its actions, and what it holds. */
export function PartFrame(props: PartFrameProps) {
  const { messageKey, partKey, index, part, count, kind, onMove } = props;
  const [dropEdge, setDropEdge] = useState<'above' | 'below' | null>(null);
  // The type says which message it is of, which is all that can be read while something is dragged.
  const dragType = `application/x-promptdev-part-${messageKey}`;
  const place = `part ${part + 1} of message ${index + 1}`;

  const onDragOver = (event: DragEvent<HTMLElement>) => {
    if (!event.dataTransfer.types.includes(dragType)) return;
    event.preventDefault();
    event.stopPropagation();
    setDropEdge(isAbove(event) ? 'above' : 'below');
  };
  const onDrop = (event: DragEvent<HTMLElement>) => {
    setDropEdge(null);
    if (!event.dataTransfer.types.includes(dragType)) return;
    event.preventDefault();
    event.stopPropagation();
    const from = Number(event.dataTransfer.getData(dragType));
    const target = isAbove(event) ? part : part + 1;
    onMove(from, target > from ? target - 1 : target);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) onMove(part, part + step);
    else stepBetweenParts(event.currentTarget, step);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no list item, so that a message counts as one
    <div
      role="group"
      aria-label={`${kind}, ${place}`}
      data-part={partKey}
      className={cn(
        'group/part relative border-t first:border-t-0',
        dropEdge === 'above' &&
          'before:absolute before:inset-x-0 before:top-0 before:z-10 before:h-0.5 before:bg-accent',
        dropEdge === 'below' && 'after:absolute after:inset-x-0 after:bottom-0 after:z-10 after:h-0.5 after:bg-accent',
      )}
      onDragOver={onDragOver}
      onDragLeave={() => setDropEdge(null)}
      onDrop={onDrop}
    >
      <div className="flex h-7 items-center gap-1 pr-1 pl-0.5 text-xs text-muted">
        <Tip label="Drag, or Alt with ↑ and ↓, to move">
          <button
            type="button"
            data-part-grip
            aria-label={`Move ${place}`}
            draggable={count > 1}
            onDragStart={(event) => {
              event.stopPropagation();
              event.dataTransfer.setData(dragType, String(part));
            }}
            onKeyDown={onKeyDown}
            className="flex h-6 w-5 cursor-grab items-center justify-center rounded-sm text-faint hover:text-foreground"
          >
            <GripVertical className="size-3.5" />
          </button>
        </Tip>
        <span className="flex items-center gap-1.5 font-medium [&_svg]:size-3.5">
          {props.icon}
          {kind}
        </span>
        <span className="flex min-w-0 flex-1 items-center gap-1">{props.aside}</span>
        {!props.hasExtra && (
          <PartAction label={`Add provider parameters to ${place}`} tip="Provider parameters" onClick={props.onExtra}>
            <Braces />
          </PartAction>
        )}
        <PartAction label={`Remove ${place}`} tip="Remove part" onClick={props.onRemove}>
          <Trash2 />
        </PartAction>
      </div>
      {props.children}
    </div>
  );
}

interface PartActionProps {
  readonly label: string;
  readonly tip: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function PartAction({ label, tip, onClick, children }: PartActionProps) {
  return (
    <Tip label={tip}>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={label}
        onClick={onClick}
        className="opacity-0 group-focus-within/part:opacity-100 group-hover/part:opacity-100"
      >
        {children}
      </Button>
    </Tip>
  );
}

function isAbove(event: DragEvent<HTMLElement>): boolean {
  const { top, height } = event.currentTarget.getBoundingClientRect();
  return event.clientY < top + height / 2;
}

function stepBetweenParts(from: HTMLElement, step: number): void {
  const grips = [...(from.closest('[data-parts]')?.querySelectorAll<HTMLElement>('[data-part-grip]') ?? [])];
  grips[grips.indexOf(from) + step]?.focus();
}
