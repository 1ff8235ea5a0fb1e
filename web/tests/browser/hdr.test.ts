// Live boost changes what Chromium renders, by the formula; and what an HDR display gets to see.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { canProbe, probe } from '../support/hdr_probe';
import { setUp } from '../support/setting';
import { makeResult } from '../support/steps';

const setting = setUp({ hdrDisplay: true });
const { fixtures } = setting;

/** Light at full gain over a base of 1.0, with offsets 1/64: ISO 21496-1. */
function lit(stops: number): number {
  return (1 + 1 / 64) * 2 ** stops - 1 / 64;
}

function near(actual: number | undefined, wanted: number, stops: number, what: string): void {
  const off = Math.abs(Math.log2((actual ?? 0) / wanted));
  assert.ok(off <= stops, `${what}: ${actual}, ${wanted} is wanted (${off.toFixed(4)} stops off)`);
}

/** Sets the slider, and waits for the picture of that value. */
async function boostTo(page: Page, stops: number): Promise<void> {
  const before = await page.locator('#hdr').getAttribute('src');
  await page.locator('#boost').fill(String(stops));
  await page.waitForFunction((src) => {
    const image = document.querySelector<HTMLImageElement>('#hdr');
    return image !== null && image.src !== src && image.complete;
  }, before);
}

describe('what Chromium renders', () => {
  it('can be probed', async () => {
    const open = await setting.open();
    assert.equal(await canProbe(open.page), true, 'this Chromium has no globalHDRHeadroom');
    await open.close();
  });

  it('is the delivered file\'s HDR, and its base at no headroom', async () => {
    const open = await setting.open();
    await makeResult(open.page, fixtures);
    const [base, half, full] = await probe(open.page, '#hdr', [0, 1, 2.3]);
    near(base?.sun, 1, 0.02, 'sun at no headroom');
    near(half?.sun, lit(1), 0.03, 'sun at 1 stop');
    near(full?.sun, lit(2.3), 0.03, 'sun at full headroom');
    near(full?.dark, base?.dark ?? 0, 0.05, 'what has no gain');
    await open.close();
  });

  it('follows the slider, up and down, without asking the server', async () => {
    const open = await setting.open();
    const { page } = open;
    await makeResult(page, fixtures);
    const [base] = await probe(page, '#hdr', [0]);
    const asked = setting.service.sent.length;
    for (const stops of [4, 0.5, 1.2]) {
      await boostTo(page, stops);
      const [none, enough] = await probe(page, '#hdr', [0, 6]);
      near(none?.sun, base?.sun ?? 0, 0.005, `base at boost ${stops}`);
      near(none?.dark, base?.dark ?? 0, 0.005, `dark base at boost ${stops}`);
      near(enough?.sun, lit(stops), 0.03, `sun at boost ${stops}`);
    }
    assert.equal(setting.service.sent.length, asked);
    await page.getByRole('button', { name: 'As delivered' }).click();
    await page.getByText('Download HDR picture').waitFor();
    const [again] = await probe(page, '#hdr', [6]);
    near(again?.sun, lit(2.3), 0.03, 'sun as delivered');
    await open.close();
  });

  it('is flat for the edit itself', async () => {
    const open = await setting.open();
    await makeResult(open.page, fixtures);
    const seen = await probe(open.page, '#edit-picture', [0, 2, 6]);
    for (const { max } of seen) assert.ok(max < 1.02, `${max}`);
    await open.close();
  });

  it('the SDR side is held to SDR by its style, the HDR side is not', async () => {
    const open = await setting.open();
    await makeResult(open.page, fixtures);
    const limit = (selector: string): Promise<string> =>
      open.page.locator(selector).evaluate((e) => getComputedStyle(e).getPropertyValue('dynamic-range-limit'));
    assert.equal(await limit('#sdr'), 'standard');
    assert.equal(await limit('#hdr'), 'no-limit');
    assert.equal(
      await open.page.locator('#sdr').getAttribute('src'),
      await open.page.locator('#hdr').getAttribute('src'),
    );
    await open.close();
  });
});

it('on an HDR display nothing is simulated', async () => {
  const open = await setting.open();
  const { page } = open;
  assert.equal(await page.locator('#badge').innerText(), 'HDR display');
  await makeResult(page, fixtures);
  for (const key of ['1', '2', '3', '4']) {
    await page.keyboard.press(key);
    for (const part of ['#simulation', '#simulated', '#exposure-row']) {
      assert.equal(await page.locator(part).isVisible(), false, `${part} in view ${key}`);
    }
  }
  assert.equal(await page.locator('#corner-hdr').innerText(), 'HDR');
  mkdirSync('build/web-tests/screenshots', { recursive: true });
  await page.screenshot({ path: 'build/web-tests/screenshots/result-hdr-display.png' });
  await open.close();
});
