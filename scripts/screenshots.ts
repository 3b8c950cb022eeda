/** Makes the pictures of the documentation from the real application: real host, real models, real browser. `npm run screenshots [folder]`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../e2e/support/browser.ts';
import { startHost } from '../e2e/support/host.ts';

const folder = process.argv[2] ?? 'docs/images';
const viewport = { width: 1440, height: 900 };

const dataDir = mkdtempSync(join(tmpdir(), 'promptdev-pictures-'));
const host = await startHost({ dataDir, port: 0 });
const { executablePath, args, env } = await findBrowser();
const browser = await chromium.launch({ executablePath, args: [...args], env: { ...process.env, ...env } });

try {
  mkdirSync(folder, { recursive: true });
  const light = await browser.newContext({ viewport, colorScheme: 'light' });
  const page = await light.newPage();
  await page.goto(host.url);
  await shoot(page, 'welcome-light');
  await pictureSet(page, 'light');
  const storage = await light.storageState();
  const dark = await browser.newContext({ viewport, colorScheme: 'dark', storageState: storage });
  await pictureSet(await openWindow(dark), 'dark');
} finally {
  await browser.close();
  await host.stop('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
}

async function openWindow(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(new URL('/', host.url).href);
  return page;
}

async function shoot(page: Page, name: string): Promise<void> {
  // Fonts, highlighting and streamed text settle.
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`${folder}/${name}.png`);
}

async function pictureSet(page: Page, theme: string): Promise<void> {
  for (const view of ['Prompts', 'Compare', 'Runs', 'Models', 'Settings']) {
    await page.getByRole('button', { name: view, exact: true }).first().click();
    await shoot(page, `${view.toLowerCase()}-${theme}`);
  }
}
