// What axe cannot see: sizes of targets, motion, and what is said aloud.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { kPhone } from '../support/browser';
import { setUp } from '../support/setting';
import { choosePair, makeResult } from '../support/steps';

const setting = setUp();
const { fixtures } = setting;

/** Controls that can be seen and are lower or narrower than 44 px, with their labels. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const kSelector = 'button, select, summary, a, input, [tabindex="0"]';
    const small: string[] = [];
    for (const target of document.querySelectorAll<HTMLElement>(kSelector)) {
      if (!target.checkVisibility()) continue;
      const parts = [target, ...(target instanceof HTMLInputElement ? (target.labels ?? []) : [])];
      const boxes = parts.map((part) => part.getBoundingClientRect());
      const height = Math.max(...boxes.map((box) => box.height));
      const width = Math.max(...boxes.map((box) => box.width));
      const isText = target instanceof HTMLAnchorElement; // as wide as its words
      if (height < 44 || (width < 44 && !isText)) {
        small.push(`${target.tagName} ${target.id} ${target.textContent}: ${width} x ${height}`);
      }
    }
    return small;
  });
}

describe('targets are at least 44 px', () => {
  for (const [name, viewport] of [['phone', kPhone], ['desktop', undefined]] as const) {
    it(name, async () => {
      const open = await setting.open(viewport === undefined ? {} : { viewport });
      const { page } = open;
      assert.deepEqual(await smallTargets(page), []);
      await page.locator('#options summary').click();
      await page.locator('#more-options summary').click();
      assert.deepEqual(await smallTargets(page), []);
      await page.locator('#more-options summary').click();
      await makeResult(page, fixtures);
      await page.locator('#boost').fill('4');
      await page.getByText('Download with 4.00 stops').waitFor();
      await page.locator('#details > summary').click();
      for (const key of ['1', '2', '3', '4']) {
        await page.keyboard.press(key);
        assert.deepEqual(await smallTargets(page), [], `view ${key}`);
      }
      await open.close();
    });
  }
});

for (const [reducedMotion, moves] of [['reduce', false], ['no-preference', true]] as const) {
  it(`motion with ${reducedMotion}`, async () => {
    const open = await setting.open({ reducedMotion });
    const duration = await open.page
      .locator('#options summary')
      .evaluate((summary) => getComputedStyle(summary, '::before').transitionDuration);
    assert.equal(duration !== '0s', moves, duration);
    await open.close();
  });
}

it('a screen reader is told how it goes, and the focus goes to what comes next', async () => {
  const open = await setting.open();
  const { page } = open;
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    const announcer = document.querySelector('#announcer');
    if (announcer === null) return;
    new MutationObserver(() => told.push(announcer.textContent ?? '')).observe(announcer, { childList: true });
  });
  assert.equal(await page.locator('#announcer').getAttribute('role'), 'status');
  await choosePair(page, fixtures);
  await page.locator('#start').click();
  await page.locator('#result').waitFor();
  const told = await page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  assert.deepEqual(told.filter((text) => text !== ''), ['Uploading', 'Uploaded', 'Downloading', 'Done']);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'download');
  await open.close();
});

it('the whole way by keyboard', async () => {
  const open = await setting.open();
  const { page } = open;
  await choosePair(page, fixtures); // the operating system's dialog
  const walked: string[] = [];
  for (let i = 0; i < 30; ++i) {
    await page.keyboard.press('Tab');
    const id = await page.evaluate(() => document.activeElement?.id ?? '');
    walked.push(id);
    if (id === 'start') break;
  }
  const inOrder = ['img-file', 'img-remove', 'ref-file', 'ref-remove', 'swap', 'start'];
  assert.deepEqual(walked.filter((id) => inOrder.includes(id)), inOrder);
  await page.keyboard.press('Enter');
  await page.locator('#result').waitFor();
  await open.close();
});
