// A result: what can be wished of it, downloads, and what is said of it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { kErrorTexts } from '../../src/service/errors';
import { kId, resultAnswer } from '../support/results';
import { errorAnswer, type Canned } from '../support/service';
import { setUp } from '../support/setting';
import { choosePair, makeResult, waitForResult } from '../support/steps';

const setting = setUp();
const { fixtures } = setting;

async function downloaded(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe('downloads', () => {
  it('untouched, the HDR picture is the server\'s, byte for byte', async () => {
    const open = await setting.open();
    await makeResult(open.page, fixtures);
    const file = await downloaded(open.page, 'Download HDR picture');
    assert.equal(file.name, 'edit_hdr.jpg');
    assert.deepEqual(file.bytes, Buffer.from(fixtures.read('result.jpg')));
    await open.close();
  });

  it('boosted, it is what the program writes with --boost', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.locator('#boost').focus();
    for (const [key, stops] of [['End', '6'], ['Home', '0.1']] as const) {
      await page.keyboard.press(key);
      const shown = `Download with ${Number(stops).toFixed(2)} stops`;
      await page.getByText(shown).waitFor();
      const file = await downloaded(page, shown);
      fixtures.process(
        'want.jpg', '--img', fixtures.path('edit.jpg'), '--ref', fixtures.path('original.jpg'), '--boost', stops,
      );
      assert.equal(file.name, `edit_hdr_${Number(stops).toFixed(2)}.jpg`);
      assert.deepEqual(file.bytes, Buffer.from(fixtures.read('want.jpg')), `${stops} stops`);
      await page.locator('#boost').focus();
    }
    await open.close();
  });

  it('after the way back, the server\'s again', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.locator('#boost').fill('4');
    await page.getByText('Download with 4.00 stops').waitFor();
    await page.getByRole('button', { name: 'As delivered' }).click();
    const file = await downloaded(page, 'Download HDR picture');
    assert.deepEqual(file.bytes, Buffer.from(fixtures.read('result.jpg')));
    assert.equal(await page.locator('#boost').inputValue(), '2.3');
    await open.close();
  });

  it('weakened, it is what the program writes with --strength, after a boost too', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const pair = ['--img', fixtures.path('edit.jpg'), '--ref', fixtures.path('original.jpg')];
    await page.locator('#strength').fill('0.5');
    await page.locator('#strength-value').getByText('50 %').waitFor();
    const weaker = await downloaded(page, 'Download with 1.15 stops');
    assert.equal(weaker.name, 'edit_hdr_50pc.jpg');
    fixtures.process('want.jpg', ...pair, '--strength', '0.5');
    assert.deepEqual(weaker.bytes, Buffer.from(fixtures.read('want.jpg')));
    await page.locator('#boost').fill('4');
    const both = await downloaded(page, 'Download with 2.00 stops');
    assert.equal(both.name, 'edit_hdr_4.00_50pc.jpg');
    fixtures.process('want.jpg', ...pair, '--boost', '4', '--strength', '0.5');
    assert.deepEqual(both.bytes, Buffer.from(fixtures.read('want.jpg')));
    assert.match(await page.locator('#boost-note').innerText(), /up to 4\.0 × white/);
    await open.close();
  });

  it('of preview, map and report: the server\'s, for as long as it has them', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.locator('#details > summary').click();
    const preview = await downloaded(page, 'SDR preview');
    assert.equal(preview.name, 'edit_sdr_preview.jpg');
    assert.deepEqual(preview.bytes, Buffer.from(fixtures.read('edit.jpg')));
    const map = await downloaded(page, 'Gain map');
    assert.equal(map.name, 'edit_gainmap.png');
    assert.equal(map.bytes.toString('latin1', 1, 4), 'PNG');
    const report = await downloaded(page, 'Report');
    assert.equal(report.name, 'edit_meta.json');
    assert.equal((JSON.parse(report.bytes.toString()) as { schema: string }).schema, 'hdr-process/meta/1');
    setting.service.answers.clear();
    await page.getByRole('link', { name: 'Report', exact: true }).click();
    await page.getByText(kErrorTexts.not_found.sentence).waitFor();
    // The picture itself is here.
    const file = await downloaded(page, 'Download HDR picture');
    assert.deepEqual(file.bytes, Buffer.from(fixtures.read('result.jpg')));
    await open.close();
  });
});

/** What the program writes of the pair in this format, as the service would answer with it. */
function madeIn(format: string, id: string, ...args: string[]): Canned {
  const pair = ['--img', fixtures.path('edit.jpg'), '--ref', fixtures.path('original.jpg')];
  writeFileSync(fixtures.path(`${format}.json`), fixtures.process(`${format}.${format}`, ...pair, ...args, '--format', format));
  return resultAnswer(setting.service, fixtures, format, format, id);
}
const kOtherId = 'fedcba9876543210fedcba9876543210';

describe('another format', () => {
  it('is made from what the server has kept, without another upload', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    setting.service.onAgain = () => madeIn('heic', kOtherId);
    await page.locator('#result').getByLabel('File format').selectOption('heic');
    const file = await downloaded(page, 'Download HDR HEIC');
    assert.equal(file.name, 'edit_hdr.heic');
    assert.deepEqual(file.bytes, Buffer.from(fixtures.read('heic.heic')));
    const [, again] = setting.service.sent;
    assert.equal(again?.path, `/result/${kId}`);
    assert.deepEqual([again?.words, Object.keys(again?.files ?? {})], [[['format', 'heic']], []]);
    assert.equal(await page.locator('#simulated').isVisible(), true); // the picture is still the same one
    await page.locator('#result').getByLabel('File format').selectOption('jpeg');
    const jpeg = await downloaded(page, 'Download HDR picture');
    assert.deepEqual(jpeg.bytes, Buffer.from(fixtures.read('result.jpg')));
    assert.equal(setting.service.sent.length, 2);
    await open.close();
  });

  it('with boost and strength once they rest', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    setting.service.onAgain = () => madeIn('avif', kOtherId);
    await page.locator('#result').getByLabel('File format').selectOption('avif');
    await page.locator('#boost').fill('3');
    await page.locator('#boost').fill('4');
    await page.locator('#strength').fill('0.5');
    await page.getByRole('link', { name: 'Download with 2.00 stops' }).waitFor();
    const asked = setting.service.sent.slice(1);
    assert.deepEqual(asked.map(({ words }) => words), [[['format', 'avif'], ['boost', '4'], ['strength', '0.5']]]);
    await open.close();
  });

  it('from the files that the page holds where the server has not kept enough', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const well = setting.service.onProcess;
    setting.service.onProcess = (sent) =>
      sent.words.length === 0 ? well(sent) : madeIn('avif', kOtherId);
    await page.locator('#result').getByLabel('File format').selectOption('avif');
    await page.getByRole('link', { name: 'Download HDR AVIF' }).waitFor();
    const sent = setting.service.sent.at(-1);
    assert.equal(sent?.path, '/process');
    assert.deepEqual([sent?.words, Object.keys(sent?.files ?? {})], [[['format', 'avif']], ['img', 'ref']]);
    await open.close();
  });

  it('can be cancelled, and failed: what was there is there again', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    setting.service.onAgain = () => 'never';
    const format = page.locator('#result').getByLabel('File format');
    await format.selectOption('heic');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('#job').waitFor({ state: 'hidden' });
    assert.equal(await format.inputValue(), 'jpeg');
    await downloaded(page, 'Download HDR picture');
    setting.service.onAgain = () => errorAnswer(422, 'export_failed', 'x265 is not there');
    await format.selectOption('heic');
    await page.getByText(kErrorTexts.export_failed.sentence).waitFor();
    assert.equal(await format.inputValue(), 'jpeg');
    const file = await downloaded(page, 'Download HDR picture');
    assert.deepEqual(file.bytes, Buffer.from(fixtures.read('result.jpg')));
    await open.close();
  });
});

it('another style of a prediction makes another map, and the way back is at hand', async () => {
  const edit = ['--img', fixtures.path('edit.jpg')];
  writeFileSync(fixtures.path('shining.json'), fixtures.process('shining.jpg', ...edit, '--style', 'highlights'));
  const open = await setting.open();
  const { page } = open;
  await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
  await page.locator('#start').click();
  await waitForResult(page);
  const before = await page.locator('#boost-value').innerText();
  const style = page.locator('#result').getByLabel('Style');
  assert.equal(await style.inputValue(), 'phone');
  setting.service.onAgain = () => resultAnswer(setting.service, fixtures, 'shining', 'jpg', kOtherId);
  await style.selectOption('highlights');
  await page.waitForFunction((text) => document.querySelector('#boost-value')?.textContent !== text, before);
  const file = await downloaded(page, 'Download HDR picture');
  assert.deepEqual(file.bytes, Buffer.from(fixtures.read('shining.jpg')));
  assert.deepEqual(setting.service.sent[1]?.words, [['format', 'jpeg'], ['style', 'highlights']]);
  await style.selectOption('phone');
  await page.waitForFunction((text) => document.querySelector('#boost-value')?.textContent === text, before);
  const again = await downloaded(page, 'Download HDR picture');
  assert.deepEqual(again.bytes, Buffer.from(fixtures.read('predicted.jpg')));
  assert.equal(setting.service.sent.length, 2);
  await page.getByRole('button', { name: 'Start over' }).click();
  while (setting.service.deleted.length < 2) await page.waitForTimeout(10);
  assert.deepEqual(setting.service.deleted.toSorted(), [kId, kOtherId].map((id) => `/result/${id}`).toSorted());
  await open.close();
});

describe('what is said of it', () => {
  it('the SDR is untouched, the map the original\'s, and who will see it', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    assert.equal(await page.locator('#verdict').innerText(), 'The pixels of your edit are untouched, byte for byte.');
    await page.locator('#details > summary').click();
    const facts = await page.locator('#facts').innerText();
    assert.match(facts, /HDR of the original, unchanged/);
    assert.match(facts, /24 of 24 checks passed/);
    const first = page.locator('#readers details').first();
    assert.match(await first.innerText(), /Chrome, Edge, Brave\s+✓ HDR/);
    await first.locator('summary').click();
    await first.getByText('MPF leads to an ISO 21496-1 map').waitFor();
    await open.close();
  });

  it('a prediction is called one', async () => {
    const open = await setting.open();
    const { page } = open;
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.getByRole('button', { name: 'Predict the HDR' }).click();
    await waitForResult(page);
    await page.locator('#details > summary').click();
    assert.match(await page.locator('#facts').innerText(), /HDR predicted \(phone\)/);
    await open.close();
  });

  it('how it fits the original, in words and in two views', async () => {
    const answer = JSON.parse(new TextDecoder().decode(fixtures.read('result.json'))) as {
      report: { alignment?: unknown; edited?: unknown };
    };
    const [cos, sin] = [0.6 * Math.cos(Math.PI / 36), 0.6 * Math.sin(Math.PI / 36)];
    const aspect = 640 / 480;
    const [a, b, d, e] = [cos, -sin / aspect, sin * aspect, cos];
    answer.report.alignment = {
      to_reference: [a, b, 0.5 - (a + b) / 2, d, e, 0.5 - (d + e) / 2, 0, 0, 1], overlap: 1,
    };
    answer.report.edited = { share: 0.12, fill: 'predict' };
    writeFileSync(fixtures.path('fitted.json'), JSON.stringify(answer));
    writeFileSync(fixtures.path('fitted.jpg'), fixtures.read('result.jpg'));
    const open = await setting.open();
    const { page } = open;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    setting.service.onProcess = () => resultAnswer(setting.service, fixtures, 'fitted');
    await makeResult(page, fixtures);
    await page.locator('#details > summary').click();
    const words = await page.locator('#facts').innerText();
    assert.match(words, /Found in the original: the edit shows 36 % of it, turned by 5\.0° counterclockwise\./);
    assert.match(words, /12 % of the edit shows something else than the original; the gain there is predicted\./);
    assert.equal(asked.some((url) => /overlay|agreement/.test(url)), false);
    for (const [key, label, id] of [['5', 'Fit', '#fit-overlay'], ['6', 'Kept', '#fit-agreement']] as const) {
      await page.keyboard.press(key);
      assert.equal(await page.getByRole('radio', { name: label }).isChecked(), true);
      const [width, height] = await page.locator(id).evaluate(async (picture: HTMLImageElement) => {
        await picture.decode();
        return [picture.naturalWidth, picture.naturalHeight];
      });
      assert.deepEqual([width, height], [320, 240]);
      const [view, sdr] = await Promise.all([page.locator(id).boundingBox(), page.locator('#sdr').boundingBox()]);
      assert.deepEqual(view, sdr);
      assert.equal(await page.locator(id).isVisible(), true);
      assert.match(await page.locator('#view-note').innerText(), /grey where they coincide|gain is kept/);
    }
    await open.close();
  });

  it('no views of a fit where nothing differs, or there was no original', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    for (const label of ['Fit', 'Kept']) {
      assert.equal(await page.getByText(label, { exact: false }).and(page.locator('#views span')).isVisible(), false, label);
    }
    await page.keyboard.press('5');
    assert.equal(await page.locator('#frame').getAttribute('data-view'), 'split');
    await open.close();
  });

  it('an edit that had to be encoded: what was done, and the report\'s warnings', async () => {
    const made = fixtures.process('encoded.jpg', '--img', fixtures.path('scene.png'));
    const answer = JSON.parse(made) as { report: { base: { steps: string[] }; warnings: string[] } };
    assert.ok(answer.report.base.steps.length > 0);
    answer.report.warnings = ['ref: MPF entry 0: odd size', 'the mask was not used'];
    writeFileSync(fixtures.path('encoded.json'), JSON.stringify(answer));
    const open = await setting.open();
    const { page } = open;
    setting.service.onProcess = () => resultAnswer(setting.service, fixtures, 'encoded');
    await page.locator('#img-file').setInputFiles(fixtures.path('scene.png'));
    await page.locator('#start').click();
    await waitForResult(page);
    assert.equal(await page.locator('#verdict').innerText(), 'Your edit was encoded once.');
    await page.locator('#details > summary').click();
    const facts = await page.locator('#facts').innerText();
    for (const step of answer.report.base.steps) assert.ok(facts.includes(step), step);
    assert.match(facts, /Note: HDR original: MPF entry 0: odd size/);
    assert.equal(await page.locator('#details > summary').innerText(), 'Details, 1 note');
    assert.equal(await page.locator('#warnings').innerText(), 'Note: the mask was not used');
    await open.close();
  });

  it('a HEIC, which this browser does not show: its preview with the map, and the file when it is asked for', async () => {
    const open = await setting.open();
    const { page } = open;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    setting.service.onProcess = () => madeIn('heic', kId);
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await waitForResult(page);
    await page.keyboard.press('1');
    await page.getByText('This browser does not show HEIC: here is the SDR preview, with the same gain map.').waitFor();
    await page.keyboard.press('4');
    assert.equal(await page.locator('#simulated').isVisible(), true);
    assert.equal(await page.locator('#boost-value').innerText(), '2.30 stops');
    assert.equal(asked.some((url) => url.endsWith('/hdr')), false);
    const file = await downloaded(page, 'Download HDR HEIC');
    assert.equal(file.name, 'edit_hdr.heic');
    assert.deepEqual(file.bytes, Buffer.from(fixtures.read('heic.heic')));
    await open.close();
  });

  it('an AVIF is shown as it is, with the map beside it', async () => {
    const open = await setting.open();
    const { page } = open;
    setting.service.onProcess = () => madeIn('avif', kId);
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await waitForResult(page);
    assert.equal(await page.getByRole('radio', { name: 'Split' }).isChecked(), true);
    assert.equal(await page.locator('#simulated').isVisible(), true);
    const file = await downloaded(page, 'Download HDR AVIF');
    assert.deepEqual(file.bytes, Buffer.from(fixtures.read('avif.avif')));
    await open.close();
  });
});

it('another one takes the place of the first, which the server forgets', async () => {
  const open = await setting.open();
  const { page } = open;
  await makeResult(page, fixtures);
  await page.locator('#boost').fill('4');
  await page.getByText('Download with 4.00 stops').waitFor();
  const well = setting.service.onProcess;
  setting.service.onProcess = () => 'never';
  await page.locator('#start').click();
  await page.locator('#job').waitFor();
  assert.equal(await page.locator('#result').isVisible(), false);
  assert.equal(await page.locator('#edit').isVisible(), true);
  assert.deepEqual(setting.service.deleted, [`/result/${kId}`]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  setting.service.onProcess = well;
  await page.locator('#start').click();
  await waitForResult(page);
  assert.equal(await page.locator('#boost-value').innerText(), '2.30 stops');
  const file = await downloaded(page, 'Download HDR picture');
  assert.deepEqual(file.bytes, Buffer.from(fixtures.read('result.jpg')));
  await open.close();
});

it('Start over forgets it, here and on the server', async () => {
  const open = await setting.open();
  const { page } = open;
  await makeResult(page, fixtures);
  await page.getByRole('button', { name: 'Start over' }).click();
  assert.equal(await page.locator('#welcome').isVisible(), true);
  assert.equal(await page.locator('#result').isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'browse');
  while (setting.service.deleted.length === 0) await page.waitForTimeout(10);
  assert.deepEqual(setting.service.deleted, [`/result/${kId}`]);
  await open.close();
});

it('where the browser can share files, the very file is shared', async () => {
  const open = await setting.open();
  const { page } = open;
  assert.equal(await page.evaluate(() => 'canShare' in navigator), false); // Chromium on Linux
  await page.evaluate(() => {
    Object.assign(navigator, {
      canShare: ({ files }: ShareData) => files?.length === 1 && files[0]?.type === 'image/jpeg',
      share: async ({ files }: ShareData) => Object.assign(globalThis, { shared: files }),
    });
  });
  await makeResult(page, fixtures);
  assert.equal(await page.getByRole('button', { name: 'Copy' }).isVisible(), false); // no JPEG on this clipboard
  await page.getByRole('button', { name: 'Share' }).click();
  const [name, bytes] = await page.evaluate(async () => {
    const [file] = (globalThis as unknown as { shared: File[] }).shared;
    return [file?.name, [...new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer())]] as const;
  });
  assert.equal(name, 'edit_hdr.jpg');
  assert.deepEqual(Buffer.from(bytes), Buffer.from(fixtures.read('result.jpg')));
  await open.close();
});

it('what comes in later leaves the result until another one is made', async () => {
  const open = await setting.open();
  const { page } = open;
  await makeResult(page, fixtures);
  await page.locator('#ref-remove').click();
  await page.locator('#img-file').setInputFiles(fixtures.path('original.jpg'));
  await page.getByText('takes the place of “edit.jpg”').waitFor();
  assert.equal(await page.locator('#result').isVisible(), true);
  assert.deepEqual(setting.service.deleted, []);
  const file = await downloaded(page, 'Download HDR picture');
  assert.deepEqual(file.bytes, Buffer.from(fixtures.read('result.jpg')));
  await open.close();
});
