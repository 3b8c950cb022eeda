import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Text editors change the theme later than the rest. */
async function editorsFollow(page: Page, colorScheme: 'dark' | 'light'): Promise<void> {
  await page.waitForFunction((isDark) => {
    const editors = [...document.querySelectorAll('.monaco-editor[role="code"]')];
    return editors.every((editor) => editor.classList.contains('vs-dark') === isDark);
  }, colorScheme === 'dark');
}

/** Serious and critical accessibility violations of what shows now, in the light and in the dark theme, as sentences; `within` looks at a part only, which is much faster. */
export async function violations(page: Page, within?: string): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await editorsFollow(page, colorScheme);
    const axe = new AxeBuilder({ page });
    if (within !== undefined) axe.include(within);
    // Of all rules only this one depends on the theme; each costs seconds.
    if (colorScheme === 'dark') axe.withRules(['color-contrast']);
    const { violations: found } = await axe.analyze();
    for (const { id, impact, nodes } of found) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      sentences.push(`${colorScheme}, ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
    }
  }
  return sentences;
}
