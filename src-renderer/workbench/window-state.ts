import { z } from 'zod';
import type { Json } from '../../src-core/contract/shared.ts';
import { client } from '../api.ts';
import { windowSlot } from './window-slot.ts';

/**
 * What the window remembers over restarts. It is kept by the host and not in `localStorage`, because the port of the
 * loopback address, and with it the origin, changes with every start.
 */
const values = new Map<string, Json>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const saveDelayMs = 250;

/** Fetches a remembered value, so that `recall` has it. */
export async function loadState(key: string): Promise<void> {
  const value = await client.settings.getState({ key: storedKey(key) });
  // A window that was never there before starts as the first one looks now, and goes its own way from there.
  const first = value === null && storedKey(key) !== key ? await client.settings.getState({ key }) : value;
  if (!values.has(key)) values.set(key, first);
}

/** What is a window's own (its tabs, its panes) has a place for each window that is open. */
function storedKey(key: string): string {
  const slot = windowSlot();
  return slot > 1 && key.startsWith('window.') ? `${key}#${slot}` : key;
}

/** The remembered value when it was loaded and still has the expected shape, else `fallback`. */
export function recall<Value>(key: string, schema: z.ZodType<Value>, fallback: Value): Value {
  const parsed = schema.safeParse(values.get(key));
  return parsed.success ? parsed.data : fallback;
}

/** Remembers a value, soon. */
export function remember(key: string, value: Json): void {
  values.set(key, value);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => save(key), saveDelayMs),
  );
}

/** Sends what is not saved yet; for the moment before the window goes. */
export function flushState(): void {
  for (const [key, timer] of timers) {
    clearTimeout(timer);
    save(key);
  }
}

function save(key: string): void {
  timers.delete(key);
  client.settings.setState({ key: storedKey(key), value: values.get(key) ?? null }).catch(() => {
    // The host is away; a newer value or the next start tries again. Losing a pane's width is no loss of work.
    if (!timers.has(key))
      timers.set(
        key,
        setTimeout(() => save(key), 5_000),
      );
  });
}

const layoutsSchema = z.record(z.string(), z.record(z.string(), z.number()));
/** Key of the sizes of all panes. */
export const layoutsKey = 'window.layouts';

/** Sizes of a pane group as they were left. */
export function rememberedLayout(id: string): Record<string, number> | undefined {
  return recall(layoutsKey, layoutsSchema, {})[id];
}

/** Keeps the sizes of a pane group. */
export function rememberLayout(id: string, layout: Readonly<Record<string, number>>): void {
  remember(layoutsKey, { ...recall(layoutsKey, layoutsSchema, {}), [id]: { ...layout } });
}
