// A result: views, read-outs, downloads and what is said of it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { upright, withOrientation } from '../support/orientation';
import { kId, resultAnswer } from '../support/results';
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

/** sRGB codes of a canvas in the page, at shares of its width and height. */
function codesAt(page: Page, selector: string, u: number, v: number): Promise<number[]> {
  return page.locator(selector).evaluate(
    (canvas, [x, y]) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
      const context = canvas.getContext('2d');
      const at = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)] as const;
      return [...(context?.getImageData(at[0], at[1], 1, 1).data.slice(0, 3) ?? [])];
    },
    [u, v] as const,
  );
}

const kSun = [0.68, 0.47] as const;
const kGlow = [0.55, 0.4] as const;
const kDark = [0.05, 0.95] as const;

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
    const delivered = await downloaded(page, 'HDR as delivered');
    assert.deepEqual(delivered.bytes, Buffer.from(fixtures.read('result.jpg')));
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

  it('of preview, map and report too, when the server has forgotten them', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    setting.service.answers.clear();
    const preview = await downloaded(page, 'SDR preview');
    assert.equal(preview.name, 'edit_sdr_preview.jpg');
    assert.deepEqual(preview.bytes, Buffer.from(fixtures.read('edit.jpg')));
    const map = await downloaded(page, 'Gain map');
    assert.equal(map.name, 'edit_gainmap.png');
    assert.equal(map.bytes.toString('latin1', 1, 4), 'PNG');
    const report = await downloaded(page, 'Report');
    assert.equal(report.name, 'edit_meta.json');
    assert.equal((JSON.parse(report.bytes.toString()) as { schema: string }).schema, 'hdr-process/meta/1');
    await open.close();
  });
});

describe('views', () => {
  it('keys 1 to 4 choose them, and the picture stays where it is', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const place = await page.locator('#frame').boundingBox();
    for (const [key, view, label] of [
      ['1', 'sdr', 'SDR'], ['2', 'hdr', 'HDR'], ['3', 'map', 'Map'], ['4', 'split', 'Split'],
    ] as const) {
      await page.keyboard.press(key);
      assert.equal(await page.locator('#frame').getAttribute('data-view'), view);
      assert.equal(await page.getByRole('radio', { name: label }).isChecked(), true);
      assert.equal(await page.locator('#map').isVisible(), view === 'map');
      assert.equal(await page.locator('#legend').isVisible(), view === 'map');
      assert.equal(await page.locator('#divider').isVisible(), view === 'split');
      assert.deepEqual(await page.locator('#frame').boundingBox(), place, view);
    }
    await open.close();
  });

  it('digits that are typed into a number are no keys', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.locator('#options summary').click();
    await page.locator('#fields').getByLabel('Boost').focus();
    await page.keyboard.type('1');
    assert.equal(await page.locator('#frame').getAttribute('data-view'), 'split');
    await open.close();
  });

  it('the divider moves by keyboard and by pointer, and cuts there', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    /** Share of the frame's width at which the upper picture ends. */
    const cut = (): Promise<number> =>
      page.locator('#sdr').evaluate((image) => {
        const match = /^inset\(\S+ (.*) \S+ \S+\)$/.exec(getComputedStyle(image).clipPath);
        const probe = document.createElement('div');
        probe.style.setProperty('width', match?.[1] ?? '');
        image.parentElement?.append(probe);
        const share = 1 - probe.getBoundingClientRect().width / image.getBoundingClientRect().width;
        probe.remove();
        return share;
      });
    const middle = await cut();
    assert.ok(Math.abs(middle - 0.5) < 0.01, `${middle}`);
    const divider = page.getByRole('slider', { name: /^Divider/ });
    await divider.focus();
    await page.keyboard.press('ArrowRight');
    assert.ok((await cut()) > middle);
    await page.keyboard.press('Home');
    assert.equal(await divider.inputValue(), '0');
    assert.ok((await cut()) < 0.05);
    await page.keyboard.press('End');
    assert.ok((await cut()) > 0.95);
    assert.match((await divider.getAttribute('aria-valuetext')) ?? '', /100 %/);
    const box = await page.locator('#frame').boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + 0.25 * box.width, box.y + 0.5 * box.height);
    assert.ok(Math.abs((await cut()) - 0.25) < 0.02);
    await open.close();
  });
});

describe('on an SDR display', () => {
  it('the HDR is simulated, both sides through one exposure', async () => {
    const open = await setting.open();
    const { page } = open;
    assert.equal(await page.locator('#badge').innerText(), 'SDR display');
    await makeResult(page, fixtures);
    assert.equal(await page.locator('#simulated').isVisible(), true);
    assert.equal(await page.locator('#exposed').isVisible(), true);
    // 2.3 stops above white, seen 3 stops darker: 0.7 of a stop below it.
    await page.getByRole('slider', { name: 'Exposure' }).fill('-3');
    const [hdr = 0] = await codesAt(page, '#simulated', ...kSun);
    const [sdr = 0] = await codesAt(page, '#exposed', ...kSun);
    const light = (code: number): number => ((code / 255 + 0.055) / 1.055) ** 2.4;
    assert.ok(Math.abs(Math.log2(light(hdr) / (2 ** -3 * (2 ** 2.3 * (65 / 64) - 1 / 64)))) < 0.05, `${hdr}`);
    assert.ok(Math.abs(Math.log2(light(sdr) / 2 ** -3)) < 0.05, `${sdr}`);
    // More exposure, more light; at +4 EV white.
    const [before = 0] = await codesAt(page, '#simulated', ...kDark);
    await page.getByRole('slider', { name: 'Exposure' }).fill('4');
    const [after = 0] = await codesAt(page, '#simulated', ...kDark);
    assert.ok(after > before + 50, `${before}, ${after}`);
    assert.deepEqual(await codesAt(page, '#simulated', ...kSun), [255, 255, 255]);
    assert.match(await page.locator('#corner-hdr').innerText(), /simulated, \+4\.0 EV/);
    await open.close();
  });

  it('boost moves the simulation', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const [before = 0] = await codesAt(page, '#simulated', ...kGlow);
    await page.locator('#boost').fill('6');
    await page.getByText('Download with 6.00 stops').waitFor();
    const [after = 0] = await codesAt(page, '#simulated', ...kGlow);
    assert.ok(after > before, `${before}, ${after}`);
    await open.close();
  });

  it('and can be turned off', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.getByRole('checkbox', { name: 'Simulate HDR' }).uncheck();
    assert.equal(await page.locator('#simulated').isVisible(), false);
    assert.equal(await page.locator('#exposed').isVisible(), false);
    assert.equal(await page.locator('#exposure-row').isVisible(), false);
    assert.equal(await page.locator('#corner-hdr').innerText(), 'HDR');
    await open.close();
  });
});

describe('the gain map', () => {
  async function readoutAt(page: Page, [u, v]: readonly [number, number]): Promise<string> {
    const box = await page.locator('#map').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + u * box.width, box.y + v * box.height);
    return page.locator('#readout').innerText();
  }

  it('is read under the pointer, in stops', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.keyboard.press('3');
    assert.match(await readoutAt(page, kSun), /^\+2\.(29|30) stops, light × 4\.9/);
    assert.match(await readoutAt(page, kDark), /^0\.00 stops, light × 1\.00/);
    assert.equal(await page.locator('#legend-ticks').innerText(), '0.00\n+1.15\n+2.30 stops');
    await open.close();
  });

  it('and by keyboard', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.keyboard.press('3');
    await page.locator('#map').focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await page.locator('#readout').innerText(), /51 % across, 50 % down/);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('ArrowUp');
    const text = await page.locator('#readout').innerText();
    assert.match(text, /61 % across, 49 % down/);
    assert.match(text, /^\+[12]\.\d\d stops/); // in the glow
    assert.equal(await page.locator('#crosshair').isVisible(), true);
    await page.keyboard.press('4');
    assert.equal(await page.locator('#crosshair').isVisible(), false);
    await open.close();
  });

  it('is light where the gain is, dark where it is not', async () => {
    const open = await setting.open();
    await makeResult(open.page, fixtures);
    const sum = (codes: number[]): number => codes.reduce((a, b) => a + b, 0);
    assert.ok(sum(await codesAt(open.page, '#map', ...kSun)) > 650);
    assert.ok(sum(await codesAt(open.page, '#map', ...kDark)) < 60);
    await open.close();
  });

  it('follows the boost: legend and read-out', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.keyboard.press('3');
    await readoutAt(page, kSun);
    await page.locator('#boost').fill('4');
    await page.getByText('Download with 4.00 stops').waitFor();
    assert.match(await page.locator('#readout').innerText(), /^\+(3\.99|4\.00) stops/);
    assert.equal(await page.locator('#legend-ticks').innerText(), '0.00\n+2.00\n+4.00 stops');
    await open.close();
  });
});

describe('a picture that is stored turned', () => {
  for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
    it(`orientation ${orientation}: map and simulation stand upright`, async () => {
      writeFileSync(fixtures.path('turned.jpg'), withOrientation(fixtures.read('edit.jpg'), orientation));
      writeFileSync(
        fixtures.path('turned-result.json'),
        fixtures.process('turned-result.jpg', '--img', fixtures.path('turned.jpg')),
      );
      const open = await setting.open();
      const { page } = open;
      setting.service.onProcess = () => resultAnswer(setting.service, fixtures, 'turned-result');
      await page.locator('#img-file').setInputFiles(fixtures.path('turned.jpg'));
      await page.locator('#start').click();
      await waitForResult(page);
      const size = await page.locator('#hdr').evaluate((image) => {
        const { naturalWidth, naturalHeight } = image as HTMLImageElement;
        return [naturalWidth, naturalHeight];
      });
      assert.deepEqual(size, orientation > 4 ? [480, 640] : [640, 480]);
      const box = await page.locator('#frame').boundingBox();
      assert.equal((box?.height ?? 0) > (box?.width ?? 0), orientation > 4);
      const sum = async (selector: string, place: readonly [number, number]): Promise<number> =>
        (await codesAt(page, selector, ...upright(place, orientation))).reduce((a, b) => a + b, 0);
      assert.ok((await sum('#map', kSun)) > 500);
      assert.ok((await sum('#map', kDark)) < 60);
      assert.ok((await sum('#simulated', kSun)) > 700);
      assert.ok((await sum('#exposed', kDark)) < 90);
      await open.close();
    });
  }
});

describe('what is said of it', () => {
  it('the SDR is untouched, the map the original\'s, and who will see it', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    assert.equal(await page.locator('#verdict').innerText(), 'Your SDR picture is untouched');
    const facts = await page.locator('#facts').innerText();
    assert.match(facts, /HDR of the original, unchanged/);
    assert.match(facts, /24 of 24 checks passed/);
    const first = page.locator('#readers details').first();
    assert.match(await first.innerText(), /Chrome, Edge, Brave\s+✓ HDR/);
    await first.locator('summary').click();
    await first.getByText('MPF leads to an ISO 21496-1 map').waitFor();
    await open.close();
  });

  it('the file that is asked about is the delivered one', async () => {
    const open = await setting.open();
    await makeResult(open.page, fixtures);
    const asked = setting.service.sent.find(({ path }) => path === '/inspect');
    assert.deepEqual(Buffer.from(asked?.files['img']?.bytes ?? []), Buffer.from(fixtures.read('result.jpg')));
    await open.close();
  });

  it('a prediction is called one', async () => {
    const open = await setting.open();
    const { page } = open;
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.getByRole('button', { name: 'Predict the HDR' }).click();
    await waitForResult(page);
    assert.match(await page.locator('#facts').innerText(), /HDR predicted \(phone\)/);
    await open.close();
  });

  it('how it fits the original, in words and in two pictures', async () => {
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
    setting.service.onProcess = () => resultAnswer(setting.service, fixtures, 'fitted');
    await makeResult(page, fixtures);
    const words = await page.locator('#fit-words').innerText();
    assert.match(words, /^Found in the original: the edit shows 36 % of it, turned by 5\.0° counterclockwise\./);
    assert.match(words, /12 % of the edit shows something else than the original; the gain there is predicted\.$/);
    for (const name of ['overlay', 'agreement']) {
      const [width, height] = await page.locator(`#fit-${name}`).evaluate(async (picture: HTMLImageElement) => {
        await picture.decode();
        return [picture.naturalWidth, picture.naturalHeight];
      });
      assert.deepEqual([width, height], [320, 240]);
    }
    await open.close();
  });

  it('nothing of a fit where there was no original', async () => {
    const open = await setting.open();
    const { page } = open;
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.locator('#start').click();
    await waitForResult(page);
    assert.equal(await page.locator('#fit').isVisible(), false);
    await open.close();
  });

  it('an edit that had to be encoded: what was done, and the report\'s warnings', async () => {
    const made = fixtures.process('encoded.jpg', '--img', fixtures.path('scene.png'));
    const answer = JSON.parse(made) as { report: { base: { steps: string[] }; warnings: string[] } };
    assert.ok(answer.report.base.steps.length > 0);
    answer.report.warnings = ['ref: it is smaller than the edit'];
    writeFileSync(fixtures.path('encoded.json'), JSON.stringify(answer));
    const open = await setting.open();
    const { page } = open;
    setting.service.onProcess = () => resultAnswer(setting.service, fixtures, 'encoded');
    await page.locator('#img-file').setInputFiles(fixtures.path('scene.png'));
    await page.locator('#start').click();
    await waitForResult(page);
    assert.equal(await page.locator('#verdict').innerText(), 'Your SDR picture was encoded once');
    const facts = await page.locator('#facts').innerText();
    for (const step of answer.report.base.steps) assert.ok(facts.includes(step), step);
    assert.match(facts, /Note: HDR original: it is smaller than the edit/);
    await open.close();
  });

  it('an HEIC, which the browser cannot boost, is delivered all the same', async () => {
    const pair = ['--img', fixtures.path('edit.jpg'), '--ref', fixtures.path('original.jpg')];
    writeFileSync(fixtures.path('heic.json'), fixtures.process('heic.heic', ...pair, '--format', 'heic'));
    const open = await setting.open();
    const { page } = open;
    setting.service.onProcess = () => resultAnswer(setting.service, fixtures, 'heic', 'heic');
    await choosePair(page, fixtures);
    await page.locator('#start').click();
    await page.locator('#viewer').waitFor();
    assert.equal(await page.locator('#boost-row').isVisible(), false);
    await page.getByText('This browser does not show HEIC. Here is the SDR preview.').waitFor();
    for (const view of ['HDR', 'Map', 'Split']) {
      assert.equal(await page.getByRole('radio', { name: view }).isDisabled(), true, view);
    }
    await page.keyboard.press('2');
    assert.equal(await page.locator('#frame').getAttribute('data-view'), 'sdr');
    assert.equal(await page.locator('#sdr').evaluate((image) => (image as HTMLImageElement).naturalWidth), 640);
    const file = await downloaded(page, 'Download HDR picture');
    assert.equal(file.name, 'edit_hdr.heic');
    assert.deepEqual(file.bytes, Buffer.from(fixtures.read('heic.heic')));
    await open.close();
  });
});

it('an AVIF is shown as it is, without a map of its own', async () => {
  const pair = ['--img', fixtures.path('edit.jpg'), '--ref', fixtures.path('original.jpg')];
  writeFileSync(fixtures.path('avif.json'), fixtures.process('avif.avif', ...pair, '--format', 'avif'));
  const open = await setting.open();
  const { page } = open;
  setting.service.onProcess = () => resultAnswer(setting.service, fixtures, 'avif', 'avif');
  await choosePair(page, fixtures);
  await page.locator('#start').click();
  await waitForResult(page);
  assert.equal(await page.locator('#boost-row').isVisible(), false);
  assert.equal(await page.getByRole('radio', { name: 'Map' }).isDisabled(), true);
  assert.equal(await page.getByRole('radio', { name: 'Split' }).isChecked(), true);
  assert.equal(await page.locator('#view-note').isVisible(), false);
  assert.equal(await page.locator('#simulation').isVisible(), false);
  await open.close();
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
  await page.getByText(/^Working/).waitFor();
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
