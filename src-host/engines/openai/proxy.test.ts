import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { isThisComputer } from './http/agents.ts';
import { createRemoteEngine } from './remote-engine.ts';
import { drive, targetOf } from './testing/drive.ts';
import { headOf, helloEvents, startRawEndpoint } from './testing/raw-endpoint.ts';
import { startScriptedEndpoint } from './testing/scripted-endpoint.ts';

/** A real proxy: forwards plain requests for any host to the scripted endpoint, and refuses tunnels. */
async function startProxy() {
  const endpoint = await startScriptedEndpoint();
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    const url = new URL(request.url ?? '');
    asked.push(`${request.method} ${url.href} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const { method, headers } = request;
    const onward = httpRequest(`${endpoint.origin}${url.pathname}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await endpoint.close();
  });
  const { port } = proxy.address() as AddressInfo;
  return { asked, endpoint, port, address: `http://127.0.0.1:${port}` };
}

function engineWith(env: Readonly<Record<string, string>>) {
  const engine = createRemoteEngine({ env });
  onTestFinished(() => engine.dispose());
  return engine;
}

const distant = targetOf('http://models.example/v1', 'echo');

test('a distant endpoint is asked through the proxy of the environment, streamed as ever', async () => {
  const { asked, port } = await startProxy();
  const engine = engineWith({ HTTP_PROXY: `http://ada:secret@127.0.0.1:${port}` });
  const { text, error } = await drive(engine, distant);
  expect(error).toBeNull();
  expect(text).toBe('Hello dear world');
  const login = Buffer.from('ada:secret').toString('base64');
  expect(asked).toEqual([`POST http://models.example/v1/chat/completions Basic ${login}`]);
});

test('100 Continue is passed over behind a proxy too', async () => {
  const answering = await startRawEndpoint((socket) =>
    socket.end(`HTTP/1.1 100 Continue\r\n\r\n${headOf({ connection: 'close' })}${helloEvents}`),
  );
  onTestFinished(() => answering.close());
  const engine = engineWith({ HTTP_PROXY: new URL(answering.baseUrl).origin });
  expect(await drive(engine, distant)).toMatchObject({ error: null, text: 'Hello' });
});

test.each(['localhost', 'LOCALHOST.', 'api.localhost.', '127.255.0.1.', '0', '[::]', '[0:0::1]', '[::ffff:127.9.9.9]'])(
  '%s means this computer',
  (name) => expect(isThisComputer(new URL(`http://${name}/`).hostname)).toBe(true),
);

test.each(['localhost.evil.example', '1.127.0.0.1', '128.0.0.1', '[::2]', '[::ffff:8.8.8.8]', '127.evil.example'])(
  '%s does not',
  (name) => expect(URL.canParse(`http://${name}/`) && isThisComputer(new URL(`http://${name}/`).hostname)).toBe(false),
);

test('this computer is never asked through a proxy', async () => {
  const { asked, endpoint, address } = await startProxy();
  const engine = engineWith({ http_proxy: address });
  const { port } = new URL(endpoint.baseUrl);
  const names = ['127.0.0.1', 'localhost', '0.0.0.0', '127.1', '2130706433', '[::ffff:127.0.0.1]'];
  for (const name of names)
    expect((await drive(engine, targetOf(`http://${name}:${port}/v1`, 'echo'))).error).toBeNull();
  expect(asked).toEqual([]);
});

test('a host that NO_PROXY names is asked directly', async () => {
  const { asked, address } = await startProxy();
  const engine = engineWith({ HTTP_PROXY: address, NO_PROXY: 'models.invalid' });
  const { error } = await drive(engine, targetOf('http://models.invalid/v1', 'echo'));
  expect(error?.message).toContain('the host name "models.invalid" was not found');
  expect(asked).toEqual([]);
});

test('a proxy that refuses the way to a TLS endpoint is blamed by name, without its password', async () => {
  const { asked, port } = await startProxy();
  const engine = engineWith({ HTTPS_PROXY: `http://ada:secret@127.0.0.1:${port}` });
  const { error } = await drive(engine, targetOf('https://models.example/v1', 'echo', { apiKey: 'sk-1' }));
  expect(asked).toEqual(['CONNECT models.example:443']);
  expect(error?.message).toBe(
    `scripted cannot be reached: the proxy http://127.0.0.1:${port} refused (403); correct HTTPS_PROXY, or name the host in NO_PROXY.`,
  );
});

test('a proxy that is not there is blamed, not the endpoint', async () => {
  const { error } = await drive(engineWith({ HTTP_PROXY: 'http://127.0.0.1:9' }), distant);
  expect(error?.message).toMatch(
    /the proxy http:\/\/127\.0\.0\.1:9 cannot be used \(.*ECONNREFUSED.*\); correct HTTP_PROXY/,
  );
});
