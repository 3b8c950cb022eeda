import { expect, type Locator, type Page } from '@playwright/test';

/** A message of the open prompt, counted from 1. */
export function message(page: Page, number: number): Locator {
  return page
    .getByRole('list', { name: 'Messages' })
    .getByRole('listitem')
    .nth(number - 1);
}

/** Types at the end of a message. */
export async function typeInto(page: Page, number: number, text: string): Promise<void> {
  await message(page, number).locator('.monaco-editor .view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

/** Waits until the draft of the open prompt is stored. */
export async function saved(page: Page): Promise<void> {
  await expect(page.locator('[data-save="saved"]')).toBeVisible();
}
