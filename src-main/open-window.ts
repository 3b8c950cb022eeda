import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, screen, shell } from 'electron';
import type { NativeDialogs } from './desktop-router.ts';
import { ownOrigin } from './own-address.ts';
import { parseWindowState, placeWindow, smallest, type WindowState } from './window-state.ts';

const stateFile = (): string => join(app.getPath('userData'), 'window.json');

const readState = (): WindowState | null => {
  try {
    return parseWindowState(readFileSync(stateFile(), 'utf8'));
  } catch {
    return null;
  }
};

const keepState = (window: BrowserWindow): void => {
  const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  try {
    writeFileSync(stateFile(), JSON.stringify(state));
  } catch {
    // Not saving the position must not prevent closing the window.
  }
};

/** Opens the workbench where it was last time. */
export function openWindow(preload: string): BrowserWindow {
  const displays = screen.getAllDisplays().map((display) => display.workArea);
  const { maximized, ...bounds } = placeWindow(readState(), displays);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'PromptDev',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      // The spell checker would download dictionaries.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => keepState(window));
  void window.loadURL(`${ownOrigin}/`);
  return window;
}

/** Native dialogs over that window. */
export function deskOf(window: BrowserWindow): NativeDialogs {
  return {
    pickFile: async (title, filters) => {
      const picked = await dialog.showOpenDialog(window, { title, filters: copy(filters), properties: ['openFile'] });
      return picked.filePaths[0] ?? null;
    },
    pickTarget: async (title, suggestedName, filters) => {
      const picked = await dialog.showSaveDialog(window, { title, defaultPath: suggestedName, filters: copy(filters) });
      return picked.canceled ? null : picked.filePath;
    },
    reveal: (path) => shell.showItemInFolder(path),
  };
}

const copy = (filters: Parameters<NativeDialogs['pickFile']>[1]) =>
  filters.map(({ name, extensions }) => ({ name, extensions: [...extensions] }));
