import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  app,
  type BrowserWindow,
  dialog,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  session,
  utilityProcess,
} from 'electron';
import { fromEmitterPort } from '../src-core/client/port.ts';
import type { CommandId } from '../src-core/desktop/commands.ts';
import type { Log } from '../src-core/ports.ts';
import type { AppError } from '../src-core/scope/errors.ts';
import { openDataDir } from '../src-host/files/data-dir.ts';
import { serveMessagePort } from '../src-host/transports/serve-calls.ts';
import { registerScheme, serveWindow } from './app-protocol.ts';
import { createDesktopEvents, type DesktopEvents } from './desktop-events.ts';
import { createDesktopRouter } from './desktop-router.ts';
import { createEngineLauncher } from './engine-launcher.ts';
import { handOverPorts } from './hand-over-ports.ts';
import { hardenApp, hardenSession } from './harden.ts';
import { type HostSupervisor, superviseHost } from './host-supervisor.ts';
import { menuTemplate } from './menu-template.ts';
import { deskOf, openWindow } from './open-window.ts';
import { createFileQueue, type FileQueue, openedFiles } from './opened-files.ts';

const here = import.meta.dirname;

const log: Log = {
  info: () => {},
  error: (message, cause) => process.stderr.write(`${message} ${cause instanceof Error ? cause.stack : ''}\n`),
};

interface Workbench {
  readonly window: BrowserWindow;
  readonly events: DesktopEvents;
}

const startHost = (dataDir: string): HostSupervisor<MessagePortMain> => {
  const engines = createEngineLauncher<MessagePortMain>({
    start: (env) =>
      utilityProcess.fork(join(here, 'engine.js'), [], {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
        serviceName: 'PromptDev model',
      }),
    createChannel: () => new MessageChannelMain(),
  });
  return superviseHost<MessagePortMain>({
    dataDir,
    start: () => utilityProcess.fork(join(here, 'host.js'), [], { serviceName: 'PromptDev host' }),
    onFailed: (message) => {
      dialog.showErrorBox('PromptDev cannot open its data', message);
      app.quit();
    },
    onEngine: (message, host) => {
      if (message.kind === 'launch-engine') engines.launch(message.id, message.env, host);
      else engines.kill(message.id);
    },
    onExit: () => engines.killAll(),
  });
};

const run = async (dataDir: string, asked: FileQueue): Promise<void> => {
  await app.whenReady();
  hardenSession(session.defaultSession);
  serveWindow(session.defaultSession, join(here, '..', 'renderer'));
  const host = startHost(dataDir);
  let workbench: Workbench | null = null;

  const open = (): Workbench => {
    const window = openWindow(join(here, '..', 'preload', 'preload.cjs'));
    window.on('closed', () => {
      workbench = null;
    });
    workbench = { window, events: createDesktopEvents() };
    return workbench;
  };
  const show = (paths: readonly string[]): void => {
    const { window, events } = workbench ?? open();
    if (window.isMinimized()) window.restore();
    window.focus();
    if (paths.length > 0) events.emit({ kind: 'files', paths: [...paths] });
  };
  const choose = (id: CommandId): void => {
    // Handled here, so that it also works when the page does not respond.
    if (id === 'window.reload') workbench?.window.webContents.reload();
    else (workbench ?? open()).events.emit({ kind: 'command', id });
  };

  handOverPorts({
    host: (clientId, port) => host.connect(clientId, port),
    desktop: (clientId, port, contentsId) => {
      if (workbench?.window.webContents.id !== contentsId) return port.close();
      const router = createDesktopRouter(deskOf(workbench.window), workbench.events);
      serveMessagePort(router, fromEmitterPort(port), { clientId, log });
    },
    dropped: (paths, contentsId) => {
      if (workbench?.window.webContents.id === contentsId) workbench.events.emit({ kind: 'files', paths: [...paths] });
    },
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform === 'darwin', choose)));
  app.on('second-instance', (_event, argv, folder) => show(openedFiles(argv, folder)));
  app.on('activate', () => show([]));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let mayQuit = false;
  app.on('will-quit', (event) => {
    if (mayQuit) return;
    event.preventDefault();
    void host.close().then(() => {
      mayQuit = true;
      app.quit();
    });
  });
  show(openedFiles(process.argv, process.cwd()));
  asked.follow(show);
};

const start = () => {
  hardenApp();
  registerScheme();
  const { values } = parseArgs({ options: { 'data-dir': { type: 'string' } }, strict: false });
  const flag = typeof values['data-dir'] === 'string' ? values['data-dir'] : undefined;
  let dataDir: string;
  try {
    dataDir = openDataDir(flag);
  } catch (error) {
    dialog.showErrorBox('PromptDev cannot open its data', (error as AppError).message);
    return app.exit(1);
  }
  // Caches and the lock against a second instance belong to the workspace: two workspaces may be open side by side.
  app.setPath('userData', join(dataDir, 'window'));
  if (!app.requestSingleInstanceLock()) return app.quit();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  // macOS sends files to open before the application is ready.
  const asked = createFileQueue();
  app.on('open-file', (event, path) => {
    event.preventDefault();
    asked.add(path);
  });
  void run(dataDir, asked);
};

start();
