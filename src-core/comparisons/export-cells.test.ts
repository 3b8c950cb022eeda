import Papa from 'papaparse';
import { expect, test } from 'vitest';
import type { Comparison } from '../contract/comparisons.ts';
import { contentSchema } from '../contract/content.ts';
import { cellsToCsv, cellsToMarkdown, type WholeCell } from './export-cells.ts';

const content = contentSchema.parse({ messages: [{ role: 'user', content: 'Hi {{ name }}' }] });
const comparison: Pick<Comparison, 'prompts' | 'models' | 'rows' | 'title'> = {
  title: 'Greetings',
  prompts: [{ promptId: null, versionId: null, versionNumber: 3, versionConfirmed: true, name: 'greet', content }],
  models: ['starter', 'lab/gpt'],
  rows: [{ name: 'Ada' }, { name: 'Bo|b', tags: ['x'] }],
};

function cell(model: number, row: number, more: Partial<WholeCell>): WholeCell {
  return {
    runId: `00000000-0000-4000-8000-00000000000${row * 2 + model}`,
    prompt: 0,
    model,
    row,
    status: 'succeeded',
    output: 'Hello',
    outputLength: 5,
    toolCallCount: 0,
    toolCalls: [],
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
    notes: [],
    ...more,
  };
}

test('CSV has one line per cell in row order, with inputs and figures', () => {
  const csv = cellsToCsv(comparison, [cell(0, 1, {}), cell(0, 0, { output: 'Hi, "Ada"' })]);
  const [header, first, second] = csv.split('\r\n');
  expect(header).toBe(
    'row,name,tags,prompt,model,status,finish_reason,output,tool_calls,input_tokens,output_tokens,cost_usd,ttft_ms,latency_ms,tokens_per_second,schema_problems,error,notes',
  );
  expect(first).toBe('1,Ada,,greet v3,starter,succeeded,stop,"Hi, ""Ada""",,4,2,0,10,20,100,,,');
  expect(second).toContain('2,Bo|b,"[""x""]",greet v3');
});

test('an output that a spreadsheet would run as a formula stays text in CSV', () => {
  expect(cellsToCsv(comparison, [cell(0, 0, { output: '=HYPERLINK("http://evil")' })])).toContain(
    `"'=HYPERLINK(""http://evil"")"`,
  );
});

test('a formula passes in no column that holds the text of others, also not before a line break', () => {
  const evil = '=HYPERLINK("http://evil")\nx';
  const hostile = {
    ...comparison,
    prompts: [{ ...comparison.prompts[0]!, name: evil, versionNumber: null, versionConfirmed: true }],
    models: [evil],
    rows: [{ [evil]: evil, '\t=2': ['=3'] }],
  };
  const failed = cell(0, 0, {
    output: evil,
    finishReason: evil,
    schemaProblems: [evil],
    error: { code: 'invalid', message: evil },
    notes: [evil],
    toolCalls: [{ id: '', name: evil, arguments: evil }],
  });
  const { data } = Papa.parse<string[]>(cellsToCsv(hostile, [failed]), {});
  const cells = data.flat();
  expect(cells.filter((text) => text === `'${evil}`)).toHaveLength(9);
  expect(cells).toContain(`'${evil}(${evil})`);
  expect(cells.filter((text) => /^[=\t]/.test(text))).toEqual([]);
});

test('numbers stay numbers in CSV, also those of inputs, and an end or a note has its own column', () => {
  const rows = [{ count: '-5', more: -7.5 }];
  const cut = cell(0, 0, { finishReason: 'length', cost: -1, notes: ['The endpoint refused seed.'] });
  const [, line] = cellsToCsv({ ...comparison, rows }, [cut]).split('\r\n');
  expect(line).toBe('1,-5,-7.5,greet v3,starter,succeeded,length,Hello,,4,2,-1,10,20,100,,,The endpoint refused seed.');
});

test('a text with semicolons is one cell also where semicolons divide cells', () => {
  const csv = cellsToCsv(comparison, [cell(0, 0, { output: 'a;=1+1' })]);
  expect(csv).toContain(',"a;=1+1",');
});

test('Markdown says which answers are not simply complete', () => {
  const cells = [cell(0, 0, { finishReason: 'length' }), cell(1, 0, { finishReason: 'content_filter', output: '' })];
  expect(
    cellsToMarkdown({ ...comparison, rows: [{}] }, cells)
      .split('\n')
      .at(-1),
  ).toBe('| 1 | Hello (cut at max tokens) | (content filtered) |');
});

test('an answer that only calls tools does not look empty, nor does one that says why it is', () => {
  const weather = { id: 'c1', name: 'get_weather', arguments: '{"city":"Bergen"}' };
  const note = 'The answer is empty: the model only thought, and then stopped.';
  const cells = [
    cell(0, 0, {
      output: '',
      finishReason: 'tool_calls',
      toolCalls: [weather, { ...weather, name: '', arguments: '' }],
    }),
    cell(1, 0, { output: '', notes: [note] }),
    cell(0, 1, { output: 'Let me see.', finishReason: 'length', toolCalls: [weather] }),
    cell(1, 1, { status: 'cancelled', output: '', toolCalls: [weather] }),
  ];
  const { data } = Papa.parse<Record<string, string>>(cellsToCsv(comparison, cells), { header: true });
  expect(data.map((line) => [line.output, line.tool_calls, line.finish_reason, line.notes])).toEqual([
    ['', 'get_weather({"city":"Bergen"})\na tool without a name()', 'tool_calls', ''],
    ['', '', 'stop', note],
    ['Let me see.', 'get_weather({"city":"Bergen"})', 'length', ''],
    ['', 'get_weather({"city":"Bergen"})', 'stop', ''],
  ]);
  expect(
    cellsToMarkdown({ ...comparison, rows: [{}, {}] }, cells)
      .split('\n')
      .slice(2),
  ).toEqual([
    `| 1 | calls get_weather({"city":"Bergen"}), calls a tool without a name() | ${note} |`,
    '| 2 | Let me see. calls get_weather({"city":"Bergen"}) (cut at max tokens) | calls get_weather({"city":"Bergen"}) |',
  ]);
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
