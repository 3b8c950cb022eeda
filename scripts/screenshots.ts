/**
 * Makes the pictures of the documentation from the real application: real host, real models, real browser.
 * `npm run build && npm run screenshots`; with a folder as argument, pictures of every view go there instead.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { withBrowser } from '../e2e/support/with-browser.ts';
import type { Contract } from '../src-core/contract/index.ts';
import { openHost } from '../src-host/host/host.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';

process.env.PROMPTDEV_KEYRING = 'off';
const folder = process.argv[2] ?? 'docs/images';
const everyView = process.argv[2] !== undefined;
const viewport = { width: 1440, height: 900 };

const reviews = [
  'The lamp is great and I love it.',
  'The kettle broke after two days.',
  'The chair is okay, nothing special.',
  'What a wonderful book, I read it twice!',
  'The service was slow and the soup was cold.',
];

/** Sample data: versions of a prompt, and a finished comparison of the two starter models. */
async function prepare(dataDir: string): Promise<void> {
  const host = await openHost({ dataDir });
  const client = inProcessClient<Contract>(host.router, { clientId: 'pictures', log: host.log });
  const greeting = await client.prompts.find({ name: 'samples/greeting' });
  const { content } = greeting.draft;
  const [message] = content.messages;
  const polite = { ...content, messages: [{ role: 'system' as const, content: 'You are a polite host.' }, message!] };
  await client.prompts.saveDraft({ id: greeting.id, revision: greeting.draft.revision, content: polite });
  await client.versions.save({ promptId: greeting.id });
  const sentiment = await client.prompts.find({ name: 'samples/review-sentiment' });
  const { id } = await client.comparisons.start({
    title: 'Sentiment on both starter models',
    prompts: [{ promptId: sentiment.id }],
    models: ['starter', 'starter-q8'],
    rows: reviews.map((review) => ({ review })),
  });
  for await (const _ of await client.comparisons.watch({ id })) {
    // Until every cell is done.
  }
  await host.close();
}

const dataDir = mkdtempSync(join(tmpdir(), 'promptdev-pictures-'));
await prepare(dataDir);
try {
  mkdirSync(folder, { recursive: true });
  await withBrowser(dataDir, takePictures);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function takePictures(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ viewport, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(url);
  if (everyView) await shoot(page, 'welcome-light');
  await page.getByRole('button', { name: 'Dismiss the welcome' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  await page.getByText('TTFT').first().waitFor();
  await shoot(page, 'prompt-light');
  await goTo(page, 'Compare');
  await page.getByText('Sentiment on both starter models').first().click();
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'compare-dark');
  if (!everyView) return;
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const view of ['Prompts', 'Compare', 'Runs', 'Models', 'Settings']) {
      await goTo(page, view);
      await shoot(page, `${view.toLowerCase()}-${theme}`);
    }
  }
}

async function goTo(page: Page, view: string): Promise<void> {
  await page.getByRole('button', { name: view, exact: true }).first().click();
}

async function shoot(page: Page, name: string): Promise<void> {
  // Fonts, highlighting and streamed text settle.
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(join(folder, `${name}.png`));
}
