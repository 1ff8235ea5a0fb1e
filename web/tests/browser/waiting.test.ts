// What is seen while one waits, and that it can be ended at any moment.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { json } from '../support/service';
import { setUp } from '../support/setting';
import { choosePair, handOver, makeResult, waitForResult } from '../support/steps';

const setting = setUp();
const { fixtures } = setting;

async function throttle(page: Page, upload: number, download: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    offline: false, latency: 0, downloadThroughput: download, uploadThroughput: upload,
  });
  return () => session.detach(); // at full speed again
}

async function endsWithoutTrace(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('#job').waitFor({ state: 'hidden' });
  assert.equal(await page.getByRole('alert').innerText(), '');
  assert.equal(await page.locator('#form').evaluate((form) => (form as HTMLElement).inert), false);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'start');
}

describe('Cancel ends', () => {
  it('an upload, which is counted in bytes', async () => {
    const open = await setting.open();
    const { page } = open;
    const bytes = new Uint8Array(1_900_000);
    bytes.set(fixtures.read('edit.jpg'));
    writeFileSync(fixtures.path('padded.jpg'), bytes);
    await page.locator('#img-file').setInputFiles(fixtures.path('padded.jpg'));
    await page.locator('#slot-img.filled').waitFor();
    const free = await throttle(page, 400_000, -1);
    await page.locator('#start').click();
    await page.getByText(/^Uploading: [01]\.\d of 1\.9 MB$/).waitFor();
    await endsWithoutTrace(page);
    assert.deepEqual(setting.service.sent, []);
    await free();
    await open.close();
  });

  it('the wait and the work, whose stages are seen', async () => {
    const open = await setting.open();
    const { page } = open;
    const abortedBefore = setting.service.aborted;
    setting.service.onProcess = () => 'never';
    setting.service.onJob = () => json({ state: 'waiting', ahead: 2 });
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await page.getByText('Waiting: 2 pictures ahead').waitFor();
    setting.service.onJob = () => json({ state: 'waiting', ahead: 1 });
    await page.getByText('Waiting: 1 picture ahead').waitFor();
    setting.service.onJob = () => json({ state: 'waiting', ahead: 0 });
    await page.getByText('Waiting: the next one').waitFor();
    for (const [stage, share, words] of [
      ['read', 0, 'Reading the pictures'], ['obtain', 0.2, 'Finding the HDR'], ['encode', 0.5, 'Encoding'],
      ['verify', 0.9, 'Checking the result'],
    ] as const) {
      setting.service.onJob = () => json({ state: 'running', stage, share });
      await page.locator('#job-text').getByText(words, { exact: true }).waitFor();
      const shown = await page.getByRole('progressbar', { name: 'Progress' }).evaluate((bar) => (bar as HTMLProgressElement).value);
      assert.ok(Math.abs(shown - share) < 1e-6, `${shown}`);
    }
    assert.equal(await page.locator('#form').evaluate((form) => (form as HTMLElement).inert), true);
    await handOver(page, 'drop', [{ name: 'later.jpg', bytes: fixtures.read('original.jpg') }]); // not now
    await endsWithoutTrace(page);
    assert.equal(await page.locator('#img-what').innerText(), 'edit.jpg');
    while (setting.service.aborted === abortedBefore) await page.waitForTimeout(10);
    await open.close();
  });

  it('the download, which is counted too', async () => {
    const open = await setting.open();
    const { page } = open;
    await choosePair(page, fixtures);
    const free = await throttle(page, -1, 20_000);
    await page.locator('#start').click();
    await page.getByText(/^Downloading: \d+ of \d+ kB$/).waitFor();
    await endsWithoutTrace(page);
    assert.equal(await page.locator('#result').isVisible(), false);
    await free();
    await page.locator('#start').click();
    await waitForResult(page);
    await open.close();
  });
});

it('nothing is sent twice, and nothing fetched that is not shown', async () => {
  const open = await setting.open();
  const { page } = open;
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('blob:')) asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  await makeResult(page, fixtures);
  assert.deepEqual(asked.filter((each) => !/^GET \/(jobs|icon)/.test(each)), [
    'POST /process', 'GET /result/0123456789abcdef0123456789abcdef/hdr',
  ]);
  await open.close();
});

describe('leaving', () => {
  it('asks first while a job runs, and ends it', async () => {
    const open = await setting.open();
    const { page } = open;
    setting.service.onProcess = () => 'never';
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await page.locator('#job').waitFor();
    while (setting.service.sent.length === 0) await page.waitForTimeout(10);
    const abortedBefore = setting.service.aborted;
    const asked: string[] = [];
    page.once('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    assert.deepEqual(asked, ['beforeunload']);
    while (setting.service.aborted === abortedBefore) await page.waitForTimeout(10);
    assert.equal(await page.locator('#welcome').isVisible(), true);
    await open.close();
  });

  it('asks nothing where none runs, and a reload brings the result back', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const sent = setting.service.sent.length;
    await page.reload();
    await waitForResult(page);
    assert.equal(setting.service.sent.length, sent);
    assert.equal(await page.locator('#download').getAttribute('download'), 'edit_hdr.jpg');
    assert.equal(await page.locator('#boost-value').innerText(), '2.30 stops');
    await open.close();
  });

  it('the address opens it in a second tab, under another name', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await waitForResult(tab);
    assert.equal(await tab.locator('#download').getAttribute('download'), 'picture_hdr.jpg');
    await tab.close();
    await open.close();
  });

  it('a result that is gone is told, and the page is ready for another', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    setting.service.answers.delete('/result/0123456789abcdef0123456789abcdef');
    await page.reload();
    await page.getByText('The result is gone: results are kept for a few minutes only.').waitFor();
    assert.equal(await page.locator('#welcome').isVisible(), true);
    assert.equal(new URL(page.url()).hash, '');
    await open.close();
  });

  it('Start over leaves nothing in the address', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    assert.notEqual(new URL(page.url()).hash, '');
    await page.getByRole('button', { name: 'Start over' }).click();
    assert.equal(new URL(page.url()).hash, '');
    await open.close();
  });

  it('for the API page and back again loses nothing', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.getByRole('link', { name: 'API' }).click();
    await page.getByRole('link', { name: 'Back to the pictures' }).click();
    await waitForResult(page);
    await open.close();
  });
});
