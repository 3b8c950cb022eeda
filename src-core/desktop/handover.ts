import { z } from 'zod';
import type { Port } from '../client/port.ts';

/** What stands at the other end of a port: the host (`contract`) or the shell (`desktopContract`). */
export const portKinds = ['host', 'desktop'] as const;
export type PortKind = (typeof portKinds)[number];

/** A request for a port, which the preload script passes from the window to the shell. */
export const portRequestSchema = z.strictObject({
  promptdev: z.literal('request-port'),
  kind: z.enum(portKinds),
  /** Names this window as the origin of changes. */
  clientId: z.uuid(),
});
export type PortRequest = z.infer<typeof portRequestSchema>;

/** The answer that comes with the port. */
export interface PortOffer {
  readonly promptdev: 'offer-port';
  readonly kind: PortKind;
}

/** IPC channels between preload script and shell: requests for ports, ports, and the paths of files dropped on the window. */
export const channels = {
  request: 'promptdev:request-port',
  offer: 'promptdev:offer-port',
  dropped: 'promptdev:dropped-files',
} as const;

/** Absolute paths of dropped files. */
export const droppedSchema = z.array(z.string().min(1).max(4_096)).max(100);

/** What is used of a browser's `window`. */
export interface WindowLike<AnyPort extends Port> {
  postMessage(message: unknown, targetOrigin: string): void;
  addEventListener(type: 'message', listener: (event: WindowMessage<AnyPort>) => void): void;
  removeEventListener(type: 'message', listener: (event: WindowMessage<AnyPort>) => void): void;
}

interface WindowMessage<AnyPort extends Port> {
  readonly source: unknown;
  readonly data: unknown;
  readonly ports: readonly AnyPort[];
}

const isOffer = (data: unknown, kind: PortKind): boolean =>
  typeof data === 'object' &&
  data !== null &&
  'promptdev' in data &&
  data.promptdev === 'offer-port' &&
  'kind' in data &&
  data.kind === kind;

/** Asks the shell for a port and waits until it comes, which takes as long as the host needs to start again. */
export function requestPort<AnyPort extends Port>(
  view: WindowLike<AnyPort>,
  kind: PortKind,
  clientId: string,
): Promise<AnyPort> {
  return new Promise((resolve) => {
    const listen = (event: WindowMessage<AnyPort>): void => {
      const [port] = event.ports;
      if (event.source !== view || !port || !isOffer(event.data, kind)) return;
      view.removeEventListener('message', listen);
      resolve(port);
    };
    view.addEventListener('message', listen);
    // "/" is the page's own origin.
    view.postMessage({ promptdev: 'request-port', kind, clientId } satisfies PortRequest, '/');
  });
}
