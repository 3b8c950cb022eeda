import { defineConfig } from '@playwright/test';
import { findBrowser } from './e2e/support/browser.ts';

const { executablePath, args, env } = await findBrowser();

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/support/build.ts',
  fullyParallel: true,
  workers: 2,
  // A shared machine stalls now and then; at home a test that fails once is looked at. "npm test" lists what needed a second try.
  retries: process.env.CI ? 2 : 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.PROMPTDEV_E2E_REPORT
    ? [['line'], ['json', { outputFile: process.env.PROMPTDEV_E2E_REPORT }]]
    : 'list',
  // Two runs at the same time need two folders: each run clears its own first.
  outputDir: process.env.PROMPTDEV_E2E_RESULTS ?? 'test-results',
  use: {
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath, args: [...args], env: { ...(process.env as Record<string, string>), ...env } },
  },
});
