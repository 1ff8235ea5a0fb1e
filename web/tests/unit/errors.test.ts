// Every failure has a sentence and a remedy, and is read from an answer as it was sent.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { failureFrom } from '../../src/service/answers';
import { failure, fitting, isErrorCode, kErrorTexts } from '../../src/service/errors';

describe('each code of the program has its text', () => {
  // The table that gives each code its id, exit status and HTTP status.
  const table = readFileSync('src/base/error.h', 'utf8');
  const ids = [...table.matchAll(/\{ErrorCode::k\w+, "(\w+)", \d+, \d+\}/g)].map((match) => match[1] ?? '');
  it('the table is found', () => assert.ok(ids.length >= 12, ids.join()));
  for (const id of ids) it(id, () => assert.ok(isErrorCode(id)));
});

describe('each text is a sentence and a remedy', () => {
  const texts = Object.entries(kErrorTexts);
  for (const [code, { sentence, remedy }] of texts) {
    it(code, () => {
      assert.match(sentence, /^[A-Z].{8,90}\.$/);
      assert.match(remedy, /^[A-Z].{8,130}\.$/);
    });
  }
  it('no two of a kind', () => {
    const sentences: string[] = texts.map(([, { sentence }]) => sentence);
    assert.deepEqual(sentences.filter((sentence, i) => sentences.indexOf(sentence) !== i), []);
  });
});

describe('a failure in an answer', () => {
  const body = {
    code: 'bad_argument',
    message: 'boost is out of range',
    where: '',
    detail: [{ loc: ['body', 'boost'], msg: 'must be between 0.1 and 6', type: 'value_error.range' }],
    request_id: '9f',
  };
  it('is read whole', () => {
    assert.deepEqual(failureFrom(422, JSON.stringify({ ...body, stage: 'map' }), '12'), {
      code: 'bad_argument',
      details: ['boost is out of range', 'boost: must be between 0.1 and 6'],
      requestId: '9f',
      stage: 'map',
      retryAfterSeconds: 12,
    });
  });
  it('does not say the same twice', () => {
    const detail = [{ loc: ['body', 'boost'], msg: body.message }];
    assert.deepEqual(failureFrom(422, JSON.stringify({ ...body, detail }), null).details, [body.message]);
  });
  it('names the place', () => {
    const answer = { ...body, where: 'ref: MPF entry 2', detail: [] };
    assert.deepEqual(
      failureFrom(422, JSON.stringify(answer), null).details, ['HDR original: MPF entry 2: boost is out of range'],
    );
  });
  it('names the field and the place in it', () => {
    const placed = (where: string, ...fields: string[]): string[] => {
      const detail = fields.map((field) => ({ loc: ['body', field], msg: body.message }));
      return failureFrom(422, JSON.stringify({ ...body, where, detail }), null).details;
    };
    assert.deepEqual(placed('alignment', 'ref'), [`HDR original: alignment: ${body.message}`]);
    assert.deepEqual(placed('img', 'img'), [`Edit: ${body.message}`]);
    assert.deepEqual(placed('boost', 'boost'), [`boost: ${body.message}`]);
    assert.deepEqual(placed('memory', 'img', 'ref'), [`memory: ${body.message}`]);
  });
  for (const after of ['soon', '-1', '0', '1e9', 'Wed, 21 Oct 2026 07:28:00 GMT']) {
    it(`Retry-After: ${after} is no number of seconds`, () => {
      assert.equal(failureFrom(422, JSON.stringify(body), after).retryAfterSeconds, undefined);
    });
  }
  for (const text of ['', '<html>', '[]', '{"code":7}', '{"code":"__proto__"}', '{"code":"toString"}']) {
    it(`${text || 'nothing'} is no answer that the page understands`, () => {
      assert.deepEqual(failureFrom(500, text, null), { code: 'unreadable_answer', details: [] });
    });
  }
  it('of odd types gives what can be read', () => {
    const odd = { code: 'busy', message: ['x'], where: 3, detail: 'none', request_id: null, stage: {} };
    assert.deepEqual(failureFrom(422, JSON.stringify(odd), null), { code: 'busy', details: [] });
  });
  it('of a full queue is another than of a service that is being stopped', () => {
    const busy = { code: 'busy', message: 'come again', request_id: '9f' };
    assert.equal(failureFrom(503, JSON.stringify({ ...busy, where: 'queue' }), null).code, 'busy');
    assert.equal(failureFrom(503, JSON.stringify({ ...busy, where: 'stopping' }), null).code, 'stopping');
  });
  it('names the guards that took the gain', () => {
    const detail = [
      { loc: ['body', 'img'], msg: 'nothing is bright', type: 'no_gain_map' },
      { loc: ['body', 'guard'], msg: 'the guard text took 1.2 stops', type: 'no_gain_map', ctx: { guard: 'text' } },
    ];
    const read = failureFrom(422, JSON.stringify({ code: 'no_gain_map', message: 'nothing is bright', where: '', detail }), null);
    assert.deepEqual(read, {
      code: 'no_gain_map', details: ['nothing is bright', 'the guard text took 1.2 stops'], field: 'img', guards: ['text'],
    });
  });
});

describe('an answer that is none of the service\'s', () => {
  const kRows = [
    [413, 'proxy_too_large'], [401, 'proxy_denied'], [403, 'proxy_denied'], [502, 'proxy_unreached'],
    [503, 'proxy_unreached'], [504, 'proxy_timeout'], [408, 'proxy_timeout'], [500, 'unreadable_answer'],
    [200, 'unreadable_answer'],
  ] as const;
  for (const [status, code] of kRows) {
    it(`${status} is ${code}`, () => {
      assert.deepEqual(failureFrom(status, '<html><h1>nginx</h1></html>', null), { code, details: [] });
    });
  }
});

describe('the words fit the cause', () => {
  const noMap = (more: object): ReturnType<typeof failure> => ({ ...failure('no_gain_map', 'x'), ...more });
  const kAlone = { hasOriginal: false, editBringsHdr: false };
  const kPair = { hasOriginal: true, editBringsHdr: false };
  const kRows = [
    ['nothing bright in it, and no original', noMap({ field: 'img' }), kAlone, 'nothing_bright'],
    ['a page of text', noMap({ field: 'img', guards: ['text'] }), kAlone, 'page_of_text'],
    ['another guard', noMap({ field: 'img', guards: ['floor', 'skin'] }), kAlone, 'held_back'],
    ['an original without HDR', noMap({ field: 'ref' }), kPair, 'no_hdr_in_original'],
    ['an original without HDR, an edit with it', noMap({ field: 'ref' }), { ...kPair, editBringsHdr: true }, 'swapped_pictures'],
    ['all that was lit is gone from the edit', noMap({ field: 'img' }), kPair, 'no_gain_map'],
    ['a mask over everything', noMap({ field: 'mask' }), kPair, 'no_gain_map'],
    ['anything else', failure('mismatch'), kPair, 'mismatch'],
  ] as const;
  for (const [name, failed, attempt, code] of kRows) {
    it(name, () => assert.equal(fitting(failed, attempt).code, code));
  }
});
