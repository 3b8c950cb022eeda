import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectWebSocket } from '../../src-core/client/connect.ts';
import { createSignIn } from './sign-in.ts';
import { cookieFrom, type LoopbackFixture, openFixture, type pingContract } from './testing/loopback-fixture.ts';
import { openUploads } from './uploads.ts';

let fixture: LoopbackFixture;
let cookie: string;
let port: number;

beforeAll(async () => {
  fixture = await openFixture();
  port = fixture.loopback.port;
  cookie = await fixture.signIn();
});
afterAll(() => fixture.close());

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

describe('every combination of Host, Origin, site, cookie, method and upgrade', () => {
  const hosts = (own: number) => ({
    [`127.0.0.1:${own}`]: true,
    [`localhost:${own}`]: true,
    [`127.0.0.1:${own + 1}`]: false,
    [`[::1]:${own}`]: false,
    [`rebound.example:${own}`]: false,
    [`127.0.0.1.rebound.example:${own}`]: false,
  });
  const origins = (host: string) => ({
    absent: true,
    [`http://${host}`]: true,
    null: false,
    'http://rebound.example': false,
    [`https://${host}`]: false,
  });
  const sites = { absent: true, 'same-origin': true, 'same-site': false, 'cross-site': false };
  const cookies = () => ({
    right: cookie,
    absent: '',
    wrong: `${cookie.split('=')[0]}=AAAA`,
    otherName: 'session=AAAA',
  });
  const methods = { GET: 200, HEAD: 200, POST: 405, PUT: 405, DELETE: 405, OPTIONS: 405, UPGRADE: 101 };

  const expected = (allowed: { host: boolean; origin: boolean; site: boolean; cookie: boolean }, method: number) => {
    if (!allowed.host) return 421;
    if (!allowed.origin || !allowed.site) return 403;
    if (method === 405) return 405;
    return allowed.cookie ? method : 401;
  };

  test('is answered, or refused with the right status', async () => {
    let combinations = 0;
    const wrong: string[] = [];
    for (const [host, hostAllowed] of Object.entries(hosts(port))) {
      for (const [origin, originAllowed] of Object.entries(origins(host))) {
        for (const [site, siteAllowed] of Object.entries(sites)) {
          for (const [kind, value] of Object.entries(cookies())) {
            const answers = Object.entries(methods).map(async ([method, status]) => {
              const answer = await fixture.request({
                method: method === 'UPGRADE' ? 'GET' : method,
                path: method === 'UPGRADE' ? '/rpc' : '/',
                headers: {
                  host,
                  ...(origin !== 'absent' && { origin }),
                  ...(site !== 'absent' && { 'sec-fetch-site': site }),
                  ...(value && { cookie: value }),
                  ...(method === 'UPGRADE' && upgrade),
                },
              });
              combinations += 1;
              const allowed = { host: hostAllowed, origin: originAllowed, site: siteAllowed, cookie: kind === 'right' };
              const want = expected(allowed, status);
              if (answer.status !== want) wrong.push(`${method} ${host} ${origin} ${site} ${kind}: ${answer.status}`);
            });
            await Promise.all(answers);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(combinations).toBe(6 * 5 * 4 * 4 * 7);
  });
});

describe('signing in', () => {
  const browser = { 'sec-fetch-mode': 'navigate' };
  const pathOf = (url: string) => url.slice(url.indexOf('/', 'http://'.length));

  test('turns the printed address into a cookie that scripts and other sites cannot use, and leaves no code in the address', async () => {
    const answer = await fixture.request({ path: pathOf(fixture.loopback.printedUrl()), headers: browser });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^promptdev-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
  });

  test('works once per address in a browser', async () => {
    const path = pathOf(fixture.loopback.printedUrl());
    expect((await fixture.request({ path, headers: browser })).status).toBe(303);
    const again = await fixture.request({ path, headers: browser });
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('opening the used address again in the browser that is signed in just works', async () => {
    const path = pathOf(fixture.loopback.printedUrl());
    const first = await fixture.request({ path, headers: browser });
    const again = await fixture.request({ path, headers: { ...browser, cookie: cookieFrom(first) } });
    expect([again.status, again.headers.location]).toEqual([303, '/']);
  });

  test('a look ahead (HEAD, prefetch, a fetching program) does not use the address up', async () => {
    const path = pathOf(fixture.loopback.printedUrl());
    expect((await fixture.request({ path, method: 'HEAD' })).status).toBe(401);
    expect((await fixture.request({ path, headers: { ...browser, 'sec-purpose': 'prefetch' } })).status).toBe(401);
    expect((await fixture.request({ path })).status).toBe(303);
    expect((await fixture.request({ path })).status).toBe(401);
    expect((await fixture.request({ path, headers: browser })).status).toBe(303);
  });

  test('an address for a browser command line is for browsers only', async () => {
    const path = pathOf(fixture.loopback.openedUrl());
    expect((await fixture.request({ path })).status).toBe(401);
    expect((await fixture.request({ path, headers: browser })).status).toBe(303);
  });

  test('another site cannot use an address that it got hold of', async () => {
    const path = pathOf(fixture.loopback.printedUrl());
    const headers = { ...browser, 'sec-fetch-site': 'cross-site' };
    expect((await fixture.request({ path, headers })).status).toBe(403);
    expect((await fixture.request({ path, headers: browser })).status).toBe(303);
  });

  test('without a session every path gives the sign-in page and nothing else', async () => {
    for (const path of ['/', '/index.html', '/assets/main-1a2b.js', '/rpc', '/nothing', '/?code=wrong']) {
      const answer = await fixture.request({ path });
      expect(answer.status).toBe(401);
      expect(answer.body).toContain('This window is not signed in');
      expect(answer.body).not.toContain('<script');
    }
  });

  test('keeps no token on disk, and the file is private', () => {
    const file = join(fixture.dataDir, 'loopback-sessions.json');
    expect(readFileSync(file, 'utf8')).not.toContain(cookie.split('=')[1]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('the window', () => {
  test('comes with a policy that allows no foreign code and no sniffing', async () => {
    const { status, headers } = await fixture.request({ headers: { cookie } });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port};`);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('built assets may be kept for ever, the page itself not', async () => {
    const asset = await fixture.request({ path: '/assets/main-1a2b.js', headers: { cookie } });
    expect(asset.headers['cache-control']).toBe('private, max-age=31536000, immutable');
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
    const page = await fixture.request({ path: '/', headers: { cookie } });
    expect(page.headers['cache-control']).toBe('no-cache');
  });

  test('no path leads out of the built window', async () => {
    const tries = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..%5csecret.txt',
      '/assets/',
      '//rebound.example/secret.txt',
      '/%00',
    ];
    for (const path of tries) expect((await fixture.request({ path, headers: { cookie } })).status).toBe(404);
    expect((await fixture.request({ path: '/%zz', headers: { cookie } })).status).toBe(400);
    expect((await fixture.request({ path: 'http://rebound.example/', headers: { cookie } })).status).toBe(400);
  });
});

describe('the WebSocket', () => {
  test('answers a signed-in window, which names itself', async () => {
    const clientId = crypto.randomUUID();
    const connection = connectWebSocket<typeof pingContract>(
      () => new WebSocket(`ws://127.0.0.1:${port}/rpc?client=${clientId}`, { headers: { cookie } }),
    );
    expect(await connection.client.ping()).toEqual({ clientId });
    connection.close();
  });

  test('is nowhere but at /rpc', async () => {
    const answer = await fixture.request({ path: '/', headers: { ...upgrade, cookie } });
    expect(answer.status).toBe(404);
  });
});

describe('an upload', () => {
  const upload = (name: string, body: Buffer | string, headers: Readonly<Record<string, string>> = {}) =>
    fixture.request({
      method: 'PUT',
      path: `/models/${encodeURIComponent(name)}`,
      headers: { cookie, 'x-promptdev': '1', 'content-length': String(body.length), ...headers },
      body,
    });
  const stored = () => readdirSync(join(fixture.dataDir, 'models')).sort();

  test('is stored under its name, and under another when that is taken', async () => {
    const first = await upload('tiny model.gguf', 'GGUF and more');
    expect(first.status).toBe(201);
    const { path } = JSON.parse(first.body) as { path: string };
    expect(path).toBe(join(fixture.dataDir, 'models', 'tiny model.gguf'));
    expect(readFileSync(path, 'utf8')).toBe('GGUF and more');
    const second = JSON.parse((await upload('tiny model.gguf', 'GGUF other')).body) as { path: string };
    expect(second.path).toBe(join(fixture.dataDir, 'models', 'tiny model-2.gguf'));
  });

  test('is refused when it is no model, has no usable name or no size, and leaves nothing behind', async () => {
    const before = stored();
    const refusals = [
      await upload('picture.gguf', 'PNG and more'),
      await upload('../evil.gguf', 'GGUF'),
      await upload('.hidden.gguf', 'GGUF'),
      await upload('program.exe', 'GGUF'),
      await upload('empty.gguf', ''),
    ];
    for (const answer of refusals) {
      expect(answer.status).toBe(422);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid', message: expect.stringMatching(/^.+\.$/) });
    }
    expect(stored()).toEqual(before);
    expect(existsSync(join(fixture.dataDir, 'evil.gguf'))).toBe(false);
  });

  test('larger than the free disk is refused before anything is written', async () => {
    const answer = await upload('huge.gguf', 'GGUF', { 'content-length': String(Number.MAX_SAFE_INTEGER) }).catch(
      (error: unknown) => error,
    );
    expect(answer).toMatchObject({ status: 422, body: expect.stringContaining('GB free') });
    expect(stored()).not.toContain('huge.gguf');
  });

  test('that stops half-way leaves nothing behind', async () => {
    const before = stored();
    const controller = new AbortController();
    const body = new ReadableStream({
      start: (stream) => {
        stream.enqueue(new TextEncoder().encode('GGUF the first half'));
        setTimeout(() => controller.abort(), 50);
      },
    });
    const sent = fetch(`http://127.0.0.1:${port}/models/half.gguf`, {
      method: 'PUT',
      headers: { cookie, 'x-promptdev': '1', 'content-length': '1000' },
      body,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit);
    await expect(sent).rejects.toThrow();
    await expect.poll(stored).toEqual(before);
  });

  test('needs a session and the header that no form can send', async () => {
    expect((await upload('a.gguf', 'GGUF', { cookie: '' })).status).toBe(401);
    expect((await upload('a.gguf', 'GGUF', { 'x-promptdev': '' })).status).toBe(403);
    expect(stored()).not.toContain('a.gguf');
  });
});

test('a port in use is one sentence that says what to do', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const taken = (blocker.address() as { port: number }).port;
  await expect(openFixture(taken)).rejects.toMatchObject({
    code: 'unavailable',
    message: `Port ${taken} is already in use; choose another, or --port 0 for any free one.`,
  });
  blocker.close();
});

describe('a body that nobody wants', () => {
  /** Sends the text over a bare connection and returns what comes back until the server ends it, or until `until` is in it. */
  const converse = (text: string, until?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.setTimeout(10_000, () => socket.destroy(new Error(`Nothing more came after "${heard}".`)));
      socket.on('data', (chunk) => {
        heard += chunk.toString();
        if (until !== undefined && heard.includes(until)) socket.end();
      });
      socket.on('error', reject).on('close', () => resolve(heard));
    });
  const head = (line: string, ...more: readonly string[]) =>
    `${[line, `Host: 127.0.0.1:${port}`, ...more].join('\r\n')}\r\n\r\n`;

  test.each([
    ['401', 'PUT /models/a.gguf HTTP/1.1', []],
    ['403', 'PUT /models/a.gguf HTTP/1.1', ['Origin: http://evil.example']],
    ['403', 'PUT /models/a.gguf HTTP/1.1', ['signed in']],
    ['405', 'POST / HTTP/1.1', []],
    ['404', 'GET /nowhere HTTP/1.1', ['signed in']],
    ['200', 'GET / HTTP/1.1', ['signed in']],
    ['422', 'PUT /models/no-model.txt HTTP/1.1', ['signed in', 'X-PromptDev: 1']],
  ])(
    'is answered with %s at once, and a client that stops sending loses the connection: %s',
    async (status, line, more) => {
      const headers = more.map((header) => (header === 'signed in' ? `Cookie: ${cookie}` : header));
      const heard = await converse(`${head(line, ...headers, 'Content-Length: 5000000')}only this`);
      expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    },
  );

  test('is not even asked for when the client waits to be asked', async () => {
    const heard = await converse(head('PUT /models/a.gguf HTTP/1.1', 'Content-Length: 99', 'Expect: 100-continue'));
    expect(heard).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('is asked for when it is wanted', async () => {
    const line = 'PUT /models/asked.gguf HTTP/1.1';
    const signedIn = [`Cookie: ${cookie}`, 'X-PromptDev: 1', 'Content-Length: 8', 'Expect: 100-continue'];
    expect(await converse(head(line, ...signedIn), '100 Continue')).toMatch(/^HTTP\/1\.1 100 Continue/);
  });

  test('that is sent to its end leaves the connection open for the next request', async () => {
    const bodies = `${head('POST / HTTP/1.1', 'Content-Length: 200000')}${'x'.repeat(200_000)}`;
    const heard = await converse(`${bodies}${head('GET / HTTP/1.1', 'Connection: close')}`);
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 405', 'HTTP/1.1 401']);
  });
});

describe('whatever goes wrong in the server', () => {
  test('signing in works where the session cannot be written down, and the host goes on', async () => {
    const full = await openFixture();
    try {
      // A folder in its place fails like a full disk: on writing.
      mkdirSync(join(full.dataDir, 'loopback-sessions.json'));
      const signedIn = await full.signIn();
      expect((await full.request({ path: '/', headers: { cookie: signedIn } })).status).toBe(200);
      expect(full.problems.join('\n')).toContain('The session could not be kept for the next start.');
    } finally {
      await full.close();
    }
  });

  test('a folder of uploads that is none stops uploads only, which say so; one that was deleted is made again', async () => {
    const odd = await openFixture();
    const folder = join(odd.dataDir, 'models');
    try {
      const signedIn = { cookie: await odd.signIn(), 'x-promptdev': '1' };
      const put = (name: string) =>
        odd.request({
          method: 'PUT',
          path: `/models/${encodeURIComponent(name)}`,
          headers: signedIn,
          body: 'GGUF and more',
        });
      rmSync(folder, { recursive: true });
      expect((await put('again.gguf')).status).toBe(201);
      for (const name of ['名'.repeat(150), '𝒜'.repeat(75)]) {
        const answer = await put(`${name}.gguf`);
        expect([answer.status, JSON.parse(answer.body).message]).toEqual([422, expect.stringContaining('is too long')]);
      }
      rmSync(folder, { recursive: true });
      writeFileSync(folder, 'a file');
      const refused = await put('b.gguf');
      expect([refused.status, JSON.parse(refused.body)]).toEqual([
        422,
        expect.objectContaining({
          code: 'unavailable',
          message: expect.stringContaining('is a file, not a directory'),
        }),
      ]);
      rmSync(folder);
      symlinkSync(folder, folder);
      expect(JSON.parse((await put('c.gguf')).body)).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('cannot be used (ELOOP)'),
      });
      expect(() => openUploads(odd.dataDir)).not.toThrow();
      expect(odd.problems).toEqual([]);
    } finally {
      await odd.close();
    }
  });

  test.skipIf(process.platform === 'win32')('a named pipe in place of the sessions is not waited for', async () => {
    const elsewhere = join(fixture.folder, 'pipe');
    mkdirSync(elsewhere);
    execFileSync('mkfifo', [join(elsewhere, 'loopback-sessions.json')]);
    const signIn = createSignIn(join(elsewhere, 'loopback-sessions.json'), { info: () => {}, error: () => {} });
    expect(signIn.isSession(signIn.exchange(signIn.printedCode(), 'browser'))).toBe(true);
  });

  test('a half upload of another host is left alone, and one of a host that was killed goes', async () => {
    const other = await openFixture();
    try {
      const folder = join(other.dataDir, 'models');
      const body = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(1_000)]);
      const socket = connect(other.loopback.port, '127.0.0.1');
      const lines = [
        'PUT /models/big.gguf HTTP/1.1',
        `Host: 127.0.0.1:${other.loopback.port}`,
        `Cookie: ${await other.signIn()}`,
        'X-PromptDev: 1',
        `Content-Length: ${body.length}`,
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      socket.write(body.subarray(0, 500));
      await expect.poll(() => readdirSync(folder).filter((name) => name.endsWith('.part'))).toHaveLength(1);
      const [half] = readdirSync(folder);
      const { pid } = spawnSync(process.execPath, ['--version']);
      const dead = half!.replace(/-\d+\.part$/, `-${pid}.part`).replace(/^.{8}/, 'deaddead');
      writeFileSync(join(folder, dead), 'GGUF');
      writeFileSync(join(folder, 'old.part'), 'GGUF');
      utimesSync(join(folder, 'old.part'), 0, 0);
      openUploads(other.dataDir);
      expect(readdirSync(folder)).toEqual([half]);
      socket.write(body.subarray(500));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toContain('201 Created');
      socket.destroy();
      expect(readdirSync(folder)).toEqual(['big.gguf']);
      expect(statSync(join(folder, 'big.gguf')).mode & 0o777).toBe(0o600);
    } finally {
      await other.close();
    }
  });
});
