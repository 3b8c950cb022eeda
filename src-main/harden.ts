import { app, type Session, type WebContents } from 'electron';
import { isOwnAddress } from './own-address.ts';

/** What the window itself loads from; everything else on the network is the host's business. */
const ownProtocols = ['app:', 'blob:', 'data:', 'devtools:'];

/** Denies what a window never needs: permissions, the network, devices, downloads. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  // Writing to the clipboard is the only permission, for the copy buttons.
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, decide) => {
    const { protocol } = new URL(details.url);
    decide({ cancel: !ownProtocols.includes(protocol) });
  });
  session.on('will-download', (event) => event.preventDefault());
}

const hardenContents = (contents: WebContents): void => {
  const stayHome = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stayHome);
  contents.on('will-redirect', stayHome);
  contents.on('will-frame-navigate', stayHome);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
};

/** Must be called before Electron is ready, so that the rules apply to every page. */
export function hardenApp(): void {
  app.enableSandbox();
  // Chromium's background requests: component updates, field trials, network time.
  for (const name of ['disable-background-networking', 'disable-component-update', 'disable-domain-reliability']) {
    app.commandLine.appendSwitch(name);
  }
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
}
