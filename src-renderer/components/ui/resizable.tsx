import type { ComponentProps } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { rememberedLayout, rememberLayout } from '../../live/window-state.ts';
import { cn } from './cn.ts';

export interface PaneGroupProps extends Omit<ComponentProps<typeof Group>, 'id' | 'defaultLayout' | 'onLayoutChanged'> {
  /** Key of the remembered sizes; it names the shown panes too, so that each arrangement has its own. */
  readonly id: string;
}

/** Panes side by side (or stacked) whose sizes are remembered over restarts. */
export function PaneGroup({ id, className, ...props }: PaneGroupProps) {
  return (
    <Group
      id={id}
      key={id}
      defaultLayout={rememberedLayout(id)}
      onLayoutChanged={(layout, meta) => meta.isUserInteraction && rememberLayout(id, layout)}
      className={cn('min-h-0 min-w-0', className)}
      {...props}
    />
  );
}

/** One pane; sizes are pixels as numbers and percentages as strings. */
export const Pane = Panel;

/** The line between two panes, dragged or moved with the arrow keys. */
export function PaneHandle({ className, ...props }: ComponentProps<typeof Separator>) {
  return (
    <Separator
      className={cn(
        'relative z-10 shrink-0 bg-border transition-colors outline-none data-[separator=active]:bg-accent data-[separator=focus]:bg-accent data-[separator=hover]:bg-border-strong',
        'aria-[orientation=horizontal]:h-px aria-[orientation=vertical]:w-px focus-visible:bg-accent',
        className,
      )}
      {...props}
    />
  );
}
