// Pictures of each state for people to look at, in build/web-tests/screenshots; and what a machine
// can say of them: nothing scrolls sideways, and axe finds nothing.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { violations } from '../support/axe';
import { kDesktop, kPhone } from '../support/browser';
import { errorAnswer } from '../support/service';
import { setUp } from '../support/setting';
import { choosePair, makeResult, sidewaysScroll } from '../support/steps';

const kFolder = 'build/web-tests/screenshots';
mkdirSync(kFolder, { recursive: true });

const setting = setUp({ width: 1200, height: 800 });
const { fixtures } = setting;

/** Each state, and the way there from an empty page. */
const kStates: Record<string, (page: Page) => Promise<void>> = {
  empty: async () => {},
  chosen: (page) => choosePair(page, fixtures),
  options: async (page) => {
    await choosePair(page, fixtures);
    await page.locator('#options summary').click();
    await page.locator('#more-options summary').click();
  },
  working: async (page) => {
    setting.service.onProcess = () => 'never';
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await page.getByText(/^Working/).waitFor();
  },
  result: (page) => makeResult(page, fixtures),
  hdr: async (page) => {
    await makeResult(page, fixtures);
    await page.keyboard.press('2');
  },
  boosted: async (page) => {
    await makeResult(page, fixtures);
    await page.locator('#boost').fill('4');
    await page.getByText('Download with 4.00 stops').waitFor();
  },
  map: async (page) => {
    await makeResult(page, fixtures);
    await page.keyboard.press('3');
    await page.locator('#map').focus();
    await page.keyboard.press('ArrowRight');
  },
  error: async (page) => {
    setting.service.onProcess = () =>
      errorAnswer(422, 'mismatch', 'alignment: not the same photograph: the two pictures have too little in common', { where: 'ref' });
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await page.locator('#alert .sentence').waitFor();
  },
  untold: async (page) => {
    setting.service.answers.delete('/openapi.json');
    await page.reload();
    await page.locator('#alert .sentence').waitFor();
  },
  'docs-answer': async (page) => {
    await page.goto(`${setting.service.url}/docs`);
    const view = page.locator('.operation').first();
    await view.locator('> summary').click();
    await view.getByLabel('img *').setInputFiles(fixtures.path('edit.jpg'));
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText('POST /process: 200').waitFor();
  },
  docs: async (page) => {
    await page.goto(`${setting.service.url}/docs`);
    await page.locator('.operation > summary').first().click();
  },
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of [['phone', kPhone], ['desktop', kDesktop]] as const) {
    describe(`${colorScheme}, ${size}`, () => {
      for (const [state, reach] of Object.entries(kStates)) {
        it(state, async () => {
          const open = await setting.open({ viewport, colorScheme, reducedMotion: 'reduce' });
          await reach(open.page);
          const path = join(kFolder, `${state}-${size}-${colorScheme}.png`);
          await open.page.screenshot({ path, fullPage: true });
          assert.equal(await sidewaysScroll(open.page), 0);
          assert.deepEqual(await violations(open.page), []);
          await open.close();
        });
      }
    });
  }
}
