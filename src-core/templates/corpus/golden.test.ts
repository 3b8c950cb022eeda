import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json } from '../../contract/shared.ts';
import { parseJsonInputs, parseTemplate, renderTemplate } from '../engine.ts';
import { type Inputs, type ParseOptions, type RenderOptions, TemplateError } from '../runtime/types.ts';

interface Row {
  readonly id: string;
  readonly expected?: string;
  readonly error?: true;
}

interface GoldenRow extends Row {
  readonly template: string;
  readonly vars: Inputs;
  readonly includes?: Readonly<Record<string, string>>;
}

interface ChatRow extends Row {
  readonly template: string;
  readonly conversation: string;
}

const golden = new URL('./golden/', import.meta.url);
const readGolden = (file: string) => readFileSync(new URL(file, golden), 'utf8');
const readRows = <Kind extends Row>(file: string) =>
  readGolden(file)
    .trimEnd()
    .split('\n')
    // Inputs are read as the CLI reads them: 1.0 stays a float, long integers stay exact.
    .map((line) => parseJsonInputs(line) as unknown as Kind);

/** The text, or the typed error; anything else that is thrown fails the test. */
function outcomeOf(
  source: string,
  inputs: Inputs,
  parsing: ParseOptions,
  rendering: RenderOptions,
): string | TemplateError {
  const { template, problems } = parseTemplate(source, parsing);
  if (template === null) return new TemplateError(problems[0]!);
  try {
    return renderTemplate(template, inputs, rendering).output;
  } catch (thrown) {
    if (thrown instanceof TemplateError) return thrown;
    throw thrown;
  }
}

/** Compares every row, prints the figure, and fails with the rows that differ when it is under 99 %. */
function expectParity<Kind extends Row>(
  name: string,
  rows: readonly Kind[],
  run: (row: Kind) => string | TemplateError,
) {
  const differing = rows.flatMap((row) => {
    const got = run(row);
    const agrees = row.error === true ? got instanceof TemplateError : got === row.expected;
    return agrees
      ? []
      : [{ id: row.id, expected: row.expected ?? 'an error', got: got instanceof TemplateError ? got.message : got }];
  });
  const agreeing = rows.length - differing.length;
  const percent = (100 * agreeing) / rows.length;
  process.stdout.write(
    `parity with Jinja2 3.1.6, ${name}: ${agreeing} of ${rows.length} rows (${percent.toFixed(1)} %)\n`,
  );
  for (const { id, expected, got } of differing.slice(0, 50)) {
    process.stdout.write(`  ${id}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}\n`);
  }
  expect(
    percent,
    differing
      .slice(0, 50)
      .map(({ id }) => id)
      .join(' '),
  ).toBeGreaterThanOrEqual(99);
}

const loaderOf = (includes: Readonly<Record<string, string>>) => ({
  load: (name: string) => (Object.hasOwn(includes, name) ? { source: includes[name] ?? '' } : null),
});

describe('the golden corpus', () => {
  it.each(['expressions', 'filters', 'methods', 'statements', 'prompts'])('agrees with Jinja2 on %s', (name) => {
    expectParity(name, readRows<GoldenRow>(`${name}.jsonl`), ({ template, vars, includes }) =>
      outcomeOf(template, vars, {}, { loader: loaderOf(includes ?? {}) }),
    );
  });
});

describe('the chat templates inside node-llama-cpp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'promptdev-chat-templates-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });

  it('render as with Hugging Face’s settings', () => {
    const bundle = new URL('../../../node_modules/node-llama-cpp/llama/gitRelease.bundle', import.meta.url).pathname;
    git('clone', '--quiet', '--bare', bundle, '.');
    const conversations = JSON.parse(readGolden('chat-conversations.json')) as Readonly<Record<string, Inputs>>;
    const sources = new Map<string, string>();
    const sourceOf = (name: string) => {
      // Hugging Face leaves Jinja2's default on: one newline at the end of a template is dropped.
      const source = sources.get(name) ?? git('show', `HEAD:models/templates/${name}.jinja`).replace(/\r?\n$/, '');
      sources.set(name, source);
      return source;
    };
    const now = Date.UTC(2024, 6, 26, 12);
    expectParity('chat templates', readRows<ChatRow>('chat-templates.jsonl'), (row) =>
      outcomeOf(
        sourceOf(row.template),
        conversations[row.conversation] as Readonly<Record<string, Json>>,
        { trimBlocks: true, lstripBlocks: true },
        { chatTemplate: true, now },
      ),
    );
  });
});
