import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, describe, expect, it } from 'vitest';
import { findCodeGeneration, forbidCodeGeneration, ownerOf } from './code-generation.ts';

const folder = mkdtempSync(join(tmpdir(), 'promptdev-generation-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('code generation', () => {
  it.each([
    'eval(text)',
    '(0, eval)(text)',
    'const run = eval; run(text)',
    'new Function(text)',
    'Function("a", text)()',
    'const Maker = Function;',
    'call(Function)',
    'const makers = { make: Function }',
    'globalThis.eval(text)',
    'window["Function"](text)',
    'const { [eval]: x } = y',
    'setTimeout("run()", 1)',
    'self.setInterval(`run`)',
    'setTimeout("run(" + x + ")")',
    '[].filter.constructor("return 1")()',
    '"".constructor.constructor(text)()',
    'f["constructor"]["constructor"](text)',
    'export default class { make = Function }',
    'export const f = (x = Function) => new x(text)',
  ])('is found in %s', (code) => {
    expect(findCodeGeneration(code)).not.toEqual([]);
  });

  it.each([
    '// eval(text)\n/* new Function(text) */ const a = "eval(text)";',
    'isFunction(x); x.eval; a.Function; ({ eval: 1, Function: 2 })',
    'x instanceof Function; typeof Function; x === Function; Function.prototype.call',
    'setTimeout(run, 1); setTimeout(() => "x"); this.constructor(a); new this.constructor(); x.constructor.name',
    'class A { constructor() { super("text"); } eval() {} }',
    'import { eval as evaluate } from "./a.js"; evaluate(x);',
  ])('is not found in %s', (code) => {
    expect(findCodeGeneration(code)).toEqual([]);
  });

  it('belongs to the library that a module is of', () => {
    expect(ownerOf('/a/node_modules/zod/v4/core/util.js')).toBe('zod');
    expect(ownerOf('/a/node_modules/x/node_modules/@b/c/d.js?v=1')).toBe('@b/c');
    expect(ownerOf('/a/src-core/b.ts')).toBe('/a/src-core/b.ts');
  });
});

describe('a build', () => {
  const bundle = (code: string, allowed: Readonly<Record<string, string>>) => {
    const entry = join(folder, 'planted.js');
    writeFileSync(entry, code);
    return build({
      configFile: false,
      logLevel: 'silent',
      plugins: [forbidCodeGeneration(allowed)],
      build: { write: false, lib: { entry, formats: ['es'], fileName: 'planted' } },
    });
  };

  it('fails when a module could run text as code, and names it', async () => {
    const planted = bundle('export const run = (text) => new Function(text)();', {});
    await expect(planted).rejects.toThrow(/planted\.js in planted\.\w+ could run text as code: Function at "Function"/);
  });

  it('lets allowed libraries and harmless code through', async () => {
    const owner = ownerOf(join(folder, 'planted.js'));
    await expect(bundle('export const run = eval;', { [owner]: 'Only in this test.' })).resolves.toBeDefined();
    await expect(bundle('export const run = (f) => f();', {})).resolves.toBeDefined();
  });
});
