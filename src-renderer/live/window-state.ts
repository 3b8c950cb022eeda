import { z } from 'zod';
import type { Json } from '../../src-core/contract/shared.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { client, whenConnected } from './api.ts';
import { windowSlot } from './window-slot.ts';

/**
 * What the window remembers over restarts. It is kept by the host and not in `localStorage`, because the port of the
 * loopback address, and with it the origin, changes with every start.
 */
const values = new Map<string, Json>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const saveDelayMs = 250;
const retryDelayMs = 5_000;
const readAgainDelayMs = 250;
/** Values that the host has not confirmed. */
const unsaved = new Set<string>();

/** Fetches a remembered value, so that `recall` has it. */
export async function loadState(key: string): Promise<void> {
  const value = await client.settings.getState({ key: storedKey(key) });
  // A new window starts with a copy of the first window's state.
  const first = value === null && storedKey(key) !== key ? await client.settings.getState({ key }) : value;
  if (!values.has(key)) values.set(key, first);
}

/** Fetches remembered values as soon as the host can tell them; stops trying when they are no longer wanted. */
export async function loadStatesWhenConnected(keys: readonly string[], isWanted: () => boolean): Promise<void> {
  for (;;) {
    await whenConnected();
    try {
      await Promise.all(keys.map(loadState));
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, readAgainDelayMs));
    }
    if (!isWanted()) return;
  }
}

/** State of a single window, as its tabs and panes, is stored once per window. */
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
  unsaved.add(key);
  saveAfter(key, saveDelayMs);
}

/** Sends what is not saved yet; for a host that is back. */
export function saveStates(): void {
  for (const key of unsaved) save(key);
}

/**
 * For the moment before the window goes: sends what is not saved yet, and keeps it in the browser until the host has
 * confirmed it, because what a page sends in its last moment may not arrive.
 */
export function leaveStates(): void {
  for (const key of unsaved) {
    try {
      localStorage.setItem(leftKey(key), JSON.stringify(values.get(key) ?? null));
    } catch {
      // The browser's storage is full; the value is still sent.
    }
    save(key);
  }
}

/** Sends the host what closed windows left in the browser; rejects when it cannot be reached. */
export async function deliverLeftStates(): Promise<void> {
  const left = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '');
  for (const item of left.filter((name) => name.startsWith(leftPrefix))) {
    const value = readLeft(item);
    if (value !== undefined) await deliver(item.slice(leftPrefix.length), value);
    localStorage.removeItem(item);
  }
}

async function deliver(key: string, value: Json): Promise<void> {
  try {
    await client.settings.setState({ key, value });
  } catch (error) {
    if (error instanceof AppError && error.code === 'unavailable') throw error;
    // Sending again cannot help: the host would refuse the same value.
  }
}

function readLeft(item: string): Json | undefined {
  try {
    return JSON.parse(localStorage.getItem(item) ?? '') as Json;
  } catch {
    // Another program wrote it.
    return undefined;
  }
}

const leftPrefix = 'promptdev:state:';
const leftKey = (key: string): string => leftPrefix + storedKey(key);

function saveAfter(key: string, delayMs: number): void {
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => save(key), delayMs),
  );
}

function save(key: string): void {
  clearTimeout(timers.get(key));
  timers.delete(key);
  const value = values.get(key) ?? null;
  client.settings.setState({ key: storedKey(key), value }).then(
    () => {
      if ((values.get(key) ?? null) === value) unsaved.delete(key);
      localStorage.removeItem(leftKey(key));
    },
    () => {
      // The host is away; a newer value or the next start tries again.
      if (!timers.has(key)) saveAfter(key, retryDelayMs);
    },
  );
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
