// What a user does on the page, for tests.
import type { Page } from 'playwright-core';
import type { Fixtures } from './fixtures';
import { encoded, handOverInPage, type NamedFile } from './hand_over';

export type { NamedFile };

/** Files as a file manager or the clipboard hands them over. */
export async function handOver(page: Page, by: 'drop' | 'paste', files: NamedFile[], onto = '#stage'): Promise<void> {
  const values = [by, encoded(files), onto].map((value) => JSON.stringify(value)).join();
  await page.evaluate(`(${handOverInPage})(${values})`);
}

/** Edit and original through the slots' own pickers. */
export async function choosePair(page: Page, fixtures: Fixtures): Promise<void> {
  await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
  await page.locator('#ref-file').setInputFiles(fixtures.path('original.jpg'));
  await page.locator('#slot-ref.filled').waitFor();
  await page.locator('#slot-img.filled').waitFor();
}

/** Until the result is there and its picture is decoded. */
export async function waitForResult(page: Page): Promise<void> {
  await page.locator('#result').waitFor();
  await page.locator('#viewer').waitFor();
  await page.waitForFunction(() => {
    const images = [...document.querySelectorAll<HTMLImageElement>('#sdr, #hdr')];
    return images.every((image) => image.complete && image.naturalWidth > 0);
  });
  await page.waitForFunction(() => !document.querySelector<HTMLInputElement>('input[name=view][value=map]')?.disabled);
}

/** The whole way to a result. */
export async function makeResult(page: Page, fixtures: Fixtures): Promise<void> {
  await choosePair(page, fixtures);
  await page.locator('#start').click();
  await waitForResult(page);
}

/** How far the page can be scrolled sideways, in CSS pixels. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
  });
}
