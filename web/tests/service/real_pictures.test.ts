// What people do with the page, with what phones make: real originals and edits of them, on the real service.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { violations } from '../support/axe';
import { kDesktop, kPhone, openPage, sharedBrowser } from '../support/browser';
import { runProgram } from '../support/program';
import { kNoCorpus, makeRealPictures, type Pair, type PairName, type RealPictures } from '../support/real_pairs';
import { startRealService, type RealService } from '../support/real_service';
import { handOver, sidewaysScroll, waitForResult, type NamedFile } from '../support/steps';

const kScreenshots = 'build/web-tests/screenshots';
let service: RealService;
let browser: Browser;
let pictures: RealPictures;

const named = (name: string): NamedFile => ({ name, bytes: pictures.read(name) });

async function downloaded(page: Page, link: Locator): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return readFileSync(await file.path());
}

/** Both by the picker for many. */
async function choose(page: Page, files: string[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.locator('#browse').click()]);
  await chooser.setFiles(files.map((name) => pictures.path(name)));
}

async function chooseBoth(page: Page, pair: Pair): Promise<void> {
  await choose(page, [pair.edit, pair.original]);
  await isPlaced(page, pair);
}

/** Both are there, each in its place. */
async function isPlaced(page: Page, { edit, original }: Pair): Promise<void> {
  await page.locator('#slot-img.filled').waitFor();
  await page.locator('#slot-ref.filled').waitFor();
  assert.equal(await page.locator('#img-what').innerText(), edit);
  assert.equal(await page.locator('#ref-what').innerText(), original);
  assert.match(await page.locator('#ref-kind').innerText(), /HDR found/);
  assert.doesNotMatch(await page.locator('#img-kind').innerText(), /HDR/);
  assert.equal(await page.getByRole('alert').innerText(), '');
}

/** Starts, and waits for a result; a refusal is told by its words. */
async function made(page: Page): Promise<void> {
  await page.locator('#start').click();
  await page.locator('#download[href], #alert:not(:empty)').first().waitFor();
  assert.equal(await page.getByRole('alert').innerText(), '');
  await waitForResult(page);
}

/** By which two files get to their places. */
const kWays: Record<string, (page: Page, files: string[], pair: Pair) => Promise<void>> = {
  'by the picker for many': (page, files) => choose(page, files),
  'dropped anywhere': (page, files) => handOver(page, 'drop', files.map(named)),
  'dropped together on one card': (page, files) => handOver(page, 'drop', files.map(named), '#slot-img'),
  'pasted': (page, files) => handOver(page, 'paste', files.map(named)),
  'dropped one after the other': async (page, [first = '', second = '']) => {
    await handOver(page, 'drop', [named(first)]);
    await page.locator('.slot.filled').waitFor();
    await handOver(page, 'drop', [named(second)]);
  },
  'each dropped on its card': async (page, files, { edit }) => {
    for (const file of files) {
      const card = file === edit ? '#slot-img' : '#slot-ref';
      await handOver(page, 'drop', [named(file)], card);
      await page.locator(`${card}.filled`).waitFor();
    }
  },
};

/** The slow line of a phone, both ways. */
async function throttle(page: Page, megabitsPerSecond: number): Promise<() => Promise<void>> {
  const bytesPerSecond = (megabitsPerSecond * 1e6) / 8;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    offline: false, latency: 40, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond,
  });
  return () => session.detach();
}

/** Every text that #job-text has from now on. */
async function watchJob(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const texts: string[] = ((window as { jobTexts?: string[] }).jobTexts = []);
    const box = document.getElementById('job-text');
    if (box !== null) new MutationObserver(() => texts.push(box.textContent ?? '')).observe(box, { childList: true });
  });
  return () => page.evaluate(() => (window as { jobTexts?: string[] }).jobTexts ?? []);
}

/** Presses Tab until it has the focus. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let i = 0; i < 60; ++i) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
  }
  assert.fail(`#${id} cannot be reached by Tab`);
}

describe('real pictures on the real service', { skip: kNoCorpus }, () => {
  before(async () => {
    [service, browser] = await Promise.all([startRealService(), sharedBrowser()]);
    pictures = await makeRealPictures(browser, ['dial', 'badge', 'small', 'tiny', 'street']);
  });
  after(async () => {
    pictures?.remove();
    const end = await service?.stop();
    assert.deepEqual(end, { status: 0, left: [] });
  });

  for (const [way, bring] of Object.entries(kWays)) {
    for (const first of ['edit', 'original'] as const) {
      it(`edit and original come to their places ${way}, the ${first} first`, async () => {
        for (const name of ['small', 'tiny'] as PairName[]) {
          const pair = pictures.pair(name);
          const files = first === 'edit' ? [pair.edit, pair.original] : [pair.original, pair.edit];
          const open = await openPage(browser, service.url);
          await bring(open.page, files, pair);
          await isPlaced(open.page, pair);
          assert.equal(await open.page.locator('#start').isDisabled(), false);
          await open.close();
        }
      });
    }
  }

  for (const name of ['dial', 'badge', 'tiny'] as PairName[]) {
    it(`the result of ${name} is the program's, and is found again by a reload`, async () => {
      const open = await openPage(browser, service.url);
      const { page } = open;
      const pair = pictures.pair(name);
      await handOver(page, 'drop', [named(pair.original), named(pair.edit)]);
      await isPlaced(page, pair);
      await made(page);
      const file = await downloaded(page, page.locator('#download'));
      assert.ok(file.equals(pictures.made(pair)));
      await page.reload();
      await waitForResult(page);
      assert.equal(await page.locator('#download').getAttribute('download'), `${name}-edit_hdr.jpg`);
      assert.ok(file.equals(await downloaded(page, page.locator('#download'))));
      await open.close();
    });
  }

  it('an iPhone\'s HEIC gives its HDR to a JPEG', async () => {
    const open = await openPage(browser, service.url);
    const pair = pictures.pair('street');
    await chooseBoth(open.page, pair);
    await made(open.page);
    assert.ok((await downloaded(open.page, open.page.locator('#download'))).equals(pictures.made(pair)));
    await open.close();
  });

  for (const speed of [5, 10]) {
    it(`the whole way at ${speed} Mbit/s`, async () => {
      const open = await openPage(browser, service.url);
      const { page } = open;
      await chooseBoth(page, pictures.pair('dial'));
      const free = await throttle(page, speed);
      const texts = await watchJob(page);
      await made(page);
      const counted = (await texts()).flatMap((text) => {
        const [, sent, total] = /^Uploading: (\d+\.\d) of (\d+\.\d) MB$/.exec(text) ?? [];
        return sent === undefined ? [] : [[Number(sent), Number(total)]];
      });
      const total = counted[0]?.[1] ?? 0;
      const between = new Set(counted.map(([sent = 0]) => sent).filter((sent) => sent > 0 && sent < total));
      assert.ok(between.size >= 3, JSON.stringify(counted));
      assert.deepEqual(counted, counted.toSorted(([a = 0], [b = 0]) => a - b));
      assert.ok((await texts()).some((text) => /^Downloading: /.test(text)));
      await free();
      await open.close();
    });
  }

  it('a tab holds its file when another one with the same result starts over', async () => {
    const open = await openPage(browser, service.url);
    const { page } = open;
    const pair = pictures.pair('small');
    await chooseBoth(page, pair);
    await made(page);
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await waitForResult(tab);
    const gone = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
    await page.getByRole('button', { name: 'Start over' }).click();
    assert.ok((await gone).ok());
    assert.equal(await tab.locator('#sdr').evaluate((image: HTMLImageElement) => image.naturalWidth), 1056);
    assert.equal(await tab.locator('#simulated').isVisible(), true);
    assert.ok((await downloaded(tab, tab.locator('#download'))).equals(pictures.made(pair)));
    // Boosted, it is made of what the tab has.
    await tab.locator('#boost').focus();
    await tab.keyboard.press('End');
    await tab.getByRole('link', { name: /^Download with 6\.00 stops/ }).waitFor();
    assert.ok((await downloaded(tab, tab.locator('#download'))).length > 100_000);
    // What only the server had is gone, and that is told.
    await tab.locator('#details summary').first().click();
    await tab.getByRole('link', { name: 'Gain map' }).click();
    await tab.getByText('The result is gone: results are kept for a few minutes only.').waitFor();
    await tab.close();
    await open.close();
  });

  it('many at once are paired by name, and each row has the file that the program makes', async () => {
    const open = await openPage(browser, service.url);
    const { page } = open;
    writeFileSync(pictures.path('alone.jpg'), pictures.read('small-edit.jpg'));
    const [dial, badge] = [pictures.pair('dial'), pictures.pair('badge')];
    await handOver(page, 'drop', [dial.original, badge.edit, 'alone.jpg', badge.original, dial.edit].map(named));
    const rows = page.locator('#work-list > li');
    await page.getByText('3 pictures, 0 done').waitFor();
    assert.deepEqual(await rows.locator('.name').allInnerTexts(), ['dial-edit', 'badge-edit', 'alone']);
    assert.deepEqual(await rows.locator('.state').allInnerTexts(), [
      `with ${dial.original}`, `with ${badge.original}`, 'HDR will be predicted',
    ]);
    await page.getByRole('button', { name: 'Make all 3' }).click();
    await page.getByText('3 pictures, 3 done').waitFor();
    await page.locator('#job').waitFor({ state: 'hidden' });
    const expected = [pictures.made(dial), pictures.made(badge), pictures.made({ edit: 'alone.jpg' })];
    for (const [i, file] of expected.entries()) {
      assert.ok((await downloaded(page, rows.nth(i).getByRole('link'))).equals(file), `row ${i}`);
      await rows.nth(i).locator('button.row').click();
      await waitForResult(page);
      assert.ok((await downloaded(page, page.locator('#download'))).equals(file), `picture ${i}`);
    }
    await open.close();
  });

  it('another format comes of what the server keeps', async () => {
    const open = await openPage(browser, service.url);
    const { page } = open;
    await chooseBoth(page, pictures.pair('small'));
    await made(page);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') asked.push(new URL(request.url()).pathname.replace(/[0-9a-f]{32}/, 'ID'));
    });
    await page.locator('#result-format').selectOption('avif');
    await page.locator('#download[href][download$=".avif"]').waitFor();
    const file = await downloaded(page, page.locator('#download'));
    assert.deepEqual(asked, ['/result/ID']);
    writeFileSync(pictures.path('made.avif'), file);
    const told = runProgram('inspect', pictures.path('made.avif'));
    assert.match(told, /: avif 1056 x 1879,/);
    assert.match(told, /\n {2}chrome +yes /);
    await open.close();
  });

  it('goes by keys alone', async () => {
    const open = await openPage(browser, service.url);
    const { page } = open;
    const frame = page.locator('#frame');
    const style = (name: string): Promise<number> =>
      frame.evaluate((box, property) => parseFloat(box.style.getPropertyValue(property)), name);
    const pair = pictures.pair('dial');
    const asked = page.waitForEvent('filechooser');
    await tabTo(page, 'browse');
    await page.keyboard.press('Enter');
    await (await asked).setFiles([pair.edit, pair.original].map((name) => pictures.path(name)));
    await isPlaced(page, pair);
    await tabTo(page, 'start');
    await page.keyboard.press('Enter');
    await waitForResult(page);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'download');
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    assert.ok(readFileSync(await file.path()).equals(pictures.made(pair)));

    const fitted = await style('--scale');
    for (let i = 0; i < 4; ++i) await page.keyboard.press('+');
    assert.ok(Math.abs((await style('--scale')) / fitted - 4) < 0.01, `${await style('--scale')} of ${fitted}`);
    const [x, y] = [await style('--x'), await style('--y')];
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    assert.deepEqual([(await style('--x')) - x, (await style('--y')) - y].map(Math.round), [-60, -60]);
    await page.locator('#detail').waitFor(); // drawn sharp, once all is still
    await page.keyboard.press('1');
    assert.equal(await frame.getAttribute('data-view'), 'sdr');
    await page.keyboard.down('c');
    assert.equal(await frame.getAttribute('data-view'), 'hdr');
    assert.equal(await page.locator('#simulated').isVisible(), true);
    await page.keyboard.up('c');
    assert.equal(await frame.getAttribute('data-view'), 'sdr');
    await page.keyboard.press('0');
    assert.equal(await style('--scale'), fitted);
    await tabTo(page, 'again');
    await page.keyboard.press('Enter');
    await page.locator('#welcome').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'browse');
    await open.close();
  });

  it('the example needs no pictures, and its HDR is its original\'s', async () => {
    const open = await openPage(browser, service.url);
    const { page } = open;
    await page.getByRole('button', { name: 'Try an example' }).click();
    await page.locator('#start:focus').waitFor();
    await made(page);
    await page.locator('#details > summary').click();
    await page.getByText('HDR taken from the original').waitFor();
    const report = await downloaded(page, page.getByRole('link', { name: 'Report' }));
    assert.equal((JSON.parse(report.toString()) as { mode: string }).mode, 'reference');
    await open.close();
  });

  for (const [name, viewport] of [
    ['desktop', kDesktop], ['phone', kPhone], ['phone-lying', { width: kPhone.height, height: kPhone.width }],
  ] as const) {
    it(`has no axe violation, and looks as it should (${name})`, async () => {
      const open = await openPage(browser, service.url, { viewport, colorScheme: 'dark' });
      await chooseBoth(open.page, pictures.pair('dial'));
      await made(open.page);
      assert.deepEqual(await violations(open.page), []);
      assert.equal(await sidewaysScroll(open.page), 0);
      mkdirSync(kScreenshots, { recursive: true });
      await open.page.screenshot({ path: `${kScreenshots}/real-${name}.png` });
      await open.close();
    });
  }
});
