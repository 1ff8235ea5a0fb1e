// Files into the slots, and what is sent of them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { kErrorTexts } from '../../src/service/errors';
import { makePictures } from '../support/fixtures';
import { withXmpOf } from '../support/stale';
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
    assert.match(await open.page.locator('#img-kind').innerText(), /brings HDR of its own/);
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

describe('each picture has its place', () => {
  /** The edit, that still has all the words of the original's XMP. */
  const stale = (): { name: string; bytes: Uint8Array } => ({ name: 'edit.jpg', bytes: fixtures.read('stale.jpg') });
  before(() => {
    writeFileSync(fixtures.path('reduced.jpg'), makePictures(320, 240).read('original.jpg'));
    writeFileSync(fixtures.path('stale.jpg'), withXmpOf(fixtures.read('edit.jpg'), fixtures.read('original.jpg')));
  });

  for (const how of ['drop', 'paste'] as const) {
    for (const first of ['edit', 'original'] as const) {
      it(`an edit with a stale claim and its original by ${how}, the ${first} first`, async () => {
        const open = await setting.open();
        const files = [stale(), fixture('original.jpg')];
        await handOver(open.page, how, first === 'edit' ? files : files.toReversed());
        await open.page.locator('#slot-ref.filled').waitFor();
        assert.deepEqual(await slotsOf(open.page), kPair);
        assert.doesNotMatch(await open.page.locator('#img-kind').innerText(), /HDR/);
        assert.match(await open.page.locator('#placing').innerText(), /“original\.jpg” is the original: it holds HDR\./);
        await open.close();
      });
    }
  }

  it('the card that one is dropped on counts, whatever the file holds', async () => {
    const open = await setting.open();
    const { page } = open;
    await handOver(page, 'drop', [fixture('original.jpg')], '#slot-img');
    await page.locator('#slot-img.filled').waitFor();
    await handOver(page, 'drop', [stale()], '#slot-ref');
    await page.locator('#slot-ref.filled').waitFor();
    assert.deepEqual(await slotsOf(page), { img: 'original.jpg', ref: 'edit.jpg' });
    await open.close();
  });

  it('and the one that is on its card stays there when the other is dropped anywhere', async () => {
    const open = await setting.open();
    const { page } = open;
    await handOver(page, 'drop', [fixture('original.jpg')], '#slot-img');
    await page.locator('#slot-img.filled').waitFor();
    await handOver(page, 'drop', [stale()]);
    await page.locator('#slot-ref.filled').waitFor();
    assert.deepEqual(await slotsOf(page), { img: 'original.jpg', ref: 'edit.jpg' });
    await open.close();
  });

  it('a third one takes a place, and the page says whose', async () => {
    const open = await setting.open();
    const { page } = open;
    await choosePair(page, fixtures);
    await handOver(page, 'drop', [{ name: 'other.jpg', bytes: fixtures.read('edit.jpg') }]);
    await page.getByText('“other.jpg” takes the place of “edit.jpg” as the edit.').waitFor();
    assert.deepEqual(await slotsOf(page), { img: 'other.jpg', ref: 'original.jpg' });
    await open.close();
  });

  it('where nothing tells two apart the page asks, and does not start before', async () => {
    const open = await setting.open();
    const { page } = open;
    await handOver(page, 'drop', [fixture('original.jpg'), { name: 'exported.jpg', bytes: fixtures.read('original.jpg') }]);
    await page.getByText('Which one is your edit?').waitFor();
    await page.getByText('Both hold HDR, and they are equally large.').waitFor();
    assert.equal(await page.locator('#start').isDisabled(), true);
    await page.getByRole('button', { name: 'exported.jpg', exact: true }).click();
    assert.deepEqual(await slotsOf(page), { img: 'exported.jpg', ref: 'original.jpg' });
    assert.equal(await page.locator('#which').isVisible(), false);
    assert.equal(await page.locator('#start').isDisabled(), false);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'start');
    await open.close();
  });

  it('the larger of two equals is the original', async () => {
    const open = await setting.open();
    const { page } = open;
    await handOver(page, 'drop', [fixture('original.jpg'), fixture('reduced.jpg')]);
    await page.getByText('Both hold HDR; “original.jpg” has more pixels, so it is taken for the original.').waitFor();
    assert.deepEqual(await slotsOf(page), { img: 'reduced.jpg', ref: 'original.jpg' });
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
    const form = page.locator('#form');
    await form.getByLabel('File format').selectOption('jpeg'); // the default
    await form.getByLabel('Metadata').selectOption('strip');
    await form.getByLabel('Style').selectOption('acr');
    await form.getByRole('checkbox', { name: 'Bright area' }).uncheck();
    await form.getByRole('checkbox', { name: 'Smooth' }).check();
    await form.getByLabel('Quality of the gain map').fill('90');
    await form.getByLabel('Colour resolution').selectOption('444');
    await form.getByLabel('Keep the colour profile').check();
    await page.locator('#start').click();
    await waitForResult(page);
    assert.deepEqual(setting.service.sent[0]?.words.toSorted(), [
      ['base_chroma', '444'], ['exif', 'strip'], ['guard', 'bright-area=off'], ['guard', 'smooth=on'],
      ['keep_icc', 'true'], ['map_quality', '90'], ['style', 'acr'],
    ]);
    await open.close();
  });

  it('guards say in a sentence what they do, and are on where the server has them on', async () => {
    const open = await setting.open();
    const { page } = open;
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.locator('#options summary').click();
    assert.deepEqual(await page.locator('#guards .guard').allInnerTexts(), [
      'Smooth\n\nEvens the gain out along the picture.',
      'Highlight cap\n\nKeeps the brightest places within what phones do.',
      'Bright area\n\nKeeps a picture from being lifted as a whole.',
    ]);
    assert.deepEqual(await page.locator('#guards input').evaluateAll((inputs) =>
      inputs.map((input) => (input as HTMLInputElement).checked)), [false, true, true]);
    await page.locator('#ref-file').setInputFiles(fixtures.path('original.jpg'));
    await page.locator('#slot-ref.filled').waitFor();
    assert.equal(await page.locator('#guards').isVisible(), false);
    await open.close();
  });

  it('but nothing of a prediction where an original gives the HDR', async () => {
    const open = await setting.open();
    const { page } = open;
    const style = page.locator('#form').getByLabel('Style');
    assert.equal(await style.isVisible(), false); // nothing to be made yet
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await style.selectOption('acr');
    await page.locator('#ref-file').setInputFiles(fixtures.path('original.jpg'));
    await page.locator('#slot-ref.filled').waitFor();
    assert.equal(await style.isVisible(), false);
    await page.locator('#options summary').click();
    await page.getByLabel('HDR from').selectOption('predict');
    assert.equal(await style.isVisible(), true);
    await page.getByLabel('HDR from').selectOption('auto');
    await page.locator('#start').click();
    await waitForResult(page);
    assert.deepEqual(setting.service.sent[0]?.words, []);
    await open.close();
  });

  it('an edit that brings its own HDR is no prediction', async () => {
    const open = await setting.open();
    const { page } = open;
    await page.locator('#img-file').setInputFiles(fixtures.path('original.jpg'));
    await page.locator('#slot-img.filled').waitFor();
    assert.match(await page.locator('#img-kind').innerText(), /brings HDR of its own/);
    assert.equal(await page.locator('#start').innerText(), 'Put the HDR back');
    assert.equal(await page.locator('#form').getByLabel('Style').isVisible(), false);
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
      assert.deepEqual(await page.locator('#form').getByLabel('File format').locator('option').allInnerTexts(),
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
