import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain } from 'electron';
import { channels, droppedSchema, type PortOffer, portRequestSchema } from '../src-core/desktop/handover.ts';
import { ownOrigin } from './own-address.ts';

export interface PortTakers {
  /** The host serves this end. */
  readonly host: (clientId: string, port: MessagePortMain) => void;
  /** The shell serves this end, for the window with that id. */
  readonly desktop: (clientId: string, port: MessagePortMain, contentsId: number) => void;
  readonly dropped: (paths: readonly string[], contentsId: number) => void;
}

/** Only the page of the window itself may ask: not a frame in it, and not a page from elsewhere. */
const isOwnPage = ({ senderFrame, sender }: IpcMainEvent): boolean =>
  senderFrame !== null && senderFrame === sender.mainFrame && senderFrame.origin === ownOrigin;

/** Answers a window's requests for ports. Nothing else in the application listens to IPC of windows. */
export function handOverPorts(takers: PortTakers): void {
  ipcMain.on(channels.request, (event, raw: unknown) => {
    const { data: request } = portRequestSchema.safeParse(raw);
    if (!request || !isOwnPage(event)) return;
    const { port1, port2 } = new MessageChannelMain();
    if (request.kind === 'host') takers.host(request.clientId, port1);
    else takers.desktop(request.clientId, port1, event.sender.id);
    const offer: PortOffer = { promptdev: 'offer-port', kind: request.kind };
    event.senderFrame?.postMessage(channels.offer, offer, [port2]);
  });
  ipcMain.on(channels.dropped, (event, raw: unknown) => {
    const { data: paths } = droppedSchema.safeParse(raw);
    if (paths && isOwnPage(event)) takers.dropped(paths, event.sender.id);
  });
}
