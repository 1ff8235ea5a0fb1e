import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bringsHdr, sniff, type FileKind } from '../../src/sniff';
import { sharedFixtures } from '../support/fixtures';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const kMagic: [string, string, FileKind | undefined][] = [
  ['JPEG', '\xff\xd8\xff\xe0', 'jpeg'],
  ['PNG', '\x89PNG\r\n\x1a\n', 'png'],
  ['TIFF, little endian', 'II*\0', 'tiff'],
  ['TIFF, big endian', 'MM\0*', 'tiff'],
  ['WebP', 'RIFF\x10\0\0\0WEBPVP8 ', 'webp'],
  ['RIFF that is sound', 'RIFF\x10\0\0\0WAVEfmt ', undefined],
  ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'heic'],
  ['HEIC by a compatible brand', '\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'heic'],
  ['AVIF', '\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf', 'avif'],
  ['AVIF by a compatible brand', '\0\0\0\x18ftypmif1\0\0\0\0mif1avif', 'avif'],
  ['a film', '\0\0\0\x18ftypisom\0\0\0\0isomavc1', undefined],
  ['OpenEXR', 'v/1\x01\x02\0\0\0', 'exr'],
  ['Radiance', '#?RADIANCE\n', 'radiance'],
  ['PFM', 'PF\n2 2\n-1.0\n', 'pfm'],
  ['JPEG XL codestream', '\xff\x0a\x00', 'jxl'],
  ['JPEG XL container', '\0\0\0\x0cJXL \r\n\x87\n', 'jxl'],
  ['text', 'hello, world', undefined],
  ['nothing', '', undefined],
];
for (const [name, text, kind] of kMagic) {
  it(`${name} is ${kind ?? 'unknown'}`, () => assert.equal(sniff(bytes(text)), kind));
}

const fixtures = sharedFixtures();

it('an edit brings no HDR, its original does', () => {
  assert.equal(bringsHdr(fixtures.read('edit.jpg'), 'jpeg'), false);
  assert.equal(bringsHdr(fixtures.read('original.jpg'), 'jpeg'), true);
  assert.equal(bringsHdr(fixtures.read('scene.png'), 'png'), false);
});
for (const format of ['heic', 'avif'] as const) {
  it(`the same in ${format}`, () => {
    fixtures.process(`result.${format}`, '--img', fixtures.path('edit.jpg'), '--ref',
      fixtures.path('original.jpg'));
    const file = fixtures.read(`result.${format}`);
    assert.equal(sniff(file), format);
    assert.equal(bringsHdr(file, format), true);
  });
}
it('a PNG in PQ brings HDR', () => {
  const head = '\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR' + 'x'.repeat(17) + '\0\0\0\x04cICP\x09\x10\0\x01';
  assert.equal(bringsHdr(bytes(head), 'png'), true);
  assert.equal(bringsHdr(bytes(head.replace('\x09\x10', '\x09\x0d')), 'png'), false);
});
it('a float TIFF brings HDR', () => {
  const tiff = (format: number): Uint8Array =>
    bytes(`II*\0\x08\0\0\0\x01\0\x53\x01\x03\0\x01\0\0\0${String.fromCharCode(format)}\0\0\0`);
  assert.equal(bringsHdr(tiff(3), 'tiff'), true);
  assert.equal(bringsHdr(tiff(1), 'tiff'), false);
});
