import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { withBrowser } from '../e2e/support/with-browser.ts';
import { contentSchema } from '../src-core/contract/content.ts';
import type { Contract } from '../src-core/contract/index.ts';
import { openHost } from '../src-host/host/host.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';

const characters = 186_000;
const keystrokes = 120;
/** Keys before the measurement, because a new page still compiles its code. */
const warmUps = 20;
/** As fast as a practised typist writes, and faster than the draft is saved. */
const pauseMs = 90;
const goalMs = 50;

const line = (at: number) =>
  at % 6 === 0
    ? `${at}. When {{ customer }} asks about {{ order.id }}, answer in the tone of the house.`
    : `${at}. A line of instructions that a person wrote for a model, as long as most are.`;

function longText(): string {
  const lines: string[] = [];
  for (let length = 0; length < characters; length += (lines.at(-1)?.length ?? 0) + 1) lines.push(line(lines.length));
  return lines.join('\n').slice(0, characters);
}

const content = contentSchema.parse({
  messages: [{ role: 'user', content: longText() }],
  inputs: [
    { name: 'customer', type: 'string' },
    { name: 'order', type: 'object' },
  ],
  samples: [{ name: 's', inputs: { customer: 'Ada', order: { id: 7 } } }],
});

/** From a key to the frame that shows it, in the middle of a prompt of 186 KB, with the inputs and with the preview beside it. */
export async function benchTyping(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'promptdev-bench-'));
  try {
    const host = await openHost({ dataDir });
    const client = inProcessClient<Contract>(host.router, { clientId: 'bench', log: host.log });
    const { id } = await client.prompts.create({ name: 'long', title: 'long', content });
    await client.versions.save({ promptId: id });
    await host.close();
    await withBrowser(dataDir, async (browser, url) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(url);
      await page.getByRole('treeitem', { name: /^long/ }).dblclick();
      await page.getByRole('tab', { name: /^Inputs/ }).click();
      await measure(page, 'inputs beside it');
      await page.getByRole('tab', { name: /^Preview/ }).click();
      await page.getByRole('region', { name: 'Rendered preview' }).getByText('0. When Ada').first().waitFor();
      await measure(page, 'preview beside it');
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** `PROMPTDEV_BENCH_PROFILE=<folder>` keeps a processor profile, to be opened in the browser's developer tools. */
async function measure(page: Page, what: string): Promise<void> {
  const text = page.locator('.monaco-editor[role="code"]').first();
  await text.locator('.view-lines').click();
  const times = await page.evaluateHandle(() => {
    const found: number[] = [];
    let pressed: number | null = null;
    // This listener runs before all others.
    window.addEventListener('keydown', (event) => (pressed = event.timeStamp), { capture: true });
    const lines = document.querySelector('.monaco-editor .view-lines') as Element;
    new MutationObserver(() => {
      if (pressed === null) return;
      const start = pressed;
      pressed = null;
      // A message posted in a frame is handled when the frame has been painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => found.push(performance.now() - start);
        port2.postMessage(null);
      });
    }).observe(lines, { subtree: true, childList: true, characterData: true });
    return found;
  });
  const profiler = await startProfile(page);
  for (let key = 0; key < warmUps + keystrokes; key += 1) {
    await page.keyboard.press(key % 12 === 11 ? 'Space' : 'x');
    // The page is not queried meanwhile, because answering would be measured too.
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await endProfile(profiler, what);
  const seen = (await times.evaluate((found) => found)) as readonly number[];
  if (seen.length < (warmUps + keystrokes) * 0.9) throw new Error(`The editor showed ${seen.length} keys only.`);
  const sorted = seen.slice(warmUps).toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(
    `typing in ${characters / 1_000} KB, ${what}: key to paint median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms (goal 95 % ≤ ${goalMs} ms)`,
  );
}

async function startProfile(page: Page): Promise<CDPSession | null> {
  if (process.env.PROMPTDEV_BENCH_PROFILE === undefined) return null;
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.start');
  return session;
}

async function endProfile(session: CDPSession | null, what: string): Promise<void> {
  const folder = process.env.PROMPTDEV_BENCH_PROFILE;
  if (session === null || folder === undefined) return;
  const { profile } = await session.send('Profiler.stop');
  writeFileSync(join(folder, `${what.replaceAll(' ', '-')}.cpuprofile`), JSON.stringify(profile));
}
