import { protocol, type Session } from 'electron';
import { contentSecurityPolicy } from '../src-core/desktop/window-security.ts';
import { readWindowFiles } from '../src-host/loopback/window-files.ts';
import { isOwnAddress, scheme } from './own-address.ts';

const headers = {
  'Content-Security-Policy': contentSecurityPolicy([]),
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Must be called before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built window under `app://promptdev/`, from a list of its files and from nothing else. */
export function serveWindow(session: Session, folder: string): void {
  const files = readWindowFiles(folder);
  session.protocol.handle(scheme, (request) => {
    const found = isOwnAddress(request.url) ? files.get(new URL(request.url).pathname) : undefined;
    if (request.method !== 'GET' || !found) return new Response(null, { status: 404, headers });
    return new Response(new Uint8Array(found.content), { headers: { ...headers, 'Content-Type': found.type } });
  });
}
