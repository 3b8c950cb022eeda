import { Tooltip as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { type CommandId, commandById } from '../../../src-core/desktop/commands.ts';
import { shortcutOf } from '../shortcut-of.ts';
import { markTexts } from '../ui/foreign-text.tsx';
import { Kbd } from '../ui/kbd.tsx';

/** Wraps the whole application once. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Primitive.Provider delayDuration={450} skipDelayDuration={200}>
      {children}
    </Primitive.Provider>
  );
}

export interface TipProps {
  readonly label: ReactNode;
  /** As in `Mod+Enter`. */
  readonly shortcut?: string;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** One element that takes a ref. */
  readonly children: ReactNode;
}

/** A short hint on hover and focus, with the shortcut of what it explains. */
export function Tip({ label, shortcut, side = 'bottom', children }: TipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          sideOffset={5}
          collisionPadding={6}
          className="z-50 flex max-w-72 animate-fade-in items-center gap-2 rounded-md border border-border-strong bg-raised px-2 py-1 text-xs text-foreground shadow-popup"
        >
          {markTexts(label)}
          {shortcut !== undefined && <Kbd shortcut={shortcut} />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Label and shortcut of a command, for the button that carries it out. */
export function commandTip(id: CommandId): Pick<TipProps, 'label' | 'shortcut'> {
  return { label: commandById(id).title, shortcut: shortcutOf(id) };
}
