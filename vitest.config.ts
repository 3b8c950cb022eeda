import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src-*/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Starts nothing; the first test that needs PostgreSQL does.
    globalSetup: ['src-host/store/postgres/testing/run-cluster.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // On a shared machine that stalls; at home a test that fails once is looked at.
    retry: process.env.CI ? 2 : 0,
  },
});
