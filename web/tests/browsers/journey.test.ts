// A user's way through the page on its own service, in browsers that are not Chromium: from two pictures to the
// program's own file. Of the page it knows what its ids promise, and what can be seen.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { kControl, kWindow, until, type Driven } from '../support/driven';
import { startFirefox } from '../support/firefox';
import { sharedFixtures } from '../support/fixtures';
import { encoded, handOverInPage } from '../support/hand_over';
import { startRealService, type RealService } from '../support/real_service';
import { startWebKit } from '../support/webkit';

const kScreenshots = 'build/web-tests/screenshots';
/** MiniBrowser's window gets no narrower than 447. */
const kPhone = { width: 390, height: 844 };
const kPair = ['edit.jpg', 'original.jpg'];
const fixtures = sharedFixtures();
const edit = fixtures.path('edit.jpg');
const original = fixtures.path('original.jpg');
let service: RealService;

before(async () => {
  mkdirSync(kScreenshots, { recursive: true });
  service = await startRealService();
});
after(async () => {
  const end = await service?.stop();
  assert.deepEqual(end, { status: 0, left: [] });
});

const isThere = (browser: Driven, selector: string): Promise<boolean> =>
  browser.evaluate((which) => {
    const found = document.querySelector(which);
    return found !== null && found.getClientRects().length > 0;
  }, selector);

const seen = (browser: Driven, selector: string): Promise<boolean> =>
  until(selector, () => isThere(browser, selector));

const areShown = (browser: Driven, ...ids: string[]): Promise<boolean> =>
  until(`pictures ${ids.join()}`, () =>
    browser.evaluate((names) => names.every((id) => {
      const image = document.getElementById(id);
      return image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0;
    }), ids));

async function filled(browser: Driven): Promise<void> {
  await seen(browser, '#slot-img.filled');
  await seen(browser, '#slot-ref.filled');
}

async function resultShown(browser: Driven): Promise<void> {
  await seen(browser, '#result');
  await areShown(browser, 'sdr', 'hdr');
  await seen(browser, '#download');
}

/** What it looks like once that stays so. */
async function settled(browser: Driven): Promise<Buffer> {
  let last = await browser.screenshot();
  return until('a page that stays as it is', async () => {
    const before = last;
    last = await browser.screenshot();
    return last.equals(before) && last;
  });
}

const changedFrom = (browser: Driven, before: Buffer): Promise<Buffer> =>
  until('another picture of the page', async () => {
    const now = await settled(browser);
    return !now.equals(before) && now;
  });

const boostAndLink = (browser: Driven): Promise<(string | undefined)[]> =>
  browser.evaluate(() => [
    document.querySelector('#boost-value')?.textContent ?? undefined,
    document.querySelector<HTMLAnchorElement>('#download')?.href,
  ]);

function journey(stem: string, start: () => Promise<Driven>): void {
  describe(stem, () => {
    let browser: Driven;
    const keep = (name: string, picture: Buffer): void =>
      writeFileSync(`${kScreenshots}/${stem}-${name}.png`, picture);
    const open = async (): Promise<void> => {
      await browser.goto(service.url);
      await seen(browser, '#start');
    };
    before(async () => {
      browser = await start();
    });
    after(() => browser?.close());

    it('puts the HDR back: the download is the program\'s file', async (t) => {
      t.diagnostic(browser.name);
      await open();
      keep('empty', await settled(browser));
      await browser.setFiles('#img-file', [edit]);
      await browser.setFiles('#ref-file', [original]);
      await filled(browser);
      await browser.click('#start');
      await resultShown(browser);
      keep('result', await settled(browser));
      assert.deepEqual(await browser.download('#download'), Buffer.from(fixtures.read('result.jpg')));

      await browser.resize(kPhone);
      keep('phone', await settled(browser));
      assert.equal(await browser.evaluate(() => {
        const root = document.documentElement;
        return root.scrollWidth - root.clientWidth;
      }), 0);
      await browser.resize(kWindow);

      let picture = await settled(browser);
      for (const [key, name] of [['1', 'sdr'], ['2', 'hdr'], ['3', 'map']] as const) {
        await browser.keys(key);
        picture = await changedFrom(browser, picture);
        keep(name, picture);
      }

      const was = await boostAndLink(browser);
      const boost = await browser.evaluate(() => {
        const slider = document.querySelector<HTMLInputElement>('#boost')!;
        slider.value = slider.max;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        return slider.value;
      });
      await until('another boost and its file', async () =>
        (await boostAndLink(browser)).every((now, i) => now !== was[i]));
      fixtures.process(`${stem}-boosted.jpg`, '--img', edit, '--ref', original, '--boost', boost);
      assert.deepEqual(await browser.download('#download'), Buffer.from(fixtures.read(`${stem}-boosted.jpg`)));
      assert.deepEqual(await browser.complaints(), []);
    });

    it('takes two pictures that are dropped, and one that is pasted', async () => {
      await open();
      const files = kPair.map((name) => ({ name, bytes: fixtures.read(name) }));
      await browser.evaluate(handOverInPage, 'drop', encoded(files), '#stage');
      await filled(browser);
      await browser.click('#start');
      await resultShown(browser);

      await open();
      await browser.evaluate(async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const type = 'image/png';
        await navigator.clipboard.write([new ClipboardItem({ [type]: new Blob([bytes], { type }) })]);
      }, Buffer.from(fixtures.read('scene.png')).toString('base64'));
      await browser.keys(kControl, 'v');
      await seen(browser, '#slot-img.filled');
      assert.deepEqual(await browser.complaints(), []);
    });

    it('has its complaints heard', async () => {
      await open();
      await browser.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'never()';
        document.body.append(script);
        setTimeout(() => { throw new Error('thrown in the page'); });
        console.error('said in the page');
      });
      await until('complaints', async () => (await browser.complaints()).length >= 3);
      const all = (await browser.complaints()).join('\n');
      for (const each of [/script-src/, /thrown in the page/, /said in the page/]) assert.match(all, each);
    });
  });
}

journey('firefox', startFirefox);
journey('webkit', startWebKit);
