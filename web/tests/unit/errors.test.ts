// Every failure has a sentence and a remedy, and is read from an answer as it was sent.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { failureFrom } from '../../src/service/answers';
import { isErrorCode, kErrorTexts } from '../../src/service/errors';

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
      assert.match(remedy, /^[A-Z].{8,110}\.$/);
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
    assert.deepEqual(failureFrom(JSON.stringify({ ...body, stage: 'map' }), '12'), {
      code: 'bad_argument',
      details: ['boost is out of range', 'boost: must be between 0.1 and 6'],
      requestId: '9f',
      stage: 'map',
      retryAfterSeconds: 12,
    });
  });
  it('does not say the same twice', () => {
    const detail = [{ loc: ['body', 'boost'], msg: body.message }];
    assert.deepEqual(failureFrom(JSON.stringify({ ...body, detail }), null).details, [body.message]);
  });
  it('names the place', () => {
    const answer = { ...body, where: 'ref: MPF entry 2', detail: [] };
    assert.deepEqual(
      failureFrom(JSON.stringify(answer), null).details, ['HDR original: MPF entry 2: boost is out of range'],
    );
  });
  it('names the field and the place in it', () => {
    const placed = (where: string, ...fields: string[]): string[] => {
      const detail = fields.map((field) => ({ loc: ['body', field], msg: body.message }));
      return failureFrom(JSON.stringify({ ...body, where, detail }), null).details;
    };
    assert.deepEqual(placed('alignment', 'ref'), [`HDR original: alignment: ${body.message}`]);
    assert.deepEqual(placed('img', 'img'), [`Edit: ${body.message}`]);
    assert.deepEqual(placed('boost', 'boost'), [`boost: ${body.message}`]);
    assert.deepEqual(placed('memory', 'img', 'ref'), [`memory: ${body.message}`]);
  });
  for (const after of ['soon', '-1', '0', '1e9', 'Wed, 21 Oct 2026 07:28:00 GMT']) {
    it(`Retry-After: ${after} is no number of seconds`, () => {
      assert.equal(failureFrom(JSON.stringify(body), after).retryAfterSeconds, undefined);
    });
  }
  for (const text of ['', '<html>', '[]', '{"code":7}', '{"code":"__proto__"}', '{"code":"toString"}']) {
    it(`${text || 'nothing'} is no answer that the page understands`, () => {
      assert.deepEqual(failureFrom(text, null), { code: 'unreadable_answer', details: [] });
    });
  }
  it('of odd types gives what can be read', () => {
    const odd = { code: 'busy', message: ['x'], where: 3, detail: 'none', request_id: null, stage: {} };
    assert.deepEqual(failureFrom(JSON.stringify(odd), null), { code: 'busy', details: [] });
  });
});
