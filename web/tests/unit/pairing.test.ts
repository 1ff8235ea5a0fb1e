// Many pictures: who belongs to whom.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameKey, pairUp, type Likeness } from '../../src/intake/pairing';
import type { Picture, Placing } from '../../src/intake/placement';
import { format } from '../support/formats';

const kNames: [string, string][] = [
  ['IMG_1234.jpg', 'img_1234'],
  ['IMG_1234-Edit.jpg', 'img_1234'],
  ['IMG_1234_edited (2).JPG', 'img_1234'],
  ['IMG_E1234.HEIC', 'img_1234'],
  ['IMG_1234 copy.jpeg', 'img_1234'],
  ['PXL_20240101_120000~2.jpg', 'pxl_20240101_120000'],
  ['beach-final-web.jpg', 'beach'],
  ['beach_hdr.jpg', 'beach'],
  ['beach.original.exr', 'beach'],
  ['photo-1.jpg', 'photo-1'],
  ['hdr.jpg', 'hdr'],
  ['edit.jpg', 'edit'],
];
for (const [name, key] of kNames) it(`${name} is ${key}`, () => assert.equal(nameKey(name), key));

const sdr = (name: string): Picture => ({ file: new File([], name), format: format('jpeg'), bringsHdr: false, pixels: 1 });
const hdr = (name: string): Picture => ({ ...sdr(name), bringsHdr: true });
const kBlind: Likeness = async () => undefined;
/** As much as the table says; names by their first letters. */
const seeing = (table: Record<string, number>): Likeness =>
  async (a, b) => table[[a, b].map(({ file }) => file.name[0]).toSorted().join('')] ?? 0;

const told = (placings: Placing[]): string[] =>
  placings.map(({ slots: { img, ref } }) => `${img?.file.name ?? '-'} ${ref?.file.name ?? '-'}`);

describe('pairs', () => {
  it('are found by name, in any order', async () => {
    const files = [hdr('b.jpg'), sdr('a-edit.jpg'), sdr('b-edit.jpg'), hdr('a.jpg'), sdr('c.jpg')];
    assert.deepEqual(told(await pairUp(files, kBlind)), ['b-edit.jpg b.jpg', 'a-edit.jpg a.jpg', 'c.jpg -']);
  });
  it('and by what is seen', async () => {
    const files = [sdr('x.jpg'), hdr('p.jpg'), hdr('q.jpg'), sdr('y.jpg')];
    const likeness = seeing({ px: 0.2, qx: 0.97, py: 0.95, qy: 0.1 });
    assert.deepEqual(told(await pairUp(files, likeness)), ['x.jpg q.jpg', 'y.jpg p.jpg']);
  });
  it('not where two originals look alike', async () => {
    const files = [sdr('x.jpg'), hdr('p.jpg'), hdr('q.jpg')];
    const likeness = seeing({ px: 0.97, qx: 0.98 });
    assert.deepEqual(told(await pairUp(files, likeness)), ['x.jpg -', 'p.jpg -', 'q.jpg -']);
  });
  it('not where none looks like it', async () => {
    assert.deepEqual(told(await pairUp([sdr('x.jpg'), hdr('p.jpg')], seeing({ px: 0.8 }))), ['x.jpg -', 'p.jpg -']);
  });
  it('two of a name without any HDR are two pictures', async () => {
    assert.deepEqual(told(await pairUp([sdr('a.jpg'), sdr('a-edit.jpg')], kBlind)), ['a.jpg -', 'a-edit.jpg -']);
  });
  it('three of a name are not guessed at', async () => {
    const files = [sdr('a.jpg'), sdr('a-edit.jpg'), hdr('a-hdr.jpg')];
    assert.deepEqual(told(await pairUp(files, kBlind)), ['a.jpg -', 'a-edit.jpg -', 'a-hdr.jpg -']);
  });
});
