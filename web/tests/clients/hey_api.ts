// A program on the client that @hey-api/openapi-ts makes of /openapi.json.
import assert from 'node:assert/strict';
import * as api from '../../../build/web-tests/clients/hey_api';
import { client } from '../../../build/web-tests/clients/hey_api/client.gen';
import { isTyped, kAddress, kEdit, kOriginal, startOf } from './program';

client.setConfig({ baseUrl: kAddress });

const body = { img: kEdit, ref: kOriginal, boost: 1.5, format: 'jpeg', anchor: true } as const;
const made = await api.process_({ body });
assert.ok(made.data, JSON.stringify(made.error));
const { id, report } = isTyped<api.Result>()(made.data, true);
assert.equal(report.mode, 'reference');
assert.equal(report.metadata.alternate_hdr_headroom, 1.5);

const guarded = await api.process_({ body: { img: kEdit, guard: ['skin=0.5'] } });
assert.equal(guarded.data?.report.mode, 'predict');

// Of several kinds of answer this generator types the first one alone.
const { data } = await api.process_({ body: { img: kEdit }, headers: { Accept: 'image/jpeg' } });
const whole: unknown = data;
assert.ok(whole instanceof Blob);
assert.equal((await startOf(whole)).slice(0, 2), '\xff\xd8');

const path = { id };
const again = await api.result({ path });
assert.deepEqual(again.data, made.data);
const file = await api.hdrFile({ path });
assert.ok(file.data);
assert.equal((await startOf(isTyped<Blob | File>()(file.data, true))).slice(0, 2), '\xff\xd8');
const map = await api.gainmapFile({ path });
assert.ok(map.data);
assert.equal((await startOf(isTyped<Blob | File>()(map.data, true))).slice(1, 4), 'PNG');

const inspected = await api.inspect({ body: { img: kOriginal } });
assert.equal(inspected.data?.gain_map?.components, 1);
assert.equal(inspected.data.readers['chrome']?.hdr, true);

const refused = await api.process_({ body: { img: kEdit, boost: 7 } });
assert.ok(refused.error);
const failure = isTyped<api.ProcessError>()(refused.error, true);
if (failure.code === 'bad_argument') assert.deepEqual(failure.detail[0]?.loc, ['body', 'boost']);
else assert.fail(failure.message);

const gone = await api.discard({ path });
assert.equal(gone.response?.status, 204);

/** What must not compile. */
export async function wrong(): Promise<void> {
  // @ts-expect-error the picture is missing
  await api.process_({ body: { boost: 1 } });
  // @ts-expect-error no such style
  await api.process_({ body: { img: kEdit, style: 'loud' } });
  // @ts-expect-error a picture is no text
  await api.process_({ body: { img: 'edit.jpg' } });
  // @ts-expect-error a result has no colour
  return made.data?.colour;
}
