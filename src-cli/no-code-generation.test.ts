import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('renders from the command line where running text as code is forbidden', () => {
  const lines = [
    { template: 'Hi {{ name|upper }}', vars: { name: 'Ada' } },
    { template: '{{ a | upcase }}', vars: { a: 'x' }, syntax: 'liquid' },
    { template: '{{ a | dump }}{{ 1 === 1 }}', vars: { a: ['x'] }, syntax: 'nunjucks' },
    { template: '{{ range.constructor("return 1")() }}' },
    { template: '{{ range.constructor("return 1")() }}', syntax: 'nunjucks' },
  ];
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', '--no-warnings', main, 'render', '--jsonl'],
    { input: lines.map((line) => JSON.stringify(line)).join('\n'), encoding: 'utf8', timeout: 20_000 },
  );
  const answers = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(answers).toEqual([
    { output: 'Hi ADA' },
    { output: 'X' },
    { output: '["x"]true' },
    { error: expect.objectContaining({ code: 'invalid' }) },
    { error: expect.objectContaining({ code: 'invalid' }) },
  ]);
  expect(status).not.toBeNull();
});
