import type { Port } from '../../src-core/client/port.ts';

/** The window was opened by Electron, which hands it MessagePorts instead of serving a WebSocket. */
export const runsInElectron = location.protocol === 'app:';

type PortName = 'host' | 'desktop';
const arrived: Record<PortName, Port[]> = { host: [], desktop: [] };
const wanted: Record<PortName, ((port: Port) => void)[]> = { host: [], desktop: [] };

/** The next port of that name which the preload script passes on; a new one comes when the host was started anew. */
export function nextPort(name: PortName): Promise<Port> {
  const port = arrived[name].shift();
  if (port !== undefined) return Promise.resolve(port);
  return new Promise((resolve) => wanted[name].push(resolve));
}

if (runsInElectron) {
  window.addEventListener('message', (event) => {
    const name: unknown = event.data?.promptdevPort;
    const port = event.ports[0];
    if (event.source !== window || port === undefined || (name !== 'host' && name !== 'desktop')) return;
    const waiting = wanted[name].shift();
    if (waiting === undefined) arrived[name].push(port);
    else waiting(port);
  });
}
