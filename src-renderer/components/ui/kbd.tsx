import { shortcutKeys } from '../../../src-core/desktop/shortcuts.ts';
import { isMac } from '../platform.ts';
import { cn } from './cn.ts';

/** A shortcut in words for tooltips and labels, as in `Ctrl+S` or `⌘S`. */
export function shortcutText(shortcut: string): string {
  return shortcutKeys(shortcut, isMac).join(isMac ? '' : '+');
}

/** Shows a keyboard shortcut. */
export function Kbd({ shortcut, className }: { readonly shortcut: string; readonly className?: string }) {
  return <kbd className={cn('font-sans text-xs text-muted', className)}>{shortcutText(shortcut)}</kbd>;
}
