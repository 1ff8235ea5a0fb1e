// Pictures of each state for people to look at, in build/web-tests/screenshots; and what a machine
// can say of them: nothing scrolls sideways, and axe finds nothing.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { violations } from '../support/axe';
import { kDesktop, kPhone } from '../support/browser';
import { errorAnswer, json } from '../support/service';
import { setUp } from '../support/setting';
import { choosePair, handOver, makeResult, sidewaysScroll, waitForResult } from '../support/steps';

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
    setting.service.onJob = () => json({ state: 'running', stage: 'encode', share: 0.6 });
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await page.locator('#job-text').getByText('Encoding').waitFor();
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
  exposed: async (page) => {
    await makeResult(page, fixtures);
    await page.getByRole('checkbox', { name: 'Exposure' }).check();
  },
  zoomed: async (page) => {
    await makeResult(page, fixtures);
    for (let i = 0; i < 4; ++i) await page.getByRole('button', { name: 'Zoom in' }).click();
  },
  details: async (page) => {
    await makeResult(page, fixtures);
    await page.locator('#details > summary').click();
  },
  asked: async (page) => {
    const bytes = fixtures.read('original.jpg');
    await handOver(page, 'drop', [{ name: 'original.jpg', bytes }, { name: 'exported-for-the-web-in-a-long-name.jpg', bytes }]);
    await page.locator('#which').waitFor();
  },
  several: async (page) => {
    const edit = fixtures.read('edit.jpg');
    const original = fixtures.read('original.jpg');
    await handOver(page, 'drop', [
      { name: 'beach-edit.jpg', bytes: edit }, { name: 'beach.jpg', bytes: original }, { name: 'harbour.jpg', bytes: edit },
    ]);
    await page.locator('#start').click();
    await page.getByText('2 pictures, 2 done').waitFor();
    await waitForResult(page);
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

/** A phone on its side, the narrowest one, and a desktop at 200 %: what is special there is the layout. */
const kOtherSizes = [
  ['landscape', { width: 844, height: 390 }], ['narrow', { width: 320, height: 640 }], ['double', { width: 720, height: 450 }],
] as const;
const kLayouts = ['empty', 'chosen', 'result', 'map', 'error', 'several'];
/** In the dark it is colours that differ. */
const kInTheDark = [...kLayouts, 'options', 'details', 'docs'];

const kSettings = [
  ...(['light', 'dark'] as const).flatMap((colorScheme) =>
    ([['phone', kPhone], ['desktop', kDesktop]] as const).map(([size, viewport]) =>
      ({ colorScheme, size, viewport, states: colorScheme === 'dark' ? kInTheDark : Object.keys(kStates) }))),
  ...kOtherSizes.map(([size, viewport]) => ({ colorScheme: 'light' as const, size, viewport, states: kLayouts })),
];
{
  for (const { colorScheme, size, viewport, states } of kSettings) {
    describe(`${colorScheme}, ${size}`, () => {
      for (const [state, reach] of Object.entries(kStates).filter(([name]) => states.includes(name))) {
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
