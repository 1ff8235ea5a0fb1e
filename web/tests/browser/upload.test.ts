// Files into the slots, and what is sent of them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { kErrorTexts } from '../../src/service/errors';
import { kOpenApi } from '../support/openapi';
import { errorAnswer, json } from '../support/service';
import { setUp } from '../support/setting';
import { choosePair, handOver, waitForResult } from '../support/steps';

const setting = setUp();
const { fixtures } = setting;
const fixture = (name: string) => ({ name, bytes: fixtures.read(name) });

async function slotsOf(page: Page): Promise<{ img: string; ref: string }> {
  return {
    img: await page.locator('#img-what').innerText(),
    ref: await page.locator('#ref-what').innerText(),
  };
}

const kPair = { img: 'edit.jpg', ref: 'original.jpg' };

describe('files come in', () => {
  it('by the slots\' pickers', async () => {
    const open = await setting.open();
    await choosePair(open.page, fixtures);
    assert.deepEqual(await slotsOf(open.page), kPair);
    assert.match(await open.page.locator('#ref-kind').innerText(), /HDR found/);
    await open.close();
  });

  it('by the picker for both', async () => {
    const open = await setting.open();
    const [chooser] = await Promise.all([
      open.page.waitForEvent('filechooser'),
      open.page.getByRole('button', { name: 'Choose pictures' }).click(),
    ]);
    await chooser.setFiles([fixtures.path('original.jpg'), fixtures.path('edit.jpg')]);
    await open.page.locator('#slot-ref.filled').waitFor();
    assert.deepEqual(await slotsOf(open.page), kPair);
    await open.close();
  });

  for (const how of ['drop', 'paste'] as const) {
    for (const order of [['edit.jpg', 'original.jpg'], ['original.jpg', 'edit.jpg']]) {
      it(`by ${how}, ${order.join(' before ')}`, async () => {
        const open = await setting.open();
        await handOver(open.page, how, order.map(fixture));
        await open.page.locator('#slot-img.filled').waitFor();
        assert.deepEqual(await slotsOf(open.page), kPair);
        await open.close();
      });
    }
    it(`by ${how}, one after the other`, async () => {
      const open = await setting.open();
      await handOver(open.page, how, [fixture('original.jpg')]);
      await open.page.locator('#slot-ref.filled').waitFor();
      assert.equal(await open.page.locator('#start').isDisabled(), true);
      await handOver(open.page, how, [fixture('edit.jpg')]);
      await open.page.locator('#slot-img.filled').waitFor();
      assert.deepEqual(await slotsOf(open.page), kPair);
      assert.equal(await open.page.locator('#veil').isVisible(), false);
      await open.close();
    });
  }

  it('and go again, and change places', async () => {
    const open = await setting.open();
    await choosePair(open.page, fixtures);
    await open.page.getByRole('button', { name: 'Swap the two' }).click();
    assert.deepEqual(await slotsOf(open.page), { img: 'original.jpg', ref: 'edit.jpg' });
    assert.match(await open.page.locator('#ref-kind').innerText(), /no HDR found/);
    await open.page.getByRole('button', { name: 'Remove the HDR original' }).click();
    await open.page.getByRole('button', { name: 'Predict the HDR' }).waitFor();
    await open.page.getByRole('button', { name: 'Remove the edit' }).click();
    assert.equal(await open.page.locator('#welcome').isVisible(), true);
    assert.equal(await open.page.locator('#start').isDisabled(), true);
    await open.close();
  });

  it('the edit is shown before there is a result', async () => {
    const open = await setting.open();
    await choosePair(open.page, fixtures);
    await open.page.waitForFunction(() =>
      document.querySelector<HTMLImageElement>('#edit-picture')?.naturalWidth === 640);
    assert.equal(await open.page.locator('#edit-picture').isVisible(), true);
    await open.close();
  });
});

describe('files are looked into before they are sent', () => {
  const kText = new TextEncoder().encode('hello, world');

  it('text by the name of a photograph is none', async () => {
    const open = await setting.open();
    await handOver(open.page, 'drop', [{ name: 'holiday.jpg', bytes: kText }]);
    await open.page.getByText('holiday.jpg is no picture we know').waitFor();
    assert.match(await open.page.getByRole('alert').innerText(), /This file cannot be used here/);
    assert.equal(await open.page.locator('#start').isDisabled(), true);
    await open.close();
  });
  it('and does not keep a good one beside it out', async () => {
    const open = await setting.open();
    await handOver(open.page, 'drop', [{ name: 'notes.txt', bytes: kText }, fixture('edit.jpg')]);
    await open.page.getByText('notes.txt is no picture we know').waitFor();
    assert.equal((await slotsOf(open.page)).img, 'edit.jpg');
    await open.close();
  });
  it('an empty file', async () => {
    const open = await setting.open();
    await handOver(open.page, 'drop', [{ name: 'empty.jpg', bytes: new Uint8Array() }]);
    await open.page.getByText('empty.jpg is empty').waitFor();
    await open.close();
  });
  it('a picture that cannot be an edit, in the edit\'s slot', async () => {
    const open = await setting.open();
    writeFileSync(fixtures.path('light.hdr'), '#?RADIANCE\n');
    await open.page.locator('#img-file').setInputFiles(fixtures.path('light.hdr'));
    await open.page.getByText('light.hdr is Radiance HDR, which cannot be an edit').waitFor();
    await open.close();
  });
  it('the server\'s limits count, each slot has its own', async () => {
    const open = await setting.open(); // limits of 2 and 3 MB
    const bytes = new Uint8Array(2_500_000);
    bytes.set(fixtures.read('original.jpg'));
    writeFileSync(fixtures.path('large.jpg'), bytes);
    await open.page.getByText('up to 2.0 MB').waitFor();
    await open.page.locator('#img-file').setInputFiles(fixtures.path('large.jpg'));
    await open.page.getByText('large.jpg: 2.5 MB, at most 2.0 MB can be sent').waitFor();
    await open.page.locator('#ref-file').setInputFiles(fixtures.path('large.jpg'));
    await open.page.locator('#slot-ref.filled').waitFor();
    assert.equal(await open.page.getByRole('alert').innerText(), '');
    await open.close();
  });
  it('a mask that is no PNG', async () => {
    const open = await setting.open();
    await choosePair(open.page, fixtures);
    await open.page.locator('#options summary').click();
    await open.page.getByLabel('Mask').setInputFiles(fixtures.path('edit.jpg'));
    await open.page.locator('#start').click();
    await open.page.getByText('mask is JPEG, which cannot be a mask').waitFor();
    assert.deepEqual(setting.service.sent, []);
    await open.close();
  });
});

describe('what is sent', () => {
  it('is the files, by the fields\' names, and no option that was left alone', async () => {
    const open = await setting.open();
    await choosePair(open.page, fixtures);
    await open.page.locator('#start').click();
    await waitForResult(open.page);
    const [sent] = setting.service.sent;
    assert.ok(sent);
    assert.deepEqual(sent.words, []);
    assert.deepEqual(Object.keys(sent.files), ['img', 'ref']);
    for (const [field, name] of [['img', 'edit.jpg'], ['ref', 'original.jpg']] as const) {
      assert.equal(sent.files[field]?.name, field);
      assert.deepEqual(Buffer.from(sent.files[field]?.bytes ?? []), Buffer.from(fixtures.read(name)));
    }
    await open.close();
  });

  it('and every option that was chosen', async () => {
    const open = await setting.open();
    const { page } = open;
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.locator('#options summary').click();
    await page.locator('#more-options summary').click();
    await page.getByLabel('File format').selectOption('jpeg'); // the default
    await page.getByLabel('Metadata').selectOption('strip');
    await page.locator('#fields').getByLabel('Boost').fill('2.5');
    await page.getByLabel('Strength').fill('0.5');
    await page.getByLabel('Style').selectOption('acr');
    await page.getByLabel('Guard: bright area').selectOption('Off');
    await page.getByLabel('Guard: smooth').selectOption('50 %');
    await page.getByLabel('Map quality').fill('90');
    await page.getByLabel('Base chroma').selectOption('444');
    await page.getByLabel('Keep ICC').check();
    await page.locator('#start').click();
    await waitForResult(page);
    assert.deepEqual(setting.service.sent[0]?.words.toSorted(), [
      ['base_chroma', '444'], ['boost', '2.5'], ['exif', 'strip'], ['guard', 'bright-area=off'],
      ['guard', 'smooth=0.5'], ['keep_icc', 'true'], ['map_quality', '90'], ['strength', '0.5'],
      ['style', 'acr'],
    ]);
    await open.close();
  });

  it('but nothing of a prediction where an original gives the HDR', async () => {
    const open = await setting.open();
    const { page } = open;
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.locator('#more-options summary').click();
    await page.getByLabel('Style').selectOption('acr');
    await page.locator('#ref-file').setInputFiles(fixtures.path('original.jpg'));
    await page.locator('#slot-ref.filled').waitFor();
    assert.equal(await page.getByLabel('Style').isVisible(), false);
    await page.locator('#options summary').click();
    await page.getByLabel('HDR from').selectOption('predict');
    assert.equal(await page.getByLabel('Style').isVisible(), true);
    await page.getByLabel('HDR from').selectOption('auto');
    await page.locator('#start').click();
    await waitForResult(page);
    assert.deepEqual(setting.service.sent[0]?.words, []);
    await open.close();
  });
});

describe('until the server has said what it takes', () => {
  it('files wait, however they came', async () => {
    const open = await setting.open();
    const { page } = open;
    let tell = (): void => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await page.route('**/openapi.json', async (route) => {
      await told;
      await route.continue();
    });
    await page.reload();
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await handOver(page, 'drop', [fixture('original.jpg')]);
    assert.deepEqual(await slotsOf(page), { img: 'SDR picture', ref: 'Optional, else predicted' });
    assert.equal(await page.locator('#fields select').count(), 0);
    tell();
    await page.locator('#slot-img.filled').waitFor();
    await page.locator('#slot-ref.filled').waitFor();
    assert.deepEqual(await slotsOf(page), kPair);
    assert.equal(await page.locator('#start').isDisabled(), false);
    await open.close();
  });

  for (const [name, answer] of [
    ['nothing is there', errorAnswer(404, 'not_found', 'there is nothing here')],
    ['it is no JSON', { status: 200, type: 'application/json', body: '{' }],
    ['the containers are missing', json({ ...kOpenApi, 'x-formats': [] })],
  ] as const) {
    it(`${name}: the page says so, tries again, and has lost no file`, async () => {
      const open = await setting.open();
      const { page } = open;
      setting.service.answers.set('/openapi.json', answer);
      await page.reload();
      const sentence = page.getByText(kErrorTexts.untold.sentence);
      await sentence.waitFor();
      await handOver(page, 'drop', [fixture('edit.jpg')]);
      const asked = page.waitForResponse('**/openapi.json');
      await page.getByRole('button', { name: 'Try again' }).click();
      await asked;
      await sentence.waitFor();
      setting.service.answers.set('/openapi.json', json(kOpenApi));
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('#slot-img.filled').waitFor();
      assert.equal((await slotsOf(page)).img, 'edit.jpg');
      assert.equal(await page.getByRole('alert').innerText(), '');
      assert.match((await page.locator('#limits').textContent()) ?? '', /up to 2\.0 MB/);
      await page.locator('#options summary').click();
      assert.deepEqual(await page.getByLabel('File format').locator('option').allInnerTexts(),
        ['AVIF', 'HEIC', 'JPEG (Ultra HDR)']);
      await open.close();
    });
  }

  it('file dialogs then show what each slot takes', async () => {
    const open = await setting.open();
    await open.page.getByText('up to 2.0 MB').waitFor();
    const accepted = async (selector: string): Promise<string[]> =>
      ((await open.page.locator(selector).getAttribute('accept')) ?? '').split(',').toSorted();
    const both = ['.avif', '.heic', '.heif', '.jpeg', '.jpg', '.jxl', '.png', '.tif', '.tiff', 'image/*'];
    assert.deepEqual(await accepted('#img-file'), [...both, '.webp'].toSorted());
    const original = [...both, '.exr', '.hdr', '.pfm'].toSorted();
    assert.deepEqual(await accepted('#ref-file'), original);
    assert.deepEqual(await accepted('#browse-files'), original);
    assert.deepEqual(await accepted('input[name=mask]'), ['.png', 'image/png']);
    await open.close();
  });
});

describe('while the server works', () => {
  it('the upload is counted in percent, and Cancel ends it too', async () => {
    const open = await setting.open();
    const { page } = open;
    const bytes = new Uint8Array(1_900_000);
    bytes.set(fixtures.read('edit.jpg'));
    writeFileSync(fixtures.path('padded.jpg'), bytes);
    await page.locator('#img-file').setInputFiles(fixtures.path('padded.jpg'));
    await page.locator('#slot-img.filled').waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.emulateNetworkConditions', {
      offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000,
    });
    await page.locator('#start').click();
    await page.getByText(/^Uploading: [1-9]\d? %$/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('#job').waitFor({ state: 'hidden' });
    assert.equal(await page.getByRole('alert').innerText(), '');
    assert.deepEqual(setting.service.sent, []);
    await session.detach(); // at full speed again
    await open.close();
  });

  it('time is counted against the deadline, and Cancel ends the request', async () => {
    const open = await setting.open();
    const { page } = open;
    const abortedBefore = setting.service.aborted;
    setting.service.onProcess = () => 'never';
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await page.getByText(/^Working: \d+ s of at most 30 s$/).waitFor();
    assert.equal(await page.getByRole('progressbar', { name: 'Progress' }).isVisible(), true);
    assert.equal(await page.locator('#form').evaluate((form) => (form as HTMLElement).inert), true);
    await handOver(page, 'drop', [fixture('original.jpg')]); // not now
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('#job').waitFor({ state: 'hidden' });
    while (setting.service.aborted === abortedBefore) await page.waitForTimeout(10);
    assert.equal(await page.getByRole('alert').innerText(), '');
    assert.deepEqual(await slotsOf(page), kPair);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'start');
    await open.close();
  });
});
