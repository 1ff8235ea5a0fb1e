// The API page: everything the document says, and requests from it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { kOpenApi, kProcessFields } from '../support/openapi';
import { kId, resultAnswer } from '../support/results';
import { json } from '../support/service';
import { setUp } from '../support/setting';
import type { OpenPage } from '../support/browser';

const setting = setUp();
const { fixtures } = setting;

async function openDocs(): Promise<OpenPage> {
  const open = await setting.open();
  await open.page.goto(`${setting.service.url}/docs`);
  return open;
}

/** The opened view of "POST /process". */
async function operation(page: Page, title: string): Promise<Locator> {
  const [method = '', path = ''] = title.split(' ');
  const view = page.locator('.operation').filter({
    has: page.locator('.method', { hasText: new RegExp(`^${method}$`) }),
  }).filter({ has: page.locator('.path').getByText(path, { exact: true }) });
  await view.locator('> summary').click();
  return view;
}

describe('the document', () => {
  it('is shown with every operation, in its order', async () => {
    const open = await openDocs();
    await open.page.locator('.operation').first().waitFor();
    const shown = await open.page.locator('.operation > summary').allInnerTexts();
    const wanted = Object.entries(kOpenApi.paths).flatMap(([path, item]) =>
      ['get', 'post', 'delete'].filter((m) => m in item).map((m) => `${m.toUpperCase()} ${path}`));
    assert.deepEqual(shown.map((text) => text.split(/\s+/).slice(0, 2).join(' ')), wanted);
    assert.equal(await open.page.getByRole('heading', { level: 1 }).innerText(), 'HTTP interface 0.1.0');
    await open.close();
  });

  it('with every field: limits, words, defaults, names', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'POST /process');
    const rows = (await view.locator('table').first().locator('tbody tr').allInnerTexts())
      .map((text) => text.split('\t'));
    assert.deepEqual(rows.map(([name]) => name), Object.keys(kProcessFields));
    const row = (name: string): string[] => rows.find(([each]) => each === name) ?? [];
    assert.deepEqual(row('img').slice(1), ['file, up to 2 MB', '', 'Required: the edited SDR picture']);
    assert.deepEqual(row('boost').slice(1, 3), ['number, 0.1 to 6', '']);
    assert.deepEqual(row('format').slice(1, 3), ['avif, heic, jpeg', 'jpeg']);
    assert.match(row('guard')[3] ?? '', /Names: smooth, highlight-cap, bright-area\./);
    await open.close();
  });

  it('with every answer, those behind references too', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'POST /process');
    const rows = await view.locator('table').nth(1).locator('tbody tr').allInnerTexts();
    assert.deepEqual(rows, [
      '200\tapplication/json\tmade and verified',
      '413\tapplication/json\tthe upload cannot be used',
      '422\tapplication/json\tthe upload cannot be used',
      '503\tapplication/json\tall workers are taken; Retry-After says for how long',
    ]);
    await open.close();
  });

  it('with what answers hold, those that hold the same together', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'POST /process');
    const shown = (): Promise<string[]> => view.locator('.holds li:visible').allInnerTexts();
    assert.deepEqual(await view.locator('.holds > summary').allInnerTexts(), ['JSON of 200', 'JSON of 413, 422, 503']);
    assert.deepEqual(await shown(), ['id string\nnames the result', 'report object\nwhat was done']);
    await view.locator('.schema summary').first().click();
    assert.deepEqual((await shown()).slice(2), [
      'mode reference, predict, optional',
      'agreement number or null, optional\nnull: not compared',
      'checks list of object, optional',
    ]);
    await open.close();
  });

  it('as a call in three languages, the same one everywhere', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'POST /process');
    const text = (): Promise<string> => view.locator('.snippet').innerText();
    assert.equal(await text(),
      `curl -F 'img=@my edit'\\''s.jpg' \\\n  -F boost=2 \\\n  ${setting.service.url}/process`);
    await view.getByRole('radio', { name: 'Python' }).check();
    assert.match(await text(), /^import requests\n\nanswer = requests\.post\([^]*"img": open\("my edit's\.jpg", "rb"\)/);
    const other = await operation(open.page, 'GET /result/{id}');
    assert.match(await other.locator('.snippet').innerText(), /^import requests\n/);
    await other.getByRole('radio', { name: 'JavaScript' }).check();
    assert.match(await text(), /^const form = new FormData\(\);\nform\.set\("img", files\["img"\]\);/);
    await open.close();
  });

  it('has addresses for its operations', async () => {
    const open = await setting.open();
    await open.page.goto(`${setting.service.url}/docs#operation-2`);
    await open.page.locator('#operation-2[open]').waitFor();
    assert.equal(await open.page.locator('.operation[open]').count(), 1);
    await open.close();
  });

  it('that is missing is said to be', async () => {
    const open = await setting.open();
    setting.service.answers.delete('/openapi.json');
    await open.page.goto(`${setting.service.url}/docs`);
    await open.page.getByText(/description cannot be read/).waitFor();
    await open.close();
  });

  it('with markup in it is text', async () => {
    const open = await setting.open();
    const text = '<img src=x onerror=alert(1)>';
    setting.service.answers.set('/openapi.json', json({
      info: { description: text },
      paths: { [`/${text}`]: { get: { summary: text, description: text, responses: { 200: { description: text } } } } },
    }));
    await open.page.goto(`${setting.service.url}/docs`);
    await open.page.locator('.operation').first().waitFor();
    assert.equal(await open.page.locator('main img').count(), 0);
    assert.equal(await open.page.locator('#about').innerText(), text);
    await open.close();
  });
});

describe('try it', () => {
  it('uploads files and chosen fields, and shows the answer', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'POST /process');
    await view.getByLabel('img *').setInputFiles(fixtures.path('edit.jpg'));
    await view.getByLabel('boost').fill('2');
    await view.getByLabel('guard: smooth').selectOption('Full');
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText('POST /process: 200').waitFor();
    const [sent] = setting.service.sent;
    assert.deepEqual(sent?.words, [['boost', '2'], ['guard', 'smooth=on']]);
    assert.deepEqual(Object.entries(sent?.files ?? {}).map(([field, { name }]) => [field, name]), [['img', 'img']]);
    const answer = JSON.parse(await view.locator('.answer pre').last().innerText()) as { id: string };
    assert.equal(answer.id, kId);
    assert.match(await view.locator('.answer .headers').innerText(), /^content-type: application\/json$/m);
    await open.close();
  });

  it('asks for what is required before it sends', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'POST /process');
    await view.getByRole('button', { name: 'Send' }).click();
    assert.equal(await view.getByLabel('img *').evaluate((input) => (input as HTMLInputElement).validity.valueMissing), true);
    assert.equal(await view.locator('.answer').innerText(), '');
    assert.deepEqual(setting.service.sent, []);
    await open.close();
  });

  it('fills addresses, and shows pictures', async () => {
    const open = await openDocs();
    resultAnswer(setting.service, fixtures);
    const view = await operation(open.page, 'GET /result/{id}/{part}');
    await view.getByLabel('id *').fill(kId);
    await view.getByLabel('part *').selectOption('gainmap');
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText(`GET /result/${kId}/gainmap: 200`).waitFor();
    await open.page.waitForFunction(() => document.querySelector<HTMLImageElement>('.answer img')?.naturalWidth === 160);
    await open.close();
  });

  it('shows errors as they come', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'GET /result/{id}');
    await view.getByLabel('id *').fill('../../healthz');
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText('GET /result/..%2F..%2Fhealthz: 404').waitFor();
    assert.match(await view.locator('.answer pre').last().innerText(), /"code": "not_found"/);
    await open.close();
  });

  it('deletes, which has no body', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'DELETE /result/{id}');
    await view.getByLabel('id *').fill(kId);
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText(`DELETE /result/${kId}: 204`).waitFor();
    assert.deepEqual(setting.service.deleted, [`/result/${kId}`]);
    await open.close();
  });

  it('says when nobody answers', async () => {
    const open = await openDocs();
    const view = await operation(open.page, 'GET /healthz');
    await open.page.context().setOffline(true);
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText('The server cannot be reached.').waitFor();
    assert.equal(await view.getByRole('button', { name: 'Send' }).isDisabled(), false);
    await open.close();
  });
});
