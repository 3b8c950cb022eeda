import { expect, test } from './support/app.ts';

test('the printed address opens the workbench, and the address bar keeps no code', async ({ app }) => {
  await expect(app.page).toHaveURL(`${app.origin}/`);
  await expect(app.page).toHaveTitle(/PromptDev/);
  await expect(app.page.locator('#root')).not.toBeEmpty();
});

test('a reload and a second window stay signed in', async ({ app }) => {
  await app.page.reload();
  await expect(app.page.locator('#root')).not.toBeEmpty();
  const second = await app.openWindow();
  await expect(second.locator('#root')).not.toBeEmpty();
});

test('another browser gets nothing but the sign-in page', async ({ app, browser }) => {
  const stranger = await browser.newContext();
  const page = await stranger.newPage();
  const response = await page.goto(app.origin);
  expect(response?.status()).toBe(401);
  await expect(page.getByRole('heading')).toHaveText('This window is not signed in');
  await stranger.close();
});

test('the policy blocks evaluated code, foreign requests and frames in the real window', async ({ app }) => {
  const blocked = await app.page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    const image = document.createElement('img');
    image.src = 'https://example.com/pixel.png';
    document.body.append(image);
    await fetch('https://example.com/').catch(() => {});
    const expected = ['script-src-elem', 'img-src', 'connect-src'];
    while (!expected.every((directive) => violations.includes(directive))) await new Promise(requestAnimationFrame);
    return { violations, injected: 'injected' in window };
  });
  expect(blocked.injected).toBe(false);
  expect(blocked.violations).toEqual(expect.arrayContaining(['script-src-elem', 'img-src', 'connect-src']));
  app.problems.splice(0);
});

test('a page of another origin cannot read from or write to the host', async ({ app, context }) => {
  const attacker = await context.newPage();
  // A site whose name resolves to this computer: the browser sends the request here, and the host must refuse it.
  await attacker.route('http://rebound.example/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>x' }),
  );
  await attacker.goto('http://rebound.example/');
  const answers = await attacker.evaluate(async (origin) => {
    const read = await fetch(`${origin}/`, { credentials: 'include' }).then(
      () => 'read',
      () => 'refused',
    );
    const write = await fetch(`${origin}/models/x.gguf`, { method: 'PUT', body: 'GGUF', credentials: 'include' }).then(
      () => 'written',
      () => 'refused',
    );
    const socket = await new Promise((resolve) => {
      const connection = new WebSocket(`${origin.replace('http', 'ws')}/rpc`);
      connection.onopen = () => resolve('open');
      connection.onerror = () => resolve('refused');
    });
    return { read, write, socket };
  }, app.origin);
  expect(answers).toEqual({ read: 'refused', write: 'refused', socket: 'refused' });
  app.problems.splice(0);
});

test('a window whose host was killed stays signed in when the host is back', async ({ app }) => {
  await app.page.waitForLoadState('networkidle');
  await app.restartHost();
  expect((await app.client.workspace.info()).dataDir).toBe(app.dataDir);
  await app.page.reload();
  await expect(app.page.locator('#root')).not.toBeEmpty();
});
