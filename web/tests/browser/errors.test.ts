// Failures, as the user reads them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { kErrorTexts, type ErrorCode } from '../../src/service/errors';
import { answerWell } from '../support/results';
import { errorAnswer, type Canned } from '../support/service';
import { setUp } from '../support/setting';
import { choosePair, waitForResult } from '../support/steps';

const setting = setUp();
const { fixtures } = setting;

interface Row {
  name: string;
  answer: Canned;
  code: ErrorCode;
  says: RegExp[];
  retry: boolean;
}

const kRows: Row[] = [
  {
    name: '413 with the limit that was passed',
    answer: errorAnswer(413, 'too_large', '61.2 megapixels, at most 50 are taken', { where: 'img' }),
    code: 'too_large',
    says: [/Edit: 61\.2 megapixels, at most 50 are taken/, /Request a1b2c3d4/],
    retry: false,
  },
  {
    name: '422 with the field that is wrong',
    answer: errorAnswer(422, 'bad_argument', 'boost is out of range', {
      detail: [{ loc: ['body', 'boost'], msg: 'must be between 0.1 and 6', type: 'value_error.range' }],
    }),
    code: 'bad_argument',
    says: [/boost: must be between 0\.1 and 6/],
    retry: false,
  },
  {
    name: '422 for pictures that do not belong together',
    answer: errorAnswer(422, 'mismatch', 'the structures agree by 0.21', {
      where: 'alignment', detail: [{ loc: ['body', 'ref'], msg: 'the structures agree by 0.21', type: 'mismatch' }],
    }),
    code: 'mismatch',
    says: [/HDR original: alignment: the structures agree by 0\.21/],
    retry: false,
  },
  {
    name: '503 with the time to wait',
    answer: errorAnswer(503, 'busy', '4 jobs wait already', {}, { 'Retry-After': '7' }),
    code: 'busy',
    says: [/wait 7 s/],
    retry: true,
  },
  {
    name: '504 with what was being done',
    answer: errorAnswer(504, 'timeout', 'the request took 20 s', { stage: 'obtain' }),
    code: 'timeout',
    says: [/It was finding the HDR/],
    retry: true,
  },
  {
    name: '504 at a stage the page does not know',
    answer: errorAnswer(504, 'timeout', 'the request took 20 s', { stage: 'polish' }),
    code: 'timeout',
    says: [/at the stage “polish”/],
    retry: true,
  },
  {
    name: 'a proxy\'s 413',
    answer: { status: 413, type: 'text/html', body: '<html><h1>413 Request Entity Too Large</h1></html>' },
    code: 'proxy_too_large',
    says: [],
    retry: false,
  },
  {
    name: 'a proxy\'s 502',
    answer: { status: 502, type: 'text/html', body: '<html><h1>502 Bad Gateway</h1></html>' },
    code: 'proxy_unreached',
    says: [],
    retry: true,
  },
  {
    name: 'a proxy\'s 504',
    answer: { status: 504, type: 'text/html', body: '<html><h1>504 Gateway Time-out</h1></html>' },
    code: 'proxy_timeout',
    says: [],
    retry: true,
  },
  {
    name: 'the service is being stopped',
    answer: errorAnswer(503, 'busy', 'the service is being stopped', { where: 'stopping' }),
    code: 'stopping',
    says: [],
    retry: true,
  },
  {
    name: 'an error in HTML, as the transport gives it',
    answer: { status: 431, type: 'text/html', body: '<html><b>Request Header Fields Too Large</b></html>' },
    code: 'unreadable_answer',
    says: [],
    retry: false,
  },
  {
    name: 'a code that the page does not know',
    answer: errorAnswer(500, 'constructor', 'x'),
    code: 'unreadable_answer',
    says: [],
    retry: false,
  },
  {
    name: 'an answer whose links lead elsewhere',
    answer: {
      status: 200,
      type: 'application/json',
      body: JSON.stringify({
        id: '0'.repeat(32),
        result: { hdr: 'https://example.com/x', preview: '/a', gainmap: '/b', meta: '/c' },
        report: {},
      }),
    },
    code: 'unreadable_answer',
    says: [],
    retry: false,
  },
];

describe('an answer that is a failure', () => {
  for (const { name, answer, code, says, retry } of kRows) {
    it(name, async () => {
      const open = await setting.open();
      const { page } = open;
      setting.service.onProcess = () => answer;
      await choosePair(page, fixtures);
      await page.locator('#start').click();
      await page.locator('#alert .sentence').waitFor();
      const text = await page.getByRole('alert').innerText();
      for (const part of [kErrorTexts[code].sentence, kErrorTexts[code].remedy]) {
        assert.ok(text.includes(part), `${part} in ${text}`);
      }
      for (const pattern of says) assert.match(text, pattern);
      assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), retry ? 1 : 0);
      assert.equal(await page.locator('#result').isVisible(), false);
      assert.equal(await page.locator('#edit').isVisible(), true);
      await open.close();
    });
  }
});

describe('no answer at all', () => {
  it('is told, and Try again tries again', async () => {
    const open = await setting.open();
    const { page } = open;
    await choosePair(page, fixtures);
    await page.context().setOffline(true);
    await page.locator('#start').click();
    await page.getByText(kErrorTexts.offline.sentence).waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitForResult(page);
    assert.equal(await page.getByRole('alert').innerText(), '');
    await open.close();
  });

  it('when the result is fetched', async () => {
    const open = await setting.open();
    const { page } = open;
    await choosePair(page, fixtures);
    await page.route('**/result/*/hdr', (route) => route.abort());
    await page.locator('#start').click();
    await page.getByText(kErrorTexts.offline.sentence).waitFor();
    assert.equal(await page.locator('#result').isVisible(), false);
    assert.equal(await page.locator('#start').isDisabled(), false);
    await open.close();
  });
});

it('a result that expired before it was fetched', async () => {
  const open = await setting.open();
  const { page } = open;
  const well = setting.service.onProcess;
  setting.service.onProcess = (sent) => {
    const answer = well(sent);
    setting.service.answers.delete('/result/0123456789abcdef0123456789abcdef/hdr');
    return answer;
  };
  await choosePair(page, fixtures);
  await page.locator('#start').click();
  await page.getByText(kErrorTexts.not_found.sentence).waitFor();
  await open.close();
});

const noMap = (...detail: unknown[]) => () =>
  errorAnswer(422, 'no_gain_map', 'there is none', { where: 'img', detail });

describe('no HDR can be had', () => {
  async function failing(answer: () => Canned, pair: boolean): Promise<{ page: Page; close(): Promise<void> }> {
    const open = await setting.open();
    const { page } = open;
    setting.service.onProcess = answer;
    await page.locator('#img-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.locator('#slot-img.filled').waitFor();
    if (pair) {
      await page.locator('#ref-file').setInputFiles(fixtures.path('scene.png'));
      await page.locator('#slot-ref.filled').waitFor();
      assert.match(await page.locator('#ref-kind').innerText(), /no HDR found in it/);
    }
    await page.locator('#start').click();
    await page.locator('#alert .sentence').waitFor();
    return open;
  }

  it('nothing bright in it, and no original given', async () => {
    const open = await failing(noMap({ loc: ['body', 'img'], msg: 'there is none' }), false);
    await open.page.getByText(kErrorTexts.nothing_bright.sentence).waitFor();
    await open.close();
  });

  it('a page of text; "Make it anyway" sends it without that guard', async () => {
    const open = await failing(noMap(
      { loc: ['body', 'img'], msg: 'there is none' },
      { loc: ['body', 'guard'], msg: 'the guard text took 1 stop', ctx: { guard: 'text' } },
    ), false);
    const { page } = open;
    await page.getByText(kErrorTexts.page_of_text.sentence).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Make it anyway');
    answerWell(setting.service, fixtures);
    await page.keyboard.press('Enter');
    await waitForResult(page);
    assert.deepEqual(setting.service.sent.at(-1)?.words, [['guard', 'text=off']]);
    assert.equal(await page.getByRole('alert').innerText(), '');
    await open.close();
  });

  it('an original without: its slot is named', async () => {
    const open = await failing(noMap({ loc: ['body', 'ref'], msg: 'there is none' }), true);
    await open.page.getByText(kErrorTexts.no_hdr_in_original.sentence).waitFor();
    assert.equal(await open.page.getByRole('button', { name: 'Swap the two and' }).count(), 0);
    await open.close();
  });

  it('an original without, and an edit with: both are named, and swapped', async () => {
    const open = await setting.open();
    const { page } = open;
    setting.service.onProcess = noMap({ loc: ['body', 'ref'], msg: 'there is none' });
    await page.locator('#img-file').setInputFiles(fixtures.path('original.jpg'));
    await page.locator('#ref-file').setInputFiles(fixtures.path('edit.jpg'));
    await page.locator('#slot-img.filled').waitFor();
    await page.locator('#slot-ref.filled').waitFor();
    await page.locator('#start').click();
    await page.getByText(kErrorTexts.swapped_pictures.remedy).waitFor();
    await page.getByRole('alert').getByRole('button', { name: 'Swap the two' }).click();
    assert.equal(await page.locator('#img-what').innerText(), 'edit.jpg');
    assert.equal(await page.locator('#ref-what').innerText(), 'original.jpg');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'start');
    await open.close();
  });
});

it('a wrong original is shown beside the edit', async () => {
  const open = await setting.open();
  const { page } = open;
  setting.service.onProcess = () => errorAnswer(422, 'mismatch', 'not the same', { where: 'ref' });
  await choosePair(page, fixtures);
  await page.locator('#start').click();
  await page.locator('#alert figure img').nth(1).waitFor();
  assert.deepEqual(await page.locator('#alert figcaption').allInnerTexts(), ['Edit', 'HDR original']);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'alert');
  await open.close();
});
