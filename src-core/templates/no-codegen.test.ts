import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, it } from 'vitest';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Everything that window, host, CLI and SDK reach from here when they parse, check, render, complete or format a
 * template, with every library in it (liquidjs, JSON Schema, YAML). What a bundle holds besides never sees a template:
 * zod may compile the contract's own schemas, where that is allowed.
 */
const entries = [
  './engine.ts',
  '../content/render-content.ts',
  '../content/check-content.ts',
  './format-template.ts',
  './assist/complete.ts',
  './assist/hover.ts',
];

/** Ways to run a text as code: `eval(…)`, `new Function(…)`, `Function(…)`, also through `globalThis`, and timers given text. */
const generation =
  /\beval\s*\(|(?<![\w$.])Function\s*\(|(?<=[=,(]\s*)Function(?=\s*[;,)])|\.Function\b|set(?:Timeout|Interval)\s*\(\s*["'`]|\bimport\s*\(\s*[^"'`\s]/g;

async function bundleOf(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, target: 'es2024', lib: { entry, formats: ['es'], fileName: 'bundle' } },
  });
  const parts = Array.isArray(output) ? output.flatMap((part) => part.output) : 'output' in output ? output.output : [];
  return parts.map((part) => ('code' in part ? part.code : '')).join('\n');
}

const withoutComments = (code: string): string =>
  code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

/** The places that could generate code, each with what stands around it. */
function findings(code: string): readonly string[] {
  const plain = withoutComments(code);
  return [...plain.matchAll(generation)].map(({ index }) => plain.slice(Math.max(0, index - 60), index + 60));
}

it.each(entries)(
  'nothing that %s reaches can run text as code',
  async (entry) => {
    const code = await bundleOf(fromHere(entry));
    expect(code.length).toBeGreaterThan(1_000);
    expect(findings(code)).toEqual([]);
  },
  60_000,
);

it('finds what it looks for', () => {
  const ways = [
    'eval(x)',
    'new Function(x)',
    'Function(x)',
    'const F = Function;',
    'globalThis.Function',
    'setTimeout("x")',
    'import(x)',
  ];
  expect(ways.filter((way) => findings(`a = 1; ${way}`).length !== 1)).toEqual([]);
  expect(findings('// eval(x)\n/* Function(x) */ isFunction(x); "a Function"; import("./a.js")')).toEqual([]);
});
