// The stage: views, the divider, looking closely, read-outs, and the HDR picture on an SDR display.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { kPhone } from '../support/browser';
import { makePictures } from '../support/fixtures';
import { upright, withOrientation } from '../support/orientation';
import { resultAnswer } from '../support/results';
import { seenAt } from '../support/seen';
import { setUp } from '../support/setting';
import { makeResult, waitForResult } from '../support/steps';

const setting = setUp();
const { fixtures } = setting;

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
    await page.locator('#more-options summary').click();
    await page.getByLabel('Quality of the gain map').focus();
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
      page.locator('#pane-sdr').evaluate((image) => {
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
    const y = box.y + 0.3 * box.height;
    await page.mouse.move(box.x + box.width - 22, y);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.25 * box.width, y, { steps: 4 });
    await page.mouse.up();
    assert.ok(Math.abs((await cut()) - 0.25) < 0.03, `${await cut()}`);
    await open.close();
  });
});

describe('looking closely', () => {
  /** The picture's place, in the window's pixels. */
  async function place(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await page.locator('#sdr').boundingBox();
    assert.ok(box);
    return box;
  }
  const zoom = (page: Page): Promise<string> => page.locator('#zoom-value').innerText();

  it('the wheel zooms about the pointer, up to 400 %, and back to the whole', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const whole = await place(page);
    const [x, y] = [whole.x + 0.3 * whole.width, whole.y + 0.6 * whole.height];
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -200);
    const near = await place(page);
    assert.ok(near.width > 1.2 * whole.width, `${near.width}`);
    assert.ok(Math.abs((x - near.x) / near.width - 0.3) < 0.005);
    assert.ok(Math.abs((y - near.y) / near.height - 0.6) < 0.005);
    await page.mouse.wheel(0, -5000);
    assert.equal(await zoom(page), '400 %');
    assert.ok(Math.abs((await place(page)).width - 4 * 640) < 1);
    await page.mouse.wheel(0, 9000);
    assert.deepEqual(await place(page), whole);
    await open.close();
  });

  it('buttons, keys and a double click', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const whole = await zoom(page);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    const first = await zoom(page);
    assert.notEqual(first, whole);
    await page.getByRole('button', { name: 'Zoom out' }).click();
    assert.equal(await zoom(page), whole);
    await page.keyboard.press('+');
    assert.equal(await zoom(page), first);
    await page.keyboard.press('-');
    assert.equal(await zoom(page), whole);
    for (let i = 0; i < 9; ++i) await page.keyboard.press('=');
    assert.equal(await zoom(page), '400 %');
    assert.equal(await page.getByRole('button', { name: 'Zoom in' }).isDisabled(), true);
    await page.keyboard.press('0');
    assert.equal(await zoom(page), whole);
    const box = await place(page);
    await page.mouse.dblclick(box.x + 0.2 * box.width, box.y + 0.2 * box.height);
    assert.notEqual(await zoom(page), whole);
    await page.mouse.dblclick(box.x + 0.2 * box.width, box.y + 0.2 * box.height);
    assert.equal(await zoom(page), whole);
    await open.close();
  });

  it('what is large is moved by pointer and arrows, never out of the frame; the divider stays', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    for (let i = 0; i < 9; ++i) await page.keyboard.press('+');
    const frame = await page.locator('#frame').boundingBox();
    assert.ok(frame);
    const before = await place(page);
    const divider = await page.locator('#divider').boundingBox();
    await page.mouse.move(frame.x + 100, frame.y + 100);
    await page.mouse.down();
    await page.mouse.move(frame.x + 160, frame.y + 130, { steps: 3 });
    await page.mouse.up();
    const after = await place(page);
    assert.ok(Math.abs(after.x - before.x - 60) < 1 && Math.abs(after.y - before.y - 30) < 1);
    assert.deepEqual(await page.locator('#divider').boundingBox(), divider);
    assert.equal(await page.locator('#divider').inputValue(), '50');
    await page.locator('#zoom-value').focus();
    await page.keyboard.press('ArrowRight');
    assert.ok((await place(page)).x < after.x);
    for (let i = 0; i < 40; ++i) await page.keyboard.press('Shift+ArrowLeft');
    assert.ok(Math.abs((await place(page)).x - frame.x) < 1);
    for (let i = 0; i < 40; ++i) await page.keyboard.press('Shift+ArrowDown');
    const last = await place(page);
    assert.ok(Math.abs(last.y + last.height - frame.y - frame.height) < 1);
    await open.close();
  });

  it('stays as it is from view to view, and the simulation is sharp there', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    for (let i = 0; i < 9; ++i) await page.keyboard.press('+');
    const box = await place(page);
    for (const [key, layer] of [['2', '#hdr'], ['3', '#map'], ['4', '#simulated']] as const) {
      await page.keyboard.press(key);
      assert.deepEqual(await page.locator(layer).boundingBox(), box, layer);
    }
    await open.close();
  });

  it('a large picture is simulated in its own pixels', async () => {
    const large = makePictures(2600, 1700);
    writeFileSync(fixtures.path('large.json'),
      large.process('large.jpg', '--img', large.path('edit.jpg'), '--ref', large.path('original.jpg')));
    writeFileSync(fixtures.path('large.jpg'), large.read('large.jpg'));
    const open = await setting.open();
    const { page } = open;
    setting.service.onProcess = () => resultAnswer(setting.service, fixtures, 'large');
    await makeResult(page, fixtures);
    assert.equal(await page.locator('#detail').isVisible(), false);
    await page.locator('#zoom-value').click();
    assert.equal(await zoom(page), '100 %');
    await page.locator('#detail').waitFor();
    const frame = await page.locator('#frame').boundingBox();
    const detail = await page.locator('#detail').boundingBox();
    assert.ok(frame && detail);
    const size = await page.locator('#detail').evaluate((canvas) => (canvas as HTMLCanvasElement).width);
    assert.ok(Math.abs(size - detail.width) <= 1, `${size} for ${detail.width}`);
    assert.ok(Math.abs(detail.width - frame.width) < 1 && Math.abs(detail.x - frame.x) < 1);
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.locator('#detail').isVisible(), false); // until all is still
    await page.locator('#detail').waitFor();
    await open.close();
  });

  it('two fingers zoom, one moves', async () => {
    const open = await setting.open({ viewport: kPhone, hasTouch: true });
    const { page } = open;
    await makeResult(page, fixtures);
    await page.locator('#frame').scrollIntoViewIfNeeded();
    const frame = await page.locator('#frame').boundingBox();
    assert.ok(frame);
    const before = await place(page);
    const session = await page.context().newCDPSession(page);
    const [x, y] = [frame.x + 0.25 * frame.width, frame.y + frame.height / 2];
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })) });
    await touch('touchStart', [x - 10, y], [x + 10, y]);
    for (let spread = 12; spread <= 40; spread += 4) await touch('touchMove', [x - spread, y], [x + spread, y]);
    await touch('touchEnd');
    const near = await place(page);
    assert.ok(near.width > 2.5 * before.width, `${near.width} of ${before.width}`);
    await touch('touchStart', [x, y]);
    for (let moved = 5; moved <= 30; moved += 5) await touch('touchMove', [x + moved, y]);
    await touch('touchEnd');
    const after = await place(page);
    assert.ok(after.x > near.x + 15 || after.x >= frame.x - 1, `${near.x}, ${after.x}`);
    await session.detach();
    await open.close();
  });
});

describe('comparing', () => {
  const view = (page: Page): Promise<string | null> => page.locator('#frame').getAttribute('data-view');
  it('the key C shows the other side for as long as it is held', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    for (const [key, own, other] of [['4', 'split', 'sdr'], ['2', 'hdr', 'sdr'], ['1', 'sdr', 'hdr'], ['3', 'map', 'sdr']] as const) {
      await page.keyboard.press(key);
      await page.keyboard.down('c');
      assert.equal(await view(page), other);
      await page.keyboard.up('c');
      assert.equal(await view(page), own);
    }
    await open.close();
  });
  it('and so does the button, by pointer and by keyboard', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const button = page.getByRole('button', { name: 'Compare' });
    await button.hover();
    await page.mouse.down();
    assert.equal(await view(page), 'sdr');
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    await page.mouse.move(5, 5);
    await page.mouse.up();
    assert.equal(await view(page), 'split');
    await button.focus();
    await page.keyboard.down(' ');
    assert.equal(await view(page), 'sdr');
    await page.keyboard.up(' ');
    assert.equal(await view(page), 'split');
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    await open.close();
  });
});

describe('on an SDR display', () => {
  const light = (code: number): number => (code <= 10 ? code / 255 / 12.92 : ((code / 255 + 0.055) / 1.055) ** 2.4);
  /** What is seen of a place of the picture. */
  async function seen(page: Page, [u, v]: readonly [number, number]): Promise<number[]> {
    const box = await page.locator('#sdr').boundingBox();
    assert.ok(box);
    return seenAt(page, box.x + u * box.width, box.y + v * box.height);
  }

  it('the SDR side is as it is; the HDR side is tone-mapped: mid-tones stay, white is rolled off, highlights go on', async () => {
    const open = await setting.open();
    const { page } = open;
    assert.equal(await page.locator('#badge').innerText(), 'SDR display');
    await makeResult(page, fixtures);
    assert.equal(await page.locator('#simulated').isVisible(), true);
    assert.equal(await page.locator('#exposure-row').isVisible(), false);
    assert.equal(await page.locator('#corner-sdr').innerText(), 'SDR');
    assert.equal(await page.locator('#corner-hdr').innerText(), 'HDR, tone-mapped');
    assert.match(await page.locator('#view-note').innerText(), /the HDR side is tone-mapped/);
    await page.keyboard.press('1');
    const [edit = 0] = await seen(page, kDark);
    const [white = 0] = await seen(page, kSun);
    assert.ok(white >= 253);
    await page.keyboard.press('2');
    const [same = 0] = await seen(page, kDark);
    const [sun = 0] = await seen(page, kSun);
    assert.ok(Math.abs(same - edit) <= 2, `${same}, ${edit}`);
    assert.ok(sun >= 253, `${sun}`);
    await open.close();
  });

  it('exposure is a tool: off at first, then both sides through the same one', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.getByRole('checkbox', { name: 'Exposure' }).check();
    // 2.3 stops above white, seen 3 stops darker: 0.7 of a stop below it.
    await page.getByRole('slider', { name: 'Exposure' }).fill('-3');
    assert.equal(await page.locator('#corner-sdr').innerText(), 'SDR −3.0 EV');
    assert.equal(await page.locator('#corner-hdr').innerText(), 'HDR −3.0 EV');
    await page.keyboard.press('2');
    const [hdr = 0] = await seen(page, kSun);
    await page.keyboard.press('1');
    const [sdr = 0] = await seen(page, kSun);
    assert.ok(Math.abs(Math.log2(light(hdr) / (2 ** -3 * (2 ** 2.3 * (65 / 64) - 1 / 64)))) < 0.05, `${hdr}`);
    assert.ok(Math.abs(Math.log2(light(sdr) / 2 ** -3)) < 0.06, `${sdr}`);
    // More exposure, more light; at +4 EV white.
    await page.keyboard.press('2');
    const [before = 0] = await codesAt(page, '#simulated', ...kDark);
    await page.getByRole('slider', { name: 'Exposure' }).fill('4');
    const [after = 0] = await codesAt(page, '#simulated', ...kDark);
    assert.ok(after > before + 50, `${before}, ${after}`);
    assert.deepEqual(await codesAt(page, '#simulated', ...kSun), [255, 255, 255]);
    await page.getByRole('checkbox', { name: 'Exposure' }).uncheck();
    await page.keyboard.press('1');
    assert.ok(((await seen(page, kSun))[0] ?? 0) >= 253);
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
    assert.notEqual(after, before);
    await open.close();
  });

  it('turned off, the page says that both sides look alike, and why', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.getByRole('checkbox', { name: 'Simulate HDR' }).uncheck();
    assert.equal(await page.locator('#simulated').isVisible(), false);
    assert.equal(await page.locator('#expose-row').isVisible(), false);
    assert.equal(await page.locator('#corner-hdr').innerText(), 'HDR');
    assert.equal(await page.locator('#view-note').innerText(),
      'Both sides look alike here: this screen shows no HDR, and simulation is off.');
    await open.close();
  });

  for (const width of [320, 390, 1440]) {
    it(`labels do not overlap at ${width} px`, async () => {
      const open = await setting.open({ viewport: { width, height: 844 } });
      const { page } = open;
      await makeResult(page, fixtures);
      for (const exposed of [false, true]) {
        await page.getByRole('checkbox', { name: 'Exposure' }).setChecked(exposed);
        const [left, right] = await Promise.all(['#corner-sdr', '#corner-hdr'].map((id) => page.locator(id).boundingBox()));
        assert.ok(left && right && left.x + left.width <= right.x, `${JSON.stringify([left, right])}`);
      }
      await open.close();
    });
  }
});

describe('the gain map', () => {
  async function readoutAt(page: Page, [u, v]: readonly [number, number]): Promise<string> {
    const box = await page.locator('#sdr').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + u * box.width, box.y + v * box.height);
    return page.locator('#readout').innerText();
  }

  it('is read under the pointer, in stops', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    await page.keyboard.press('3');
    assert.match(await readoutAt(page, kSun), /^Gain \+2\.(29|30) stops, 2\.3 stops above white/);
    assert.match(await readoutAt(page, kDark), /^Gain 0\.00 stops, \d+\.\d stops below white/);
    await page.keyboard.press('4'); // and in any view
    assert.match(await readoutAt(page, kSun), /^Gain \+2\.(29|30) stops/);
    await page.keyboard.press('3');
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
    assert.match(text, /^Gain \+[12]\.\d\d stops/); // in the glow
    assert.equal(await page.locator('#crosshair').isVisible(), true);
    await page.keyboard.press('4');
    assert.equal(await page.locator('#crosshair').isVisible(), false);
    await open.close();
  });

  it('is light where the gain is, dark where it is not', async () => {
    const open = await setting.open();
    await makeResult(open.page, fixtures);
    await open.page.keyboard.press('3');
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
    assert.match(await page.locator('#readout').innerText(), /^Gain \+(3\.99|4\.00) stops/);
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
      await page.keyboard.press('3');
      const box = await page.locator('#map').boundingBox();
      assert.equal((box?.height ?? 0) > (box?.width ?? 0), orientation > 4);
      const sum = async (selector: string, place: readonly [number, number]): Promise<number> =>
        (await codesAt(page, selector, ...upright(place, orientation))).reduce((a, b) => a + b, 0);
      assert.ok((await sum('#map', kSun)) > 500);
      assert.ok((await sum('#map', kDark)) < 60);
      await page.keyboard.press('2');
      assert.ok((await sum('#simulated', kSun)) > 700);
      assert.ok((await sum('#simulated', kDark)) < 120);
      await open.close();
    });
  }
});
