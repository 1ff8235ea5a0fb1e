// The table of containers, and what the page makes of it for people.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kErrorTexts } from '../../src/service/errors';
import { fits, formatsFrom, productName, type Place } from '../../src/files/formats';
import { sniff } from '../../src/files/sniff';
import { kFormats } from '../support/formats';

it('names are those that people know', () => {
  assert.deepEqual(kFormats.map(({ name }) => name), [
    'JPEG', 'HEIC', 'AVIF', 'PNG', 'TIFF', 'OpenEXR', 'Radiance HDR', 'PFM', 'WebP', 'JPEG XL',
  ]);
});
it('what is made is named with what it is known for, once', () => {
  const made = kFormats.filter(({ product }) => product !== '');
  assert.deepEqual(made.map(productName), ['JPEG (Ultra HDR)', 'HEIC', 'AVIF']);
});

describe('taken as', () => {
  const rows: [Place, string][] = [
    ['img', 'jpeg heic avif png tiff webp jxl'],
    ['ref', 'jpeg heic avif png tiff exr radiance pfm jxl'],
    ['mask', 'png'],
  ];
  for (const [place, words] of rows) {
    it(place, () => {
      const taken = kFormats.filter((format) => fits(format, place));
      assert.equal(taken.map(({ word }) => word).join(' '), words);
    });
  }
});

it('who is told to choose a photograph is told of every kind that can be an edit', () => {
  const listed = /: (.*)\.$/.exec(kErrorTexts.wrong_file.remedy)?.[1]?.split(/, | or /) ?? [];
  const taken = kFormats.filter((format) => fits(format, 'img')).map(({ name }) => name);
  assert.deepEqual(listed.toSorted(), taken.toSorted());
});

describe('a table of another kind', () => {
  const table = (...rows: unknown[]) => formatsFrom({ 'x-formats': rows });
  for (const document of [undefined, null, 7, 'x', [], {}, { 'x-formats': {} }, { 'x-formats': [null, 1, {}, []] }]) {
    it(`${JSON.stringify(document)} has no formats`, () => assert.deepEqual(formatsFrom(document), []));
  }
  it('a row that has nothing but its word can be nothing', () => {
    assert.deepEqual(table({ word: 'raw' }), [{
      word: 'raw', name: 'RAW', product: '', extensions: [], mediaType: '', edit: false, original: false,
      signatures: [], brands: [],
    }]);
  });
  for (const signature of [null, {}, { at_0: '' }, { at_0: '', at_8: '' }, { at_0: 'f' }, { at_0: 'xy', at_8: '' },
    { at_0: 255, at_8: '' }, { at_0: 'ff', at_8: 'f' }]) {
    it(`the signature ${JSON.stringify(signature)} matches nothing`, () => {
      const formats = table({ word: 'raw', signatures: [signature] });
      for (const first of [0, 0xff]) assert.equal(sniff(new Uint8Array(32).fill(first), formats), undefined);
    });
  }
  it('a row with the first bytes alone matches', () => {
    const formats = table({ word: 'raw', signatures: [{ at_0: 'ff00' }] });
    assert.equal(sniff(Uint8Array.of(0xff, 0), formats)?.word, 'raw');
  });
});
