// A program on what openapi-typescript makes of /openapi.json, with openapi-fetch.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from '../../../build/web-tests/clients/schema';
import { isTyped, kAddress, kEdit, kOriginal, startOf } from './program';

type Result = components['schemas']['Result'];
type Failure = components['schemas']['Error'];

/** As openapi-fetch's documentation has it. */
function form(body: unknown): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(body ?? {})) {
    for (const each of [value].flat()) data.append(name, each instanceof Blob ? each : String(each));
  }
  return data;
}
const common = { baseUrl: kAddress, bodySerializer: form };
// Where an operation answers in several kinds, the second type says which one is asked for.
const json = createClient<paths, 'application/json'>(common);
const files = createClient<paths>(common);

const body = { img: kEdit, ref: kOriginal, boost: 1.5, format: 'jpeg', anchor: true } as const;
const made = await json.POST('/process', { body });
assert.ok(made.data, JSON.stringify(made.error));
const { id, report } = isTyped<Result>()(made.data, true);
assert.equal(report.mode, 'reference');
assert.equal(report.metadata.alternate_hdr_headroom, 1.5);

const guarded = await json.POST('/process', { body: { img: kEdit, guard: ['skin=0.5'] } });
assert.equal(guarded.data?.report.mode, 'predict');

const whole = await files.POST('/process', {
  body: { img: kEdit }, headers: { Accept: 'image/jpeg' }, parseAs: 'blob',
});
assert.ok(whole.data);
assert.equal((await startOf(isTyped<Blob>()(whole.data, true))).slice(0, 2), '\xff\xd8');

const path = { id };
const again = await json.GET('/result/{id}', { params: { path } });
assert.deepEqual(again.data, made.data);
const map = await files.GET('/result/{id}/gainmap', { params: { path }, parseAs: 'blob' });
assert.ok(map.data);
assert.equal((await startOf(isTyped<Blob>()(map.data, true))).slice(1, 4), 'PNG');
const tag = map.response.headers.get('ETag') ?? '';
const kept = await files.GET('/result/{id}/gainmap', {
  params: { path, header: { 'If-None-Match': tag } }, parseAs: 'blob',
});
assert.equal(kept.response.status, 304);

const inspected = await json.POST('/inspect', { body: { img: kOriginal } });
assert.equal(inspected.data?.gain_map?.components, 1);
assert.equal(inspected.data.readers['chrome']?.hdr, true);

const refused = await json.POST('/process', { body: { img: kEdit, boost: 7 } });
assert.ok(refused.error);
const failure = isTyped<Failure>()(refused.error, true);
if (failure.code === 'bad_argument') assert.deepEqual(failure.detail[0]?.loc, ['body', 'boost']);
else assert.fail(failure.message);
const nothing = await json.GET('/result', { params: { query: { id: '' } } });
assert.deepEqual(nothing.error?.detail[0]?.loc, ['query', 'id']);

const gone = await json.DELETE('/result/{id}', { params: { path } });
assert.equal(gone.response.status, 204);

/** What must not compile. */
export async function wrong(): Promise<void> {
  // @ts-expect-error the picture is missing
  await json.POST('/process', { body: { boost: 1 } });
  // @ts-expect-error no such style
  await json.POST('/process', { body: { img: kEdit, style: 'loud' } });
  // @ts-expect-error a picture is no text
  await json.POST('/process', { body: { img: 'edit.jpg' } });
  // @ts-expect-error a result has no colour
  return made.data?.colour;
}
