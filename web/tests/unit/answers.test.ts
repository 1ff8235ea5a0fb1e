import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerFrom, jobStateFrom } from '../../src/service/answers';

const kId = 'ab'.repeat(16);
const links = (id: string): Record<string, string> =>
  Object.fromEntries(['hdr', 'preview', 'gainmap', 'meta'].map((part) => [part, `/result/${id}/${part}`]));
const relative = (id: string): Record<string, string> =>
  Object.fromEntries(Object.entries(links(id)).map(([part, link]) => [part, link.slice(1)]));
const kReport = {
  mode: 'reference',
  inputs: [{ role: 'base' }, { role: 'reference' }],
  format: 'jpeg',
  base: { width: 4, height: 3, orientation: 6, steps: ['turned upright'] },
  gain_map: { copied: false, steps: ['resampled'] },
  metadata: {
    gain_map_min: [-0.5], gain_map_max: [1, 2, 3], gamma: [1], base_offset: [0.015625],
    alternate_offset: [0.015625], base_hdr_headroom: 0, alternate_hdr_headroom: 2.3,
  },
  verification: { checks: [{ result: 'passed' }, { result: 'warning' }, { result: 'not_run' }] },
  warnings: ['dark', 'img: no profile', 'refused: not a field'],
};

it('an answer is read', () => {
  const answer = answerFrom(JSON.stringify({ id: kId, result: links(kId), report: kReport }));
  assert.deepEqual(answer, {
    id: kId,
    urls: { ...relative(kId), overlay: '', agreement: '' },
    report: {
      mode: 'reference', hasOriginal: true, predictor: '', format: 'jpeg', orientation: 6, width: 4, height: 3,
      baseSteps: ['turned upright'], mapSteps: ['resampled'], mapCopied: false,
      numbers: {
        baseHdrHeadroom: 0, alternateHdrHeadroom: 2.3,
        channels: [1, 2, 3].map((gainMapMax) =>
          ({ gainMapMin: -0.5, gainMapMax, gamma: 1, baseOffset: 0.015625, alternateOffset: 0.015625 })),
      },
      checksPassed: 1, checksWarned: 1, checksRun: 2,
      warnings: ['dark', 'refused: not a field'], oddities: ['Edit: no profile'],
      alignment: undefined, edited: undefined,
    },
    readers: [],
  });
});

it('links below a path that a proxy put there lead below the page', () => {
  const result = Object.fromEntries(Object.entries(links(kId)).map(([part, link]) => [part, `/a/hdr-1.2${link}`]));
  assert.deepEqual(answerFrom(JSON.stringify({ id: kId, result, report: kReport }))?.urls, {
    ...relative(kId), overlay: '', agreement: '',
  });
});

it('a report that says nothing is empty', () => {
  const report = answerFrom(JSON.stringify({ id: kId, result: links(kId) }))?.report;
  assert.deepEqual([report?.format, report?.mode, report?.width], ['', '', 0]);
});

describe('is no answer', () => {
  const rows: [string, unknown][] = [
    ['nothing', undefined],
    ['an id of another form', { id: '../etc', result: links('../etc') }],
    ['an id in capitals', { id: kId.toUpperCase(), result: links(kId.toUpperCase()) }],
    ['links to another result', { id: kId, result: links('cd'.repeat(16)) }],
    ['a link to another place', { id: kId, result: { ...links(kId), hdr: '//example.com/result' } }],
    ['a link to the same below another place', { id: kId, result: { ...links(kId), hdr: `//example.com/result/${kId}/hdr` } }],
    ['a link with a scheme', { id: kId, result: { ...links(kId), hdr: `javascript:/result/${kId}/hdr` } }],
    ['another part\'s link', { id: kId, result: { ...links(kId), hdr: `/result/${kId}/meta` } }],
    ['a link that is missing', { id: kId, result: { ...links(kId), meta: undefined } }],
  ];
  for (const [name, value] of rows) {
    it(name, () => assert.equal(answerFrom(JSON.stringify(value) ?? ''), undefined));
  }
});

it('numbers that are not all there are none', () => {
  for (const missing of Object.keys(kReport.metadata)) {
    const metadata = Object.fromEntries(Object.entries(kReport.metadata).filter(([key]) => key !== missing));
    const answer = answerFrom(JSON.stringify({ id: kId, result: links(kId), report: { ...kReport, metadata } }));
    assert.equal(answer?.report.numbers, undefined, missing);
  }
});

it('readers are read; what is not known is neither yes nor no', () => {
  const readers = {
    chrome: { hdr: true, why: 'MPF' },
    apple: { hdr: false, why: 'no map' },
    newer: { hdr: null, why: 'not tried' },
  };
  const read = (value: unknown): unknown =>
    answerFrom(JSON.stringify({ id: kId, result: links(kId), readers: value }))?.readers;
  assert.deepEqual(read(readers), [
    { name: 'Chrome, Edge, Brave', hdr: true, why: 'MPF' },
    { name: 'iPhone, iPad, Mac', hdr: false, why: 'no map' },
    { name: 'newer', hdr: undefined, why: 'not tried' },
  ]);
  assert.deepEqual(read('none'), []);
});

it('how far a job is', () => {
  const read = (value: unknown): unknown => jobStateFrom(JSON.stringify(value));
  assert.deepEqual(read({ state: 'uploading', received_bytes: 7 }), { state: 'uploading', receivedBytes: 7 });
  assert.deepEqual(read({ state: 'waiting', ahead: 3 }), { state: 'waiting', ahead: 3 });
  assert.deepEqual(read({ state: 'running', stage: 'encode', share: 0.5 }),
    { state: 'running', stage: 'encode', share: 0.5 });
  assert.deepEqual(read({ state: 'running' }), { state: 'running', stage: '', share: 0 });
  assert.equal(read({ state: 'asleep' }), undefined);
  assert.equal(jobStateFrom('<html>'), undefined);
});
