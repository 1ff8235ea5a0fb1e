// /openapi.json is an OpenAPI 3.1 document, and what the service really answers is what it says.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Ajv2020 from 'ajv/dist/2020';
import { asObject, asString, at } from '../../src/service/json';
import { kErrorTexts } from '../../src/service/errors';
import { makePictures, sharedFixtures } from '../support/fixtures';
import { acceptFormats, kServedFormats } from '../support/formats';
import { npmPackage } from '../support/npm';
import { startRealService, type RealService } from '../support/real_service';

interface Judgement {
  valid: boolean;
  errors?: unknown;
}
interface ValidatorModule {
  Validator: new () => { validate(document: unknown): Promise<Judgement>; version: string };
}

interface LinterModule {
  createConfig: (config: object) => Promise<object>;
  lintFromString: (options: { source: string; absoluteRef: string; config: object }) =>
    Promise<{ ruleId: string; message: string }[]>;
}

const fixtures = sharedFixtures();
let service: RealService;
let document: unknown;

before(async () => {
  service = await startRealService('--max-pixels', '1');
  document = await (await fetch(`${service.url}/openapi.json`)).json();
});
after(() => service?.stop());

/** The schema of an answer, in which the document's own ones can be found. */
function validator(path: string, method: string, status: number): (value: unknown) => string {
  const answer = at(document, 'paths', path, method, 'responses', String(status));
  assert.ok(answer !== undefined, `${method} ${path} ${status} is not described`);
  const schema = at(answer, 'content', 'application/json', 'schema');
  const ajv = new Ajv2020({ strict: false });
  const check = ajv.compile({ ...asObject(schema), components: at(document, 'components') });
  return (value) => (check(value) ? '' : ajv.errorsText(check.errors));
}

function formOf(fields: Record<string, string | Blob>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

describe('the document', () => {
  it('validates against the schema of OpenAPI 3.1', async () => {
    const { Validator } = await npmPackage<ValidatorModule>('@seriousme/openapi-schema-validator');
    const judge = new Validator();
    const judgement = await judge.validate(document);
    assert.equal(judge.version, '3.1');
    assert.ok(judgement.valid, JSON.stringify(judgement.errors));
    // The schema can say no.
    const broken = { ...asObject(document), info: {} };
    assert.ok(!(await new Validator().validate(broken)).valid);
  });

  it('has nothing that a linter minds', async () => {
    const { createConfig, lintFromString } = await npmPackage<LinterModule>('@redocly/openapi-core');
    // Health is asked under any name: nothing is refused there.
    const config = await createConfig({ extends: ['recommended'], rules: { 'operation-4xx-response': 'off' } });
    const lint = async (text: string): Promise<string[]> =>
      (await lintFromString({ source: text, absoluteRef: 'openapi.json', config }))
        .map(({ ruleId, message }) => `${ruleId}: ${message}`);
    assert.deepEqual(await lint(JSON.stringify(document)), []);
    assert.notDeepEqual(await lint(JSON.stringify({ ...asObject(document), security: undefined })), []);
  });

  it('has the table of containers that the other tests take for it', () => {
    const formats = at(document, 'x-formats');
    if (process.env['HDR_PROCESS_ACCEPT'] === '1') acceptFormats(formats);
    else assert.deepEqual(formats, kServedFormats);
  });

  it('names no error that the page has no words for', () => {
    const codes = at(document, 'components', 'schemas', 'Error', 'properties', 'code', 'enum');
    assert.ok(Array.isArray(codes) && codes.length >= 18);
    for (const code of codes) assert.ok(Object.hasOwn(kErrorTexts, String(code)), String(code));
  });
});

describe('live answers are what it describes', () => {
  const edit = new Blob([new Uint8Array(fixtures.read('edit.jpg'))]);
  const original = new Blob([new Uint8Array(fixtures.read('original.jpg'))]);
  const large = { img: edit };

  async function post(path: string, fields: Record<string, string | Blob>, status: number): Promise<unknown> {
    const response = await fetch(service.url + path, { method: 'POST', body: formOf(fields) });
    const text = await response.text();
    assert.equal(response.status, status, text);
    const value: unknown = JSON.parse(text);
    assert.equal(validator(path, 'post', status)(value), '');
    return value;
  }

  it('POST /process, and everything below its result', async () => {
    const value = await post('/process', { ...large, ref: original, boost: '2' }, 200);
    const id = asString(at(value, 'id')) ?? '';
    const again = await fetch(`${service.url}/result/${id}`);
    assert.equal(validator('/result/{id}', 'get', 200)(await again.json()), '');
    const query = await fetch(`${service.url}/result?id=${id}`);
    assert.equal(validator('/result', 'get', 200)(await query.json()), '');
    const meta = await fetch(`${service.url}/result/${id}/meta`);
    assert.equal(validator('/result/{id}/meta', 'get', 200)(await meta.json()), '');
    for (const part of ['hdr', 'preview', 'gainmap']) {
      const file = await fetch(`${service.url}/result/${id}/${part}`);
      const described = at(document, 'paths', `/result/{id}/${part}`, 'get', 'responses', '200', 'content');
      assert.ok(Object.hasOwn(asObject(described), file.headers.get('Content-Type') ?? ''), part);
      await file.arrayBuffer();
    }
    const gone = await fetch(`${service.url}/result/${id}`, { method: 'DELETE' });
    assert.equal(gone.status, 204);
    const missing = await fetch(`${service.url}/result/${id}`);
    assert.equal(missing.status, 404);
    assert.equal(validator('/result/{id}', 'get', 404)(await missing.json()), '');
  });
  it('POST /process, predicted', async () => {
    await post('/process', { img: edit, guard: 'skin=0.5' }, 200);
  });
  it('POST /process, with the container as its answer', async () => {
    const headers = { Accept: 'image/jpeg' };
    const response = await fetch(`${service.url}/process`, { method: 'POST', headers, body: formOf(large) });
    assert.equal(response.headers.get('Content-Type'), 'image/jpeg');
    await response.arrayBuffer();
  });
  it('422', async () => {
    await post('/process', { img: edit, boost: '7' }, 422);
    await post('/process', { boost: '1' }, 422);
    await post('/process', { img: edit, unknown: '1' }, 422);
    await post('/inspect', { img: new Blob(['hello']) }, 422);
  });
  it('413', async () => {
    const large_picture = makePictures(1400, 800);
    await post('/process', { img: new Blob([new Uint8Array(large_picture.read('edit.jpg'))]) }, 413);
  });
  it('POST /inspect', async () => {
    await post('/inspect', { img: original }, 200);
  });
  it('415', async () => {
    const response = await fetch(`${service.url}/process`, { method: 'POST', body: new URLSearchParams('img=1') });
    assert.equal(response.status, 415);
    assert.equal(validator('/process', 'post', 415)(await response.json()), '');
  });
  it('/healthz and /readyz', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const response = await fetch(service.url + path);
      assert.equal(validator(path, 'get', response.status)(await response.json()), '');
    }
  });
  it('a wrong answer would be noticed', () => {
    assert.notEqual(validator('/healthz', 'get', 200)({}), '');
    assert.notEqual(validator('/process', 'post', 422)({ code: 'nonsense' }), '');
  });
});
