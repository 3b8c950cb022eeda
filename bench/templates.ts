/**
 * Twenty real prompts, rendered by our engine and other Jinja engines in one run: renders per second, how many prompts
 * equal Jinja2's output, and the time of each engine relative to ours. Then a template of 2 000 lines is edited, parsed
 * and rendered again, as in the editor; the goal is 50 ms.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Template as HuggingFaceTemplate } from '@huggingface/jinja';
import minijinja from 'minijinja-js';
import nunjucks from 'nunjucks';
import { parseTemplate, renderTemplate } from '../src-core/templates/engine.ts';
import type { Inputs } from '../src-core/templates/runtime/types.ts';
import { inputsOf } from '../src-core/templates/template-inputs.ts';

interface Prompt {
  readonly id: string;
  readonly template: string;
  readonly vars: Inputs;
  readonly expected: string;
}

interface Engine {
  readonly name: string;
  /** Everything that can be done once per template; the returned function renders. Throws when it cannot be parsed. */
  prepare(prompt: Prompt): () => string;
}

/** Seconds per render of each prompt; null where the engine fails. */
type Timings = readonly (number | null)[];

interface Measured {
  readonly name: string;
  readonly seconds: Timings;
  /** How many prompts equal Jinja2's output. */
  readonly exact: number;
}

const promptIds = [
  ...['few-shot-1', 'few-shot-2', 'few-shot-8', 'rag-1', 'rag-4', 'rag-5', 'rag-9', 'tools-1', 'tools-2', 'tools-7'],
  ...[
    'persona-1',
    'persona-9',
    'chat-1',
    'chat-2',
    'chat-4',
    'extraction-3',
    'extraction-10',
    'router-2',
    'agent-1',
    'agent-7',
  ],
];
const rounds = 5;
const roundSeconds = 0.02;

/** Prints both tables. */
export async function benchTemplates(): Promise<void> {
  const prompts = readPrompts();
  const ours: Engine = { name: 'PromptDev', prepare: prepareOurs(true) };
  const withoutMap: Engine = { name: 'PromptDev, no source map', prepare: prepareOurs(false) };
  const measured = [
    ...measure([ours, withoutMap, nunjucksEngine, huggingFaceEngine, minijinjaEngine], prompts),
    ...measurePython(prompts),
  ];
  const [reference] = measured;
  console.log(`${prompts.length} real prompts, parsed once, rendered again and again (best of ${rounds} rounds)`);
  for (const result of measured) printRow(result, reference!.seconds, prompts.length);
  printLargeTemplate();
}

function readPrompts(): readonly Prompt[] {
  const file = new URL('../src-core/templates/corpus/golden/prompts.jsonl', import.meta.url);
  const rows = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Prompt);
  return promptIds.map((id) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined) throw new Error(`There is no prompt "${id}" in the golden corpus.`);
    // Only inputs that a prompt uses, because some engines copy all inputs on every render.
    const names = inputsOf(parseTemplate(row.template).template!).map(({ name }) => name);
    return {
      ...row,
      vars: Object.fromEntries(names.flatMap((name) => (name in row.vars ? [[name, row.vars[name]!]] : []))),
    };
  });
}

function prepareOurs(sourceMap: boolean) {
  return ({ template, vars }: Prompt) => {
    const parsed = parseTemplate(template).template!;
    return () => renderTemplate(parsed, vars, { sourceMap }).output;
  };
}

const nunjucksEngine: Engine = {
  name: 'nunjucks, compiled, Jinja mode',
  prepare({ template, vars }) {
    nunjucks.installJinjaCompat();
    const environment = new nunjucks.Environment(null, { autoescape: false });
    environment.addFilter('tojson', (value: unknown, indent?: number) => JSON.stringify(value, null, indent));
    const compiled = new nunjucks.Template(template, environment, undefined, true);
    return () => compiled.render(vars);
  },
};

const huggingFaceEngine: Engine = {
  name: '@huggingface/jinja',
  prepare({ template, vars }) {
    const parsed = new HuggingFaceTemplate(template);
    return () => parsed.render(vars as Record<string, unknown>);
  },
};

const minijinjaEngine: Engine = {
  name: 'minijinja-js (WebAssembly)',
  prepare({ template, vars }) {
    const environment = new minijinja.Environment();
    environment.enablePyCompat();
    environment.addTemplate('prompt', template);
    return () => environment.renderTemplate('prompt', vars);
  },
};

/** Each round runs all engines, so that other load affects all alike. */
function measure(engines: readonly Engine[], prompts: readonly Prompt[]): readonly Measured[] {
  const prepared = engines.map((engine) => prompts.map((prompt) => tryPrepare(engine, prompt)));
  const exact = prepared.map(
    (renders) => renders.filter((render, index) => render?.() === prompts[index]?.expected).length,
  );
  const best = prepared.map((renders) => renders.map((render) => (render === null ? null : Number.POSITIVE_INFINITY)));
  for (let round = 0; round < rounds; round += 1) {
    for (const index of prompts.keys()) {
      for (const engine of engines.keys()) {
        const render = prepared[engine]![index];
        if (render != null) best[engine]![index] = Math.min(best[engine]![index]!, secondsPerRender(render));
      }
    }
  }
  return engines.map(({ name }, index) => ({ name, seconds: best[index]!, exact: exact[index]! }));
}

/** Null when the engine cannot parse or render the prompt. */
function tryPrepare(engine: Engine, prompt: Prompt): (() => string) | null {
  try {
    const render = engine.prepare(prompt);
    render();
    return render;
  } catch {
    return null;
  }
}

function secondsPerRender(render: () => string): number {
  const start = performance.now();
  let renders = 0;
  let elapsed = 0;
  while (elapsed < roundSeconds * 1000) {
    for (let i = 0; i < 20; i += 1) render();
    renders += 20;
    elapsed = performance.now() - start;
  }
  return elapsed / 1000 / renders;
}

const pythonScript = `
import json, sys, time
import jinja2
prompts = json.load(sys.stdin)
seconds = []
exact = 0
for prompt in prompts["prompts"]:
    template = jinja2.Environment(keep_trailing_newline=True).from_string(prompt["template"])
    exact += template.render(prompt["vars"]) == prompt["expected"]
    best = float("inf")
    for _ in range(prompts["rounds"]):
        start, renders, elapsed = time.perf_counter(), 0, 0
        while elapsed < prompts["seconds"]:
            for _ in range(20):
                template.render(prompt["vars"])
            renders += 20
            elapsed = time.perf_counter() - start
        best = min(best, elapsed / renders)
    seconds.append(best)
print(json.dumps({"name": f"Python Jinja2 {jinja2.__version__}", "seconds": seconds, "exact": exact}))
`;

/** One process that measures itself; no result without python3 and Jinja2. */
function measurePython(prompts: readonly Prompt[]): readonly Measured[] {
  const input = JSON.stringify({ prompts, rounds, seconds: roundSeconds });
  const { status, stdout } = spawnSync('python3', ['-c', pythonScript], { input, encoding: 'utf8', timeout: 60_000 });
  if (status === 0) return [JSON.parse(stdout) as Measured];
  console.log('(python3 with Jinja2 is not here, so it is left out)');
  return [];
}

function printRow({ name, seconds, exact }: Measured, ours: Timings, count: number): void {
  const common = seconds.flatMap((value, index) =>
    value === null || ours[index] == null ? [] : [[value, ours[index]] as const],
  );
  const total = common.reduce((sum, [value]) => sum + value, 0);
  const oursTotal = common.reduce((sum, [, value]) => sum + value, 0);
  const perSecond = Math.round(common.length / total).toLocaleString('en');
  const ratio = (total / oursTotal).toFixed(2);
  console.log(
    `  ${name.padEnd(32)} ${perSecond.padStart(9)} renders/s   ${ratio.padStart(6)} x our time   exact ${exact} of ${count}` +
      (common.length < count ? `, fails on ${count - common.length}` : ''),
  );
}

const lineCount = 2_000;

function printLargeTemplate(): void {
  const lines = Array.from({ length: lineCount }, (_, i) => {
    if (i % 20 === 5)
      return `{% for item in items %}- {{ item.name | title }}: {{ item.score | round(1) }}{% endfor %}`;
    if (i % 20 === 15)
      return `{% if user.plan == 'pro' and ${i} > 3 %}{{ user.name }}{% else %}{{ missing | default('-') }}{% endif %}`;
    return `${i}. Answer {{ question }} as {{ user.name | upper }} in at most ${i % 9} words.`;
  });
  const items = Array.from({ length: 10 }, (_, i) => ({ name: `item ${i}`, score: i / 3 }));
  const inputs = { items, question: 'Why?', user: { name: 'Ada', plan: 'pro' } };
  const times = Array.from({ length: 30 }, (_, edit) => {
    const source = lines.with(1_000, `edited ${edit} {{ question }}`).join('\n');
    const start = performance.now();
    const { template } = parseTemplate(source);
    inputsOf(template!);
    renderTemplate(template!, inputs);
    return performance.now() - start;
  });
  const sorted = times.toSorted((a, b) => a - b);
  console.log(`a template of ${lineCount} lines after an edit: parse, find inputs, render with source map`);
  const [median, slowest, fastest] = [sorted[15]!, sorted.at(-1)!, sorted[0]!].map((time) => time.toFixed(1));
  console.log(`  median ${median} ms, fastest ${fastest} ms, slowest ${slowest} ms (goal 50 ms)`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchTemplates();
