import type { Port } from '../../src-core/client/port.ts';
import { type PortKind, requestPort } from '../../src-core/desktop/handover.ts';

/** The window was opened by Electron, which hands it MessagePorts instead of serving a WebSocket. */
export const runsInElectron = location.protocol === 'app:';

/** Names this window as the origin of changes. */
export const clientId = crypto.randomUUID();

/** The next port of that kind; waits for as long as the host needs to start. */
export function nextPort(kind: PortKind): Promise<Port> {
  return requestPort<MessagePort>(window, kind, clientId);
}
