import { expect, test } from 'vitest';
import { parseWindowState, placeWindow, type WindowState } from './window-state.ts';

const display = { x: 0, y: 25, width: 1920, height: 1055 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };
const state = (change: Partial<WindowState>): WindowState => ({
  x: 100,
  y: 100,
  width: 1000,
  height: 700,
  maximized: false,
  ...change,
});

test('the window comes back where it was', () => {
  expect(placeWindow(state({}), [display])).toEqual(state({}));
  expect(placeWindow(state({ x: 2000, maximized: true }), [display, second])).toEqual(
    state({ x: 2000, maximized: true }),
  );
});

test('a window on a display that is gone comes to the middle of the first', () => {
  expect(placeWindow(state({ x: 2000 }), [display])).toEqual({
    x: 240,
    y: 102,
    width: 1440,
    height: 900,
    maximized: false,
  });
});

test('a window that could not be gripped is brought back', () => {
  expect(placeWindow(state({ x: 1900 }), [display]).x).toBe(240);
  expect(placeWindow(state({ y: -300 }), [display]).y).toBe(102);
});

test('the first window is as large as the display allows', () => {
  expect(placeWindow(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({
    x: 0,
    y: 0,
    width: 1280,
    height: 720,
    maximized: false,
  });
});

test('a damaged file is as good as none', () => {
  for (const text of ['', '{', '[]', '{"x":1}', '{"x":"a","y":0,"width":1,"height":1,"maximized":false}']) {
    expect(parseWindowState(text)).toBeNull();
  }
  expect(parseWindowState(JSON.stringify(state({})))).toEqual(state({}));
});
