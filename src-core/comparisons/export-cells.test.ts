import { expect, test } from 'vitest';
import type { Cell, Comparison } from '../contract/comparisons.ts';
import { contentSchema } from '../contract/content.ts';
import { cellsToCsv, cellsToMarkdown } from './export-cells.ts';

const content = contentSchema.parse({ messages: [{ role: 'user', content: 'Hi {{ name }}' }] });
const comparison: Pick<Comparison, 'prompts' | 'models' | 'rows' | 'title'> = {
  title: 'Greetings',
  prompts: [{ promptId: null, versionId: null, versionNumber: 3, name: 'greet', content }],
  models: ['starter', 'lab/gpt'],
  rows: [{ name: 'Ada' }, { name: 'Bo|b', tags: ['x'] }],
};

function cell(model: number, row: number, more: Partial<Cell>): Cell {
  return {
    runId: `00000000-0000-4000-8000-00000000000${row * 2 + model}`,
    prompt: 0,
    model,
    row,
    status: 'succeeded',
    output: 'Hello',
    outputLength: 5,
    finishReason: 'stop',
    error: null,
    schemaProblems: null,
    inputTokens: 4,
    outputTokens: 2,
    cost: 0,
    ttftMs: 10,
    latencyMs: 20,
    tokensPerSecond: 100,
    generationMs: null,
    ...more,
  };
}

test('CSV has one line per cell in row order, with inputs and figures', () => {
  const csv = cellsToCsv(comparison, [cell(0, 1, {}), cell(0, 0, { output: 'Hi, "Ada"' })]);
  const [header, first, second] = csv.split('\r\n');
  expect(header).toBe(
    'row,name,tags,prompt,model,status,output,input_tokens,output_tokens,cost_usd,ttft_ms,latency_ms,tokens_per_second,schema_problems,error',
  );
  expect(first).toBe('1,Ada,,greet v3,starter,succeeded,"Hi, ""Ada""",4,2,0,10,20,100,,');
  expect(second).toContain('2,Bo|b,"[""x""]",greet v3');
});

test('an output that a spreadsheet would run as a formula stays text in CSV', () => {
  expect(cellsToCsv(comparison, [cell(0, 0, { output: '=HYPERLINK("http://evil")' })])).toContain(
    `"'=HYPERLINK(""http://evil"")"`,
  );
});

test('Markdown puts models side by side, escapes table marks and shows failures as sentences', () => {
  const markdown = cellsToMarkdown(comparison, [
    cell(0, 0, { output: 'a|b\nc <b>' }),
    cell(1, 0, { status: 'failed', output: '', error: { code: 'denied', message: 'The key was refused.' } }),
    cell(0, 1, { status: 'cancelled', output: '' }),
  ]);
  expect(markdown.split('\n')).toEqual([
    '| # | name | tags | starter | lab/gpt |',
    '| --- | --- | --- | --- | --- |',
    '| 1 | Ada |  | a\\|b<br>c &lt;b> | Failed: The key was refused. |',
    '| 2 | Bo\\|b | ["x"] | (cancelled) |  |',
  ]);
});
