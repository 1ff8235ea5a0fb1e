// Several pictures at once: pairs, a list with states, one download each.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { kErrorTexts } from '../../src/service/errors';
import { kId, resultAnswer } from '../support/results';
import { errorAnswer, type Canned } from '../support/service';
import { setUp } from '../support/setting';
import { handOver, waitForResult } from '../support/steps';

const setting = setUp();
const { fixtures } = setting;
const kOtherId = 'fedcba9876543210fedcba9876543210';

const named = (name: string, fixture: string) => ({ name, bytes: fixtures.read(fixture) });
const kThree = () => [named('beach-edit.jpg', 'edit.jpg'), named('harbour.jpg', 'edit.jpg'), named('beach.jpg', 'original.jpg')];

/** Answers with another id for each job. */
function answerEach(): void {
  setting.service.onProcess = (sent) => sent.files['ref'] === undefined
    ? resultAnswer(setting.service, fixtures, 'predicted', 'jpg', kOtherId)
    : resultAnswer(setting.service, fixtures, 'result', 'jpg', kId);
}

const rows = (page: Page): Promise<string[]> => page.locator('#work-list .texts').allInnerTexts();

async function makeThree(page: Page): Promise<void> {
  answerEach();
  await handOver(page, 'drop', kThree());
  await page.getByRole('button', { name: 'Make all 2' }).click();
  await page.getByText('2 pictures, 2 done').waitFor();
  await waitForResult(page);
}

describe('several pictures', () => {
  it('become pairs and single ones, with their thumbnails', async () => {
    const open = await setting.open();
    const { page } = open;
    await handOver(page, 'drop', kThree());
    await page.getByText('2 pictures, 0 done').waitFor();
    assert.deepEqual(await rows(page), ['beach-edit\nwith beach.jpg', 'harbour\nHDR will be predicted']);
    assert.equal(await page.locator('#work-list img.thumb').count(), 2);
    assert.equal(await page.locator('#img-what').innerText(), 'beach-edit.jpg');
    await open.close();
  });

  it('are made one after the other, and each has its download', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeThree(page);
    const sent = setting.service.sent.filter(({ path }) => path === '/process');
    assert.deepEqual(sent.map(({ files }) => Object.keys(files)), [['img', 'ref'], ['img']]);
    for (const [name, fixture] of [['beach-edit_hdr.jpg', 'result.jpg'], ['harbour_hdr.jpg', 'predicted.jpg']] as const) {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: `Download ${name}` }).click(),
      ]);
      assert.equal(file.suggestedFilename(), name);
      assert.deepEqual(readFileSync(await file.path()), Buffer.from(fixtures.read(fixture)));
    }
    await open.close();
  });

  it('each can be looked at, and changed by itself', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeThree(page);
    await page.locator('#boost').fill('4');
    await page.getByText('Download with 4.00 stops').waitFor();
    await page.getByRole('button', { name: /^harbour/ }).click();
    await waitForResult(page);
    assert.equal(await page.locator('#download').getAttribute('download'), 'harbour_hdr.jpg');
    assert.equal(await page.locator('#style-row').isVisible(), true);
    await page.getByRole('button', { name: /^beach-edit/ }).click();
    await waitForResult(page);
    await page.getByText('Download with 4.00 stops').waitFor();
    assert.equal(await page.locator('#download').getAttribute('download'), 'beach-edit_hdr_4.00.jpg');
    await open.close();
  });

  it('one that fails says so in its row, and does not keep the others', async () => {
    const open = await setting.open();
    const { page } = open;
    answerEach();
    const well = setting.service.onProcess;
    setting.service.onProcess = (sent): Canned | 'never' => sent.files['ref'] === undefined
      ? well(sent)
      : errorAnswer(422, 'mismatch', 'not the same', { where: 'ref' });
    await handOver(page, 'drop', kThree());
    await page.getByRole('button', { name: 'Make all 2' }).click();
    await page.getByText('2 pictures, 1 done').waitFor();
    assert.deepEqual(await rows(page), [`beach-edit\n${kErrorTexts.mismatch.sentence}`, 'harbour\ndone']);
    await page.getByRole('button', { name: /^harbour/ }).click();
    await waitForResult(page);
    assert.equal(await page.getByRole('alert').innerText(), '');
    await page.getByRole('button', { name: /^beach-edit/ }).click();
    await page.locator('#alert .sentence').waitFor();
    setting.service.onProcess = well;
    await page.locator('#start').click(); // the one that is left
    await page.getByText('2 pictures, 2 done').waitFor();
    await open.close();
  });

  it('Cancel ends the row of them, what is made stays', async () => {
    const open = await setting.open();
    const { page } = open;
    answerEach();
    const well = setting.service.onProcess;
    setting.service.onProcess = (sent) => (sent.files['ref'] === undefined ? 'never' : well(sent));
    await handOver(page, 'drop', [...kThree(), named('other.jpg', 'edit.jpg')]);
    await page.getByRole('button', { name: 'Make all 3' }).click();
    await page.getByText('3 pictures, 1 done').waitFor();
    assert.deepEqual((await rows(page)).map((text) => text.split('\n')[1]), ['done', 'at work', 'waiting']);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('#job').waitFor({ state: 'hidden' });
    assert.deepEqual((await rows(page)).map((text) => text.split('\n')[1]),
      ['done', 'HDR will be predicted', 'HDR will be predicted']);
    await open.close();
  });

  it('while one is made, another can be looked at and changed', async () => {
    const open = await setting.open();
    const { page } = open;
    answerEach();
    const well = setting.service.onProcess;
    setting.service.onProcess = (sent) => (sent.files['ref'] === undefined ? 'never' : well(sent));
    await handOver(page, 'drop', kThree());
    await page.getByRole('button', { name: 'Make all 2' }).click();
    await page.getByText('2 pictures, 1 done').waitFor();
    await page.getByRole('button', { name: /^harbour/ }).click();
    await page.locator('#edit').waitFor();
    await page.getByRole('button', { name: /^beach-edit/ }).click();
    await waitForResult(page);
    await page.locator('#boost').fill('4');
    await page.getByText('Download with 4.00 stops').waitFor();
    assert.deepEqual((await rows(page)).map((text) => text.split('\n')[1]), ['done', 'at work']);
    assert.equal(await page.locator('#job').isVisible(), true);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('#job').waitFor({ state: 'hidden' });
    await open.close();
  });

  it('one can be taken out, and its result goes', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeThree(page);
    await page.getByRole('button', { name: 'Remove beach-edit' }).click();
    while (setting.service.deleted.length === 0) await page.waitForTimeout(10);
    assert.deepEqual(setting.service.deleted, [`/result/${kId}`]);
    await waitForResult(page);
    assert.equal(await page.locator('#works').isVisible(), false);
    assert.equal(await page.locator('#download').getAttribute('download'), 'harbour_hdr.jpg');
    await open.close();
  });

  it('a reload brings all of them back', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeThree(page);
    await page.reload();
    await page.getByText('2 pictures, 2 done').waitFor();
    await waitForResult(page);
    assert.deepEqual(await rows(page), ['beach-edit\ndone', 'harbour\ndone']);
    await open.close();
  });

  it('more of them are added to those that are there', async () => {
    const open = await setting.open();
    const { page } = open;
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.locator('#slot-img.filled').waitFor();
    await handOver(page, 'drop', kThree());
    await page.getByText('3 pictures, 0 done').waitFor();
    assert.deepEqual((await rows(page)).map((text) => text.split('\n')[0]), ['edit', 'beach-edit', 'harbour']);
    await open.close();
  });
});
