import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build } from 'vite';
import { plainNunjucks } from '../scripts/lib/plain-nunjucks.ts';
import { contentSecurityPolicy } from '../src-core/desktop/window-security.ts';
import { type Answers, outOfTime, renderEverywhere } from './support/render-everywhere.ts';

const golden = ['expressions', 'filters', 'methods', 'statements', 'prompts'].flatMap((name) =>
  readFileSync(new URL(`../src-core/templates/corpus/golden/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n'),
);

/** A worker's script, with the engine and all of its libraries as the window ships them. */
const bundleWorker = async (): Promise<string> => {
  const everything = fileURLToPath(new URL('./support/render-everywhere.ts', import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      plainNunjucks(),
      {
        name: 'worker-entry',
        resolveId: (id) => (id === 'worker-entry' ? id : null),
        load: (id) =>
          id === 'worker-entry'
            ? `import { renderEverywhere } from ${JSON.stringify(everything)};
               self.onmessage = ({ data }) => self.postMessage(renderEverywhere(data));`
            : null,
      },
    ],
    build: { write: false, target: 'chrome130', rollupOptions: { input: 'worker-entry' } },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ('output' in part ? part.output : []));
  return outputs.map((output) => ('code' in output ? output.code : '')).join('\n');
};

test('a worker of the browser renders golden rows, payloads and bombs exactly as Node does', async ({ page }) => {
  const script = await bundleWorker();
  // With the content security policy of the real window, which forbids `eval`.
  const headers = { 'Content-Security-Policy': contentSecurityPolicy([]) };
  await page.route('http://engine.test/*', (route) =>
    route.request().url().endsWith('worker.js')
      ? route.fulfill({ headers, contentType: 'text/javascript', body: script })
      : route.fulfill({ headers, contentType: 'text/html', body: '<!doctype html>' }),
  );
  await page.goto('http://engine.test/');
  const inBrowser = await page.evaluate(async (lines) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    return new Promise<Answers>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answers>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(lines);
    });
  }, golden);
  const inNode = renderEverywhere(golden);
  expect(inNode.texts.length).toBeGreaterThan(1_500);
  const differing = inNode.texts.flatMap((text, index) => {
    const other = inBrowser.texts[index] ?? 'nothing';
    const agrees = text === other || text === outOfTime || other === outOfTime;
    return agrees ? [] : [{ index, node: text.slice(0, 200), browser: other.slice(0, 200) }];
  });
  expect(differing).toEqual([]);
  expect([inNode.changedGlobals, inBrowser.changedGlobals]).toEqual([false, false]);
});
