import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { findCodeGeneration, ownerOf } from '../../scripts/lib/code-generation.ts';
import { plainNunjucks } from '../../scripts/lib/plain-nunjucks.ts';

const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What window, preview worker, host, CLI and SDK call to parse, check, render, complete, rename or format a template. */
const surface = [
  'src-core/templates/engine.ts',
  'src-core/templates/template-inputs.ts',
  'src-core/templates/assist/rename-input.ts',
  'src-core/templates/assist/format-template.ts',
  'src-core/templates/assist/complete.ts',
  'src-core/templates/assist/hover.ts',
  'src-core/content/templates/render-content.ts',
  'src-core/content/templates/check-content.ts',
];

interface BundledModule {
  readonly id: string;
  readonly owner: string;
  readonly code: string;
}

/** The modules of a bundle with every library in it, after what is not used was left out. */
async function modulesOf(entries: readonly string[]): Promise<readonly BundledModule[]> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [plainNunjucks()],
    build: {
      write: false,
      minify: false,
      target: 'es2024',
      rollupOptions: { input: entries.map(inProject), preserveEntrySignatures: 'exports-only' },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ('output' in part ? part.output : []));
  const modules = new Map<string, BundledModule>();
  for (const output of outputs) {
    if (output.type !== 'chunk') continue;
    for (const [id, { code }] of Object.entries(output.modules))
      modules.set(id, { id, owner: ownerOf(id), code: code ?? '' });
  }
  return [...modules.values()];
}

const findingsIn = (modules: readonly BundledModule[]): readonly string[] =>
  modules.flatMap(({ owner, code }) =>
    findCodeGeneration(code).map(({ what, text }) => `${owner}: ${what} in ${text}`),
  );

it('no module that a template reaches, of ours or of a library, can run text as code', async () => {
  const modules = await modulesOf(surface);
  const owners = new Set(modules.map(({ owner }) => owner));
  expect([...owners]).toEqual(
    expect.arrayContaining(['liquidjs', 'nunjucks', inProject('src-core/content/json-schema/validate-json.ts')]),
  );
  expect([...owners].some((owner) => owner.endsWith('/src-core/templates/runtime/execution/runtime.ts'))).toBe(true);
  expect(findingsIn(modules)).toEqual([]);
  const ofNunjucks = modules.filter(({ owner }) => owner === 'nunjucks').map(({ id }) => /[^/]*$/.exec(id)?.[0]);
  expect(ofNunjucks.sort()).toEqual(['lexer.js', 'lib.js', 'nodes.js', 'object.js', 'parser.js']);
  // Its parsers for schemas may be generated code, and nothing that renders needs a schema.
  expect(owners).not.toContain('zod');
}, 60_000);

it('of what the command line and the SDK render with, only zod can run text as code', async () => {
  const entries = ['src-cli/render-line.ts', 'src-sdk/index.ts'].filter((path) => existsSync(inProject(path)));
  const others = findingsIn(await modulesOf(entries)).filter((finding) => !finding.startsWith('zod: '));
  expect(others).toEqual([]);
}, 60_000);
