import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { withBrowser } from '../e2e/support/with-browser.ts';
import { checkContent } from '../src-core/content/templates/check-content.ts';
import { renderContent } from '../src-core/content/templates/render-content.ts';
import { contentSchema } from '../src-core/contract/content.ts';
import type { Contract } from '../src-core/contract/index.ts';
import { withTemplates } from '../src-core/contract/message-texts.ts';
import { openHost } from '../src-host/host/host.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';

const lineCount = 2_000;
const keystrokes = 60;
const goalMs = 50;
/** Keys before the measurement, because a new page still compiles its code. */
const warmUps = 10;

const line = (at: number) =>
  at % 4 === 0 ? `${at}. {{ name }} reads {{ documents[0].title | upper }}.` : `${at}. A line of plain text.`;
const content = contentSchema.parse({
  messages: [{ role: 'user', content: Array.from({ length: lineCount }, (_, at) => line(at)).join('\n') }],
  inputs: [
    { name: 'name', type: 'string' },
    { name: 'documents', type: 'object', schema: { type: 'array' } },
  ],
});
const values = { name: 'Ada', documents: [{ title: 'tea' }] };

/** The preview of a template of 2,000 lines after each key: the work itself, and what a person sees in the window. */
export async function benchPreview(): Promise<void> {
  benchWork();
  const dataDir = mkdtempSync(join(tmpdir(), 'promptdev-bench-'));
  try {
    const host = await openHost({ dataDir });
    const client = inProcessClient<Contract>(host.router, { clientId: 'bench', log: host.log });
    await client.prompts.create({
      name: 'long',
      title: 'long',
      content: { ...content, samples: [{ name: 's', inputs: values }] },
    });
    await host.close();
    await withBrowser(dataDir, async (browser, url) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(url);
      await benchWindow(page);
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Parse, check, render with source map. */
function benchWork(): void {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let key = 0; key < keystrokes; key += 1) {
    // Another source each time, as with typing, so that nothing comes from a cache.
    const typed = {
      ...content,
      messages: content.messages.map((message) => withTemplates(message, (text) => `${key} ${text}`)),
    };
    const start = performance.now();
    const used = process.cpuUsage();
    const problems = checkContent(typed);
    const { messages } = renderContent(typed, values);
    const spans = messages?.[0]?.sourceMap.length ?? 0;
    wall.push(performance.now() - start);
    cpu.push(process.cpuUsage(used).user / 1_000);
    if (problems.length > 0 || spans < lineCount / 4)
      throw new Error('The preview of the bench is not what it should be.');
  }
  report('parse, check and render', wall);
  report('processor time', cpu);
}

interface KeyTimes {
  readonly changed: number;
  readonly painted: number;
}

/** From the key's event to the changed preview in the document, and to the end of the frame that shows it. */
async function benchWindow(page: Page): Promise<void> {
  await page.getByRole('treeitem', { name: /^long/ }).dblclick();
  await page.getByRole('tab', { name: /^Preview/ }).click();
  await page.getByRole('region', { name: 'Rendered preview' }).getByText('0. Ada reads TEA.').first().waitFor();
  await page.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+Home');
  const times = await page.evaluateHandle(() => {
    const found: { changed: number; painted: number }[] = [];
    let start: number | null = null;
    window.addEventListener('keydown', () => (start = performance.now()), { capture: true });
    const observer = new MutationObserver(() => {
      if (start === null) return;
      const pressed = start;
      const changed = performance.now() - pressed;
      start = null;
      requestAnimationFrame(() => setTimeout(() => found.push({ changed, painted: performance.now() - pressed })));
    });
    const marked = document.querySelector('[data-marked]') as Element;
    observer.observe(marked, { subtree: true, childList: true, characterData: true });
    return found;
  });
  for (let key = 0; key < warmUps + keystrokes; key += 1) {
    await page.keyboard.press(key % 10 === 9 ? 'Enter' : 'x');
    // The page is not queried meanwhile, because answering would be measured too.
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const seen = (await times.evaluate((found) => found)) as readonly KeyTimes[];
  if (seen.length < warmUps + keystrokes) throw new Error('The preview did not follow every key.');
  const measured = seen.slice(warmUps);
  report(
    'key to changed preview in the window',
    measured.map(({ changed }) => changed),
  );
  report(
    'key to the frame that shows it',
    measured.map(({ painted }) => painted),
  );
}

function report(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(
    `preview of ${lineCount} lines, ${what}: first ${(times[0] ?? 0).toFixed(1)} ms, median ${at(0.5)} ms, 95 % ${at(0.95)} ms (goal ${goalMs} ms)`,
  );
}
