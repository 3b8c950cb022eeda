import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src-*/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // On a shared machine that stalls; at home a test that fails once is looked at.
    retry: process.env.CI ? 2 : 0,
  },
});
