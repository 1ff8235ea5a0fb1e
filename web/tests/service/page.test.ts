// The whole chain: the page that the program carries, its service, its files, and Chromium's opinion.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { at } from '../../src/service/json';
import { violations } from '../support/axe';
import { kDesktop, kPhone, openPage, sharedBrowser } from '../support/browser';
import { makePictures, sharedFixtures } from '../support/fixtures';
import { canProbe, probe } from '../support/hdr_probe';
import { runProgram } from '../support/program';
import { startRealService, type RealService } from '../support/real_service';
import { choosePair, makeResult, waitForResult } from '../support/steps';

const kScreenshots = 'build/web-tests/screenshots';
const fixtures = sharedFixtures();
let service: RealService;
let browser: Browser;

async function download(page: Page, name: RegExp): Promise<Buffer> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name }).first().click(),
  ]);
  return readFileSync(await file.path());
}

describe('the page on its own service', () => {
  before(async () => {
    service = await startRealService();
    browser = await sharedBrowser();
  });
  after(async () => {
    const end = await service?.stop();
    assert.deepEqual(end, { status: 0, left: [] });
  });

  it('puts the HDR back: the download is the program\'s file, and Chromium shows its light', async () => {
    const open = await openPage(browser, service.url);
    await makeResult(open.page, fixtures);
    assert.equal(await open.page.getByText('The pixels of your edit are untouched').count(), 1);
    assert.equal(await open.page.getByText('Same framing as the original.').count(), 1);
    // Of no use where the framing is the same, and so not offered; but there.
    assert.equal(await open.page.getByRole('radio', { name: /^Fit/ }).count(), 0);
    for (const name of ['#fit-overlay', '#fit-agreement']) {
      const width = await open.page.locator(name).evaluate(async (picture: HTMLImageElement) => {
        picture.src = picture.dataset['address'] ?? '';
        await picture.decode();
        return picture.naturalWidth;
      });
      assert.ok(width > 100, `${name}: ${width}`);
    }
    const file = await download(open.page, /^Download HDR picture/);
    assert.deepEqual(file, Buffer.from(fixtures.read('result.jpg')));
    assert.ok(await canProbe(open.page));
    const [base, high] = await probe(open.page, '#hdr', [0, 4]);
    assert.ok(base !== undefined && high !== undefined);
    assert.ok(base.sun <= 1.02, `${base.sun}`);
    assert.ok(high.sun > 2.5, `${high.sun}`);
    await open.close();
  });

  it('boosts without asking the service again, as --boost would have', async () => {
    const open = await openPage(browser, service.url);
    await makeResult(open.page, fixtures);
    const asked: string[] = [];
    open.page.on('request', (request) => {
      if (!request.url().startsWith('blob:')) asked.push(request.url());
    });
    await open.page.locator('#boost').focus();
    await open.page.keyboard.press('End');
    const file = await download(open.page, /^Download with 6\.00 stops/);
    const pair = ['--img', fixtures.path('edit.jpg'), '--ref', fixtures.path('original.jpg')];
    fixtures.process('boosted.jpg', ...pair, '--boost', '6');
    assert.deepEqual(file, Buffer.from(fixtures.read('boosted.jpg')));
    assert.deepEqual(asked, []);
    writeFileSync(fixtures.path('download.jpg'), file);
    assert.match(runProgram('inspect', fixtures.path('download.jpg')), /alternate_hdr_headroom +6\n/);
    await open.close();
  });

  it('predicts without an original', async () => {
    const open = await openPage(browser, service.url);
    await open.page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await open.page.locator('#start').click();
    await waitForResult(open.page);
    const file = await download(open.page, /^Download HDR picture/);
    assert.deepEqual(file, Buffer.from(fixtures.read('predicted.jpg')));
    await open.close();
  });

  it('says in words that two pictures do not belong together', async () => {
    const turned = makePictures(480, 640);
    const open = await openPage(browser, service.url);
    await open.page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await open.page.locator('#ref-file').setInputFiles(turned.path('original.jpg'));
    await open.page.locator('#slot-ref.filled').waitFor();
    await open.page.locator('#start').click();
    await open.page.getByText('The two pictures do not belong together').waitFor();
    await open.close();
  });

  it('knows the service\'s limits and options', async () => {
    const small = await startRealService('--max-image', '0.01');
    const open = await openPage(browser, small.url);
    await open.page.getByText('up to 10 kB').waitFor();
    await open.page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await open.page.getByText('The picture is too large.').waitFor();
    await open.close();
    await small.stop();
  });

  for (const [name, viewport] of [['desktop', kDesktop], ['phone', kPhone]] as const) {
    it(`has no axe violation, and looks as it should (${name})`, async () => {
      const open = await openPage(browser, service.url, { viewport, colorScheme: 'dark' });
      await choosePair(open.page, fixtures);
      await open.page.locator('#start').click();
      await waitForResult(open.page);
      assert.deepEqual(await violations(open.page), []);
      mkdirSync(kScreenshots, { recursive: true });
      await open.page.screenshot({ path: `${kScreenshots}/service-${name}.png` });
      await open.close();
    });
  }

  it('has an API page whose JavaScript runs as it stands there', async () => {
    const open = await openPage(browser, `${service.url}/docs#process`);
    const view = open.page.locator('#process');
    await view.getByRole('radio', { name: 'JavaScript' }).check();
    const text = await view.locator('.snippet').innerText();
    const blob = (name: string): Blob => new Blob([new Uint8Array(fixtures.read(name))]);
    const files = { img: blob('edit.jpg'), ref: blob('original.jpg') };
    const AsyncFunction = (async () => {}).constructor as new (...lines: string[]) => (given: object) => Promise<unknown>;
    const result = await new AsyncFunction('files', `${text}\nreturn result;`)(files);
    assert.equal(at(result, 'report', 'mode'), 'reference');
    await open.close();
  });

  it('has an API page that tries what it describes', async () => {
    const open = await openPage(browser, `${service.url}/docs`);
    await open.page.getByText('/result/{id}/gainmap').waitFor();
    assert.deepEqual(await violations(open.page), []);
    await open.page.screenshot({ path: `${kScreenshots}/service-docs.png`, fullPage: true });
    await open.close();
  });
});
