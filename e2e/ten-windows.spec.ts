import type { Page } from '@playwright/test';
import { fillPrompts } from '../src-host/testing/fill-prompts.ts';
import { type App, expect, test } from './support/app.ts';

/** Operations that a window called, as in `prompts.get`, in their order. */
type Calls = string[];

/** Everything that a window asks the host for from now on; its page is loaded again to be heard from the start. */
async function hear(page: Page): Promise<Calls> {
  const calls: Calls = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const call = operationOf(payload);
      if (call !== null) calls.push(call);
    }),
  );
  await page.reload();
  await expect(
    page
      .getByRole('tree')
      .or(page.getByRole('navigation', { name: 'Views' }))
      .first(),
  ).toBeVisible();
  return calls;
}

/** Frames without a type start a call; the others end one or belong to a stream. */
function operationOf(payload: string | Buffer): string | null {
  const text = typeof payload === 'string' ? payload : payload.toString('utf8');
  const { t: type, p: request } = JSON.parse(text.slice(0, text.lastIndexOf('}') + 1)) as {
    readonly t?: number;
    readonly p?: { readonly u?: string };
  };
  return type === undefined && request?.u !== undefined ? request.u.replace(/^\//, '').replace('/', '.') : null;
}

/** Waits until no window has asked for anything for a while. */
async function quiet(windows: readonly Calls[]): Promise<void> {
  let before = -1;
  await expect
    .poll(
      () => {
        const now = windows.reduce((sum, calls) => sum + calls.length, 0);
        const isQuiet = now === before;
        before = now;
        return isQuiet;
      },
      { intervals: [1_500], timeout: 30_000 },
    )
    .toBe(true);
  for (const calls of windows) calls.length = 0;
}

const row = (page: Page, title: string) => page.getByRole('treeitem', { name: new RegExp(title) });
const firstMessage = (page: Page) => page.getByRole('list', { name: 'Messages' }).getByRole('listitem').first();

async function open(page: Page, title: string): Promise<void> {
  await row(page, title).dblclick();
  await expect(page.getByRole('tab', { name: new RegExp(`^${title}`) })).toBeVisible();
  await expect(firstMessage(page).locator('.monaco-editor .view-lines')).toBeVisible();
}

async function createPrompt({ client }: App, name: string, title: string): Promise<string> {
  const { id } = await client.prompts.create({
    name,
    title,
    content: { messages: [{ role: 'user', content: `${title} says` }] },
  });
  await client.versions.save({ promptId: id });
  return id;
}

/** Windows beside the first, each heard. */
async function openWindows(app: App, count: number): Promise<readonly { page: Page; calls: Calls }[]> {
  const windows: { page: Page; calls: Calls }[] = [];
  for (let i = 0; i < count; i += 1) {
    const page = await app.openWindow();
    windows.push({ page, calls: await hear(page) });
  }
  return windows;
}

test('while one window types, of nine others only those that have the prompt open ask for it, once for each save', async ({
  app,
}) => {
  test.slow();
  const { page, client } = app;
  await client.settings.update({ welcomeSeen: true });
  const id = await createPrompt(app, 'typed', 'Typed');
  await createPrompt(app, 'other', 'Other');
  const others = await openWindows(app, 9);
  const typing = await hear(page);
  const [watcher, bystander, ...rest] = others;
  await open(watcher!.page, 'Typed');
  await open(bystander!.page, 'Other');
  await rest[0]!.page.getByRole('button', { name: 'Models', exact: true }).click();
  await open(page, 'Typed');
  await quiet([typing, ...others.map(({ calls }) => calls)]);

  await firstMessage(page).locator('.monaco-editor .view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' something that takes a few seconds to type at this speed', { delay: 60 });
  await expect(page.locator('[data-save="saved"]')).toBeVisible();
  await expect(firstMessage(watcher!.page)).toContainText('at this speed');
  // Everywhere else the row says that the draft has changed, and nobody had to ask.
  for (const { page: window } of rest.slice(1))
    await expect(row(window, 'Typed').getByRole('img', { name: 'Changed since its version' })).toBeVisible();

  const saves = typing.filter((call) => call === 'prompts.saveDraft').length;
  expect(saves).toBeGreaterThan(2);
  // Tokens are counted when the text rests, which it does where this computer makes the typist wait.
  const looks = watcher!.calls.filter((call) => call !== 'models.countTokens');
  expect(new Set(looks)).toEqual(new Set(['prompts.get']));
  expect(looks.length).toBeLessThanOrEqual(saves);
  for (const { calls } of [bystander!, ...rest]) expect(calls).toEqual([]);
  // The window that types shows already what it saves.
  expect(typing.filter((call) => /^(prompts|versions|labels|library)\./.test(call))).toEqual(
    Array.from({ length: saves }, () => 'prompts.saveDraft'),
  );
  expect((await client.prompts.get({ id })).draft.content.messages[0]?.content).toContain('at this speed');
});

test('a label, a name and a version are asked for only where they are shown', async ({ app }) => {
  test.slow();
  const { page, client } = app;
  await client.settings.update({ welcomeSeen: true });
  const id = await createPrompt(app, 'shown', 'Shown');
  await createPrompt(app, 'other', 'Other');
  const [list, away] = await openWindows(app, 2);
  const history = await hear(page);
  await open(page, 'Shown');
  await page.getByRole('tab', { name: 'History', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Versions' }).getByRole('button', { name: /^v1 / })).toBeVisible();
  await open(list!.page, 'Other');
  await away!.page.getByRole('button', { name: 'Models', exact: true }).click();
  const all = [history, list!.calls, away!.calls];
  await quiet(all);

  const versionId = (await client.prompts.get({ id })).draft.baseVersion!.id;
  await client.labels.move({ promptId: id, name: 'staging', versionId });
  await expect(page.getByRole('button', { name: 'Label staging, at version 1' })).toBeVisible();
  await quietlyExpect(all, () => {
    expect(new Set(history)).toEqual(new Set(['labels.list', 'versions.list']));
    expect(list!.calls).toEqual([]);
    expect(away!.calls).toEqual([]);
  });

  const { draft } = await client.prompts.get({ id });
  const content = { ...draft.content, messages: [{ role: 'user' as const, content: 'Another text' }] };
  await client.prompts.saveDraft({ id, revision: draft.revision, content });
  await client.versions.save({ promptId: id });
  await expect(page.getByRole('list', { name: 'Versions' }).getByRole('button', { name: /^v2 / })).toBeVisible();
  await expect(row(list!.page, 'Shown')).toContainText('v2');
  await quietlyExpect(all, () => {
    // The row's new number, for which the list is not read again.
    expect(list!.calls).toEqual(['prompts.summaries']);
    expect(away!.calls).toEqual([]);
  });

  await client.library.rename({ id, name: 'renamed', rewriteIncludes: false });
  await client.prompts.update({ id, changes: { title: 'Renamed' } });
  await expect(row(list!.page, 'Renamed')).toBeVisible();
  await quietlyExpect(all, () => {
    expect(list!.calls.filter((call) => !/^(prompts\.(summaries|list|tags)|library\.)/.test(call))).toEqual([]);
    expect(away!.calls).toEqual([]);
  });
});

test('a list by time brings up what was far down with one question about that prompt, and with none the next time', async ({
  app,
}) => {
  const { page, client, dataDir } = app;
  await client.settings.update({ welcomeSeen: true });
  const prompts = Array.from({ length: 450 }, (_, i) => ({ name: `many/p-${i}`, text: `Text ${i}` }));
  fillPrompts(dataDir, prompts);
  const calls = await hear(page);
  await page.getByRole('button', { name: 'Order and filter' }).click();
  await page.getByRole('menuitem', { name: 'Last changed' }).click();
  const first = page.getByRole('treeitem').first();
  await expect(first).toContainText('samples/');
  await quiet([calls]);

  const { id, draft } = await client.prompts.find({ name: 'many/p-3' });
  const content = (text: string) => ({ messages: [{ role: 'user' as const, content: text }] });
  const { revision } = await client.prompts.saveDraft({
    id,
    revision: draft.revision,
    content: content('Text 3, edited'),
  });
  await expect(first).toContainText('many/p-3');
  await client.prompts.saveDraft({ id, revision, content: content('Text 3, edited again') });
  await quietlyExpect([calls], () => expect(calls).toEqual(['prompts.summaries']));
  await expect(page.getByRole('treeitem', { name: /many\/p-3\b/ })).toHaveCount(1);
});

/** Lets everything that a change leads to be asked for, then looks at it. */
async function quietlyExpect(windows: readonly Calls[], look: () => void): Promise<void> {
  await expect
    .poll(
      async () => {
        const before = windows.reduce((sum, calls) => sum + calls.length, 0);
        await new Promise((resolve) => setTimeout(resolve, 1_200));
        return windows.reduce((sum, calls) => sum + calls.length, 0) - before;
      },
      { timeout: 20_000 },
    )
    .toBe(0);
  look();
  for (const calls of windows) calls.length = 0;
}
