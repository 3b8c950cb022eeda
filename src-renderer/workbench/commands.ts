import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { CommandId } from '../../src-core/desktop/commands.ts';
import { commandForStroke } from '../../src-core/desktop/shortcuts.ts';
import { isMac } from '../components/platform.ts';

type Handler = () => void;
type Handlers = Readonly<Partial<Record<CommandId, readonly Handler[]>>>;

/** The handlers of each command; the one added last is called. */
export const useHandlers = create<{ readonly handlers: Handlers }>(() => ({ handlers: {} }));

/** Handles a command while the component is mounted and `enabled`. */
export function useCommand(id: CommandId, run: Handler, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => (enabled ? handleCommand(id, () => latest.current()) : undefined), [id, enabled]);
}

/** Handles a command until the returned function is called. */
export function handleCommand(id: CommandId, run: Handler): () => void {
  useHandlers.setState(({ handlers }) => ({ handlers: { ...handlers, [id]: [...(handlers[id] ?? []), run] } }));
  return () =>
    useHandlers.setState(({ handlers }) => ({
      handlers: { ...handlers, [id]: (handlers[id] ?? []).filter((other) => other !== run) },
    }));
}

/** Runs a command; false when nobody handles it. */
export function runCommand(id: CommandId): boolean {
  const handler = useHandlers.getState().handlers[id]?.at(-1);
  if (handler === undefined) return false;
  handler();
  return true;
}

/** Listens for the shortcuts of all commands, before any editor sees the keys. */
export function listenForShortcuts(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandForStroke(event, isMac);
    if (command === null || !runCommand(command.id)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
}
