// `npm test`: installs when needed, then checks everything, one line per step; what fails shows its output.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { root, Sentence } from './lib/project.mjs';
import { retriedE2e, retriedUnit } from './lib/retried.mjs';
import { findNode } from './lib/runtime.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const seconds = (since) => `${Math.max(1, Math.round((Date.now() - since) / 1_000))} s`;

/** Runs a command without a terminal; resolves with its exit code and all of its output. */
const run = (file, args, env = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });

const readReport = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
};

/** Passed and failed tests of vitest's JSON report, and those that passed only when they were tried again. */
const countUnit = (report) => ({
  passed: report?.numPassedTests ?? 0,
  failed: report?.numFailedTests ?? 0,
  retried: retriedUnit(report),
});

/** The same of Playwright's. */
const countE2e = (report) => ({
  passed: (report?.stats?.expected ?? 0) + (report?.stats?.flaky ?? 0),
  failed: report?.stats?.unexpected ?? 0,
  retried: retriedE2e(report),
});

const sources = ['src-core', 'src-host', 'src-cli', 'src-renderer', 'src-main', 'src-preload'];

const steps = (node, reports) => [
  { name: 'types', file: node, args: ['scripts/typecheck.mjs'] },
  { name: 'lint', file: node, args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'] },
  {
    name: 'imports',
    file: node,
    args: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', ...sources],
  },
  // First, because the tests of the command line run the build, which starts three times as fast as the sources.
  { name: 'build', file: node, args: ['scripts/build.mjs'] },
  {
    name: 'unit',
    file: node,
    args: [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${join(reports, 'unit.json')}`,
    ],
    count: () => countUnit(readReport(join(reports, 'unit.json'))),
  },
  {
    name: 'end-to-end',
    file: node,
    args: ['node_modules/@playwright/test/cli.js', 'test'],
    env: { PROMPTDEV_E2E_REPORT: join(reports, 'e2e.json') },
    count: () => countE2e(readReport(join(reports, 'e2e.json'))),
  },
];

/** Runs one step and says how it went; a step that fails without a failed test counts as one failure. */
const check = async ({ name, file, args, env, count }) => {
  const since = Date.now();
  const { code, output } = await run(file, args, { NO_COLOR: '1', FORCE_COLOR: undefined, ...env });
  const { passed, failed, retried } = count?.() ?? { passed: 0, failed: 0, retried: [] };
  const tests = count ? `, ${passed + failed} tests` : '';
  if (code !== 0) say(`${output.trimEnd()}\n`);
  say(`${name} … ${code === 0 ? 'ok' : 'FAILED'} (${seconds(since)}${tests})`);
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, retried };
};

const main = async () => {
  const since = Date.now();
  ensureInstalled(say);
  const reports = mkdtempSync(join(tmpdir(), 'promptdev-reports-'));
  const total = { passed: 0, failed: 0, retried: [] };
  for (const step of steps(findNode(), reports)) {
    const { passed, failed, retried } = await check(step);
    total.passed += passed;
    total.failed += failed;
    total.retried.push(...retried);
  }
  rmSync(reports, { recursive: true, force: true });
  if (total.retried.length > 0) {
    say('passed only when tried again, which is a fault to mend:');
    for (const name of total.retried) say(`  ${name}`);
  }
  say(`everything … ${total.failed === 0 ? 'ok' : 'FAILED'} (${seconds(since)})`);
  say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Sentence ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
