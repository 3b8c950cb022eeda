import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { cn } from '../ui/cn.ts';
import { markTexts } from '../ui/foreign-text.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** One sentence under the title; always given, because screen readers announce it. */
  readonly description: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at the bottom right, the main one last. */
  readonly footer?: ReactNode;
  /** The children scroll themselves and bring their own `DialogFooter`. */
  readonly isFilled?: boolean;
  readonly className?: string;
}

/** Focuses the element with `data-initial-focus`; `autoFocus` would lose it to a menu that is closing. */
function focusFirst(event: Event): void {
  const target = (event.currentTarget as HTMLElement).querySelector<HTMLElement>('[data-initial-focus]');
  if (target === null) return;
  event.preventDefault();
  target.focus();
}

/** Buttons at the bottom right of a dialog, the main one last. */
export function DialogFooter({ children }: { readonly children: ReactNode }) {
  return (
    <footer className="flex shrink-0 items-center justify-end gap-2 border-t px-4 py-3 [&>button]:h-8">
      {children}
    </footer>
  );
}

/** A modal dialog; Escape and the backdrop close it. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, children, footer, isFilled = false, className } = props;
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade-in bg-(--overlay)" />
        <Primitive.Content
          onOpenAutoFocus={focusFirst}
          className={cn(
            'fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[min(520px,calc(100vw-32px))] -translate-x-1/2 animate-fade-in flex-col rounded-lg border border-border-strong bg-raised shadow-popup focus:outline-none',
            className,
          )}
        >
          <header className="flex items-start gap-3 px-4 pt-3.5 pb-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-lg font-semibold">{markTexts(title)}</Primitive.Title>
              <Primitive.Description className="text-muted">{markTexts(description)}</Primitive.Description>
            </div>
            <Primitive.Close asChild>
              <Button variant="ghost" size="icon-sm" aria-label="Close">
                <X />
              </Button>
            </Primitive.Close>
          </header>
          {isFilled
            ? children
            : children !== undefined && <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">{children}</div>}
          {footer !== undefined && <DialogFooter>{footer}</DialogFooter>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
