import { ipcRenderer, webUtils } from 'electron';
// Only types are imported, because a sandboxed preload script must be one file.
import type { channels as Channels } from '../src-core/desktop/handover.ts';

const channels: typeof Channels = {
  request: 'promptdev:request-port',
  offer: 'promptdev:offer-port',
  dropped: 'promptdev:dropped-files',
};

// The page gets MessagePorts and no function: it asks with a message, and the port comes back with one.
window.addEventListener('message', ({ source, data }) => {
  if (source === window && data?.promptdev === 'request-port') ipcRenderer.send(channels.request, data);
});
ipcRenderer.on(channels.offer, (event, offer) => window.postMessage(offer, '/', event.ports));

// Only a preload script can get the path of a dropped file. Models are used where they are; other files the page reads itself.
window.addEventListener(
  'drop',
  ({ dataTransfer }) => {
    const paths = Array.from(dataTransfer?.files ?? [])
      .map((file) => webUtils.getPathForFile(file))
      .filter((path) => /\.gguf$/i.test(path));
    if (paths.length > 0) ipcRenderer.send(channels.dropped, paths);
  },
  true,
);
