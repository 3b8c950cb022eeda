import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from './browser.ts';
import { startHost } from './host.ts';

/** Runs a real host on a data directory and a browser for it, outside of a test; ends both afterwards. */
export async function withBrowser(
  dataDir: string,
  use: (browser: Browser, url: string) => Promise<void>,
): Promise<void> {
  const host = await startHost({ dataDir, port: 0 });
  try {
    const { executablePath, args, env } = await findBrowser();
    const browser = await chromium.launch({ executablePath, args: [...args], env: { ...process.env, ...env } });
    try {
      await use(browser, host.url);
    } finally {
      await browser.close();
    }
  } finally {
    await host.stop('SIGTERM');
  }
}
