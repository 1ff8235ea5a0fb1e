import assert from 'node:assert/strict';
import { it } from 'node:test';
import { answerFrom, type Report } from '../../src/service/answers';
import { fitWords } from '../../src/result/fit_words';

const kId = 'cd'.repeat(16);

/** A report as the service sends it. */
function reportWith(more: object, base = { width: 1600, height: 1200, orientation: 1 }): Report {
  const result = Object.fromEntries(
    ['hdr', 'preview', 'gainmap', 'meta'].map((part) => [part, `/result/${kId}/${part}`]),
  );
  const answer = answerFrom(JSON.stringify({ id: kId, result, report: { mode: 'reference', base, ...more } }));
  assert.ok(answer);
  return answer.report;
}

/** The edit's homography: `scale` of the original's width, turned counterclockwise, about the middle. */
function placed(scale: number, degrees: number, aspect: number, mirrored = false): number[] {
  const c = scale * Math.cos((degrees * Math.PI) / 180);
  const s = scale * Math.sin((degrees * Math.PI) / 180);
  const sign = mirrored ? -1 : 1;
  // Turned in pixels of the original, which is `aspect` times as wide as high, as the edit is.
  const h = [sign * c, -s / aspect, 0, sign * s * aspect, c, 0, 0, 0, 1];
  h[2] = 0.5 - (h[0]! + h[1]!) / 2;
  h[5] = 0.5 - (h[3]! + h[4]!) / 2;
  return h;
}

const aligned = (to_reference: number[], overlap = 1): object => ({ alignment: { to_reference, overlap } });

it('the same framing is said to be that', () => {
  assert.deepEqual(fitWords(reportWith({})), ['Same framing as the original.']);
});

it('a crop, its area and its angle', () => {
  const words = (h: number[]): string => fitWords(reportWith(aligned(h)))[0] ?? '';
  assert.equal(words(placed(0.6, 0, 4 / 3)), 'Found in the original: the edit shows 36 % of it.');
  assert.match(words(placed(0.6, 4, 4 / 3)), /36 % of it, turned by 4\.0° counterclockwise\./);
  assert.match(words(placed(0.8, -7.5, 4 / 3)), /64 % of it, turned by 7\.5° clockwise\./);
  assert.match(words(placed(0.6, 0, 4 / 3, true)), /36 % of it, mirrored\./);
});

it('an edit stored turned is described as displayed', () => {
  const base = { width: 1200, height: 1600, orientation: 6 };
  const words = fitWords(reportWith(aligned(placed(0.6, 4, 4 / 3)), base));
  assert.match(words[0] ?? '', /turned by 4\.0° counterclockwise/);
});

it('what is not of the original is counted, and what fills it', () => {
  const predicted = fitWords(reportWith({ ...aligned(placed(0.6, 0, 4 / 3)), edited: { share: 0.123, fill: 'predict' } }));
  assert.equal(predicted[1], '12 % of the edit shows something else than the original; the gain there is predicted.');
  const neutral = fitWords(reportWith({ edited: { share: 0.012, fill: 'neutral' } }));
  assert.equal(neutral[1], '1.2 % of the edit shows something else than the original; there is no gain there.');
});

it('a hostile homography gives words, not an error', () => {
  for (const h of [new Array<number>(9).fill(0), [1, 0, 0, 1, 0, 0, 0, 0, 1], new Array<number>(9).fill(1e308)]) {
    assert.equal(fitWords(reportWith(aligned(h))).length, 1);
  }
});
