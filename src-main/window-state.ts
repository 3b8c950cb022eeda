import { z } from 'zod';

/** A rectangle on the desktop, in device-independent pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const stateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  maximized: z.boolean(),
});

/** Where the window was when it was last closed. */
export type WindowState = z.infer<typeof stateSchema>;

const usual = { width: 1_440, height: 900 };
export const smallest = { width: 800, height: 500 };
/** Pixels of the title bar that must be on a display, so that the window can be moved. */
const gripPixels = 80;

/** The state as it was written, or null when there is none or it is damaged. */
export function parseWindowState(text: string): WindowState | null {
  try {
    return stateSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const isReachable = (state: Area, display: Area): boolean => {
  const left = Math.max(state.x, display.x);
  const right = Math.min(state.x + state.width, display.x + display.width);
  const titleIsVisible = state.y >= display.y && state.y < display.y + display.height - gripPixels;
  return right - left >= gripPixels && titleIsVisible;
};

/** Where to open the window: where it was, if a display is still there; else in the middle of the first display. */
export function placeWindow(saved: WindowState | null, displays: readonly Area[]): WindowState {
  if (saved && displays.some((display) => isReachable(saved, display))) {
    return {
      ...saved,
      width: Math.max(saved.width, smallest.width),
      height: Math.max(saved.height, smallest.height),
    };
  }
  const display = displays[0] ?? { x: 0, y: 0, ...usual };
  const width = Math.min(usual.width, display.width);
  const height = Math.min(usual.height, display.height);
  return {
    x: display.x + Math.floor((display.width - width) / 2),
    y: display.y + Math.floor((display.height - height) / 2),
    width,
    height,
    maximized: saved?.maximized ?? false,
  };
}
