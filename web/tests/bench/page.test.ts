// How long one waits for the page beyond its service, on a real pair of 12.5 MP; and what the page weighs.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { openPage, sharedBrowser } from '../support/browser';
import { startRealService } from '../support/real_service';

const kCorpus = process.env['HDR_PROCESS_CORPUS'] ?? '../shared/corpus';
const kEdit = join(kCorpus, 'uhdr/photoshop25_fake_mishaal_01_base.jpg');
const kOriginal = join(kCorpus, 'uhdr/pixel6pro_mishaal_01.jpg');
const kIsNeeded = (process.env['HDR_PROCESS_REQUIRE'] ?? '').split(',').includes('corpus');
const kRuns = 7;
/** Of all that the page is loaded from, by gzip -9. */
const kMostBytes = 60_000;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** The service alone: seconds until POST /process has answered. */
async function askedSeconds(url: string): Promise<number> {
  const form = new FormData();
  form.set('img', new Blob([new Uint8Array(readFileSync(kEdit))]), 'img');
  form.set('ref', new Blob([new Uint8Array(readFileSync(kOriginal))]), 'ref');
  const since = performance.now();
  const answer = await fetch(`${url}/process`, { method: 'POST', body: form });
  const { id } = (await answer.json()) as { id: string };
  const seconds = (performance.now() - since) / 1000;
  assert.equal(answer.status, 200);
  await fetch(`${url}/result/${id}`, { method: 'DELETE' });
  return seconds;
}

interface Clicked {
  decoded: number;
  simulated: number;
}

/** In the page: seconds from the click until the result's picture is decoded, and until its HDR side can be seen. */
async function clickedSeconds(): Promise<Clicked> {
  const sdr = document.getElementById('sdr') as HTMLImageElement;
  const simulated = document.getElementById('simulated') as HTMLCanvasElement;
  const since = performance.now();
  const seconds = (): number => (performance.now() - since) / 1000;
  const decoded = new Promise<number>((resolve) => {
    // The page's own call: another one would wait for what the page does with this one's result.
    sdr.decode = async () => {
      await HTMLImageElement.prototype.decode.call(sdr);
      resolve(seconds());
    };
  });
  const seen = new Promise<number>((resolve) => {
    const look = (): void => {
      if (!simulated.hidden) resolve(seconds());
    };
    new MutationObserver(look).observe(simulated, { attributeFilter: ['hidden'] });
  });
  document.getElementById('start')?.click();
  return { decoded: await decoded, simulated: await seen };
}

async function fillSlots(page: Page): Promise<void> {
  await page.locator('#img-file').setInputFiles(kEdit);
  await page.locator('#ref-file').setInputFiles(kOriginal);
  await page.locator('#slot-img.filled').waitFor();
  await page.locator('#slot-ref.filled').waitFor();
  await page.locator('#edit-picture').evaluate((image: HTMLImageElement) => image.decode());
  await page.waitForTimeout(500); // what looking into the files has left to do
}

it('from the click to the picture', { skip: !existsSync(kEdit) && !kIsNeeded && 'no corpus' }, async () => {
  const service = await startRealService();
  const browser = await sharedBrowser();
  const asked: number[] = [];
  const clicked: Clicked[] = [];
  for (let run = 0; run < kRuns; ++run) {
    asked.push(await askedSeconds(service.url));
    const open = await openPage(browser, service.url);
    await fillSlots(open.page);
    clicked.push(await open.page.evaluate(clickedSeconds));
    await open.page.getByRole('button', { name: 'Start over' }).click();
    await open.close();
  }
  await service.stop();
  const peer = median(asked);
  console.log(`| from the click, median of ${kRuns} | page | POST /process alone | ratio |\n|---|---|---|---|`);
  for (const [what, seconds] of [
    ['the picture is decoded', median(clicked.map(({ decoded }) => decoded))],
    ['it is seen, with its HDR side', median(clicked.map(({ simulated }) => simulated))],
  ] as const) {
    console.log(`| ${what} | ${seconds.toFixed(2)} s | ${peer.toFixed(2)} s | ${(seconds / peer).toFixed(1)} |`);
  }
});

it('weighs little', () => {
  const site = 'build/web-tests/site';
  const files = readFileSync(join(site, 'manifest.tsv'), 'utf8').trim().split('\n')
    .map((line) => line.split('\t')[1] ?? '').filter((name) => !name.startsWith('docs'));
  const bytes = files.map((name) => gzipSync(readFileSync(join(site, name)), { level: 9 }).length);
  const total = bytes.reduce((sum, each) => sum + each, 0);
  console.log('| file | gzip -9 |\n|---|---|');
  for (const [i, name] of files.entries()) console.log(`| ${name.replace(/-[^.]*/, '')} | ${bytes[i]} B |`);
  console.log(`| all, of at most ${kMostBytes} B | ${total} B |`);
  assert.ok(total <= kMostBytes);
});
