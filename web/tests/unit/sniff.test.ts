import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bringsHdr, sniff } from '../../src/files/sniff';
import { walkJpeg } from '../../src/files/jpeg';
import { sharedFixtures } from '../support/fixtures';
import { format, kFormats } from '../support/formats';
import { withXmpOf } from '../support/stale';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const kMagic: [string, string, string | undefined][] = [
  ['JPEG', '\xff\xd8\xff\xe0', 'jpeg'],
  ['PNG', '\x89PNG\r\n\x1a\n', 'png'],
  ['TIFF, little endian', 'II*\0', 'tiff'],
  ['TIFF, big endian', 'MM\0*', 'tiff'],
  ['BigTIFF, little endian', 'II+\0', 'tiff'],
  ['BigTIFF, big endian', 'MM\0+', 'tiff'],
  ['WebP', 'RIFF\x10\0\0\0WEBPVP8 ', 'webp'],
  ['RIFF that is sound', 'RIFF\x10\0\0\0WAVEfmt ', undefined],
  ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'heic'],
  ['HEIC by a compatible brand', '\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'heic'],
  ['AVIF', '\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf', 'avif'],
  ['AVIF by a compatible brand', '\0\0\0\x18ftypmif1\0\0\0\0mif1avif', 'avif'],
  ['HEIC by the last of its brands', '\0\0\0\x18ftypisom\0\0\0\0isommif2', 'heic'],
  ['a version that looks like a brand', '\0\0\0\x14ftypisomavifisom', undefined],
  ['a brand behind its box', '\0\0\0\x14ftypisom\0\0\0\0isomavif', undefined],
  ['a film', '\0\0\0\x18ftypisom\0\0\0\0isomavc1', undefined],
  ['OpenEXR', 'v/1\x01\x02\0\0\0', 'exr'],
  ['Radiance', '#?RADIANCE\n', 'radiance'],
  ['Radiance, older', '#?RGBE\n', 'radiance'],
  ['PFM', 'PF\n2 2\n-1.0\n', 'pfm'],
  ['PFM, grey', 'Pf\n2 2\n-1.0\n', 'pfm'],
  ['JPEG XL codestream', '\xff\x0a\x00', 'jxl'],
  ['JPEG XL container', '\0\0\0\x0cJXL \r\n\x87\n', 'jxl'],
  ['text', 'hello, world', undefined],
  ['nothing', '', undefined],
];
for (const [name, text, kind] of kMagic) {
  it(`${name} is ${kind ?? 'unknown'}`, () => assert.equal(sniff(bytes(text), kFormats)?.word, kind));
}

const fixtures = sharedFixtures();

it('an edit brings no HDR, its original does', () => {
  assert.equal(bringsHdr(fixtures.read('edit.jpg'), format('jpeg')), false);
  assert.equal(bringsHdr(fixtures.read('original.jpg'), format('jpeg')), true);
  assert.equal(bringsHdr(fixtures.read('scene.png'), format('png')), false);
});
for (const word of ['heic', 'avif']) {
  it(`the same in ${word}`, () => {
    fixtures.process(`result.${word}`, '--img', fixtures.path('edit.jpg'), '--ref',
      fixtures.path('original.jpg'));
    const file = fixtures.read(`result.${word}`);
    assert.equal(sniff(file, kFormats)?.word, word);
    assert.equal(bringsHdr(file, format(word)), true);
  });
}
it('a PNG in PQ brings HDR', () => {
  const head = '\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR' + 'x'.repeat(17) + '\0\0\0\x04cICP\x09\x10\0\x01';
  assert.equal(bringsHdr(bytes(head), format('png')), true);
  assert.equal(bringsHdr(bytes(head.replace('\x09\x10', '\x09\x0d')), format('png')), false);
});
it('a float TIFF brings HDR', () => {
  const tiff = (sampleFormat: number): Uint8Array =>
    bytes(`II*\0\x08\0\0\0\x01\0\x53\x01\x03\0\x01\0\0\0${String.fromCharCode(sampleFormat)}\0\0\0`);
  assert.equal(bringsHdr(tiff(3), format('tiff')), true);
  assert.equal(bringsHdr(tiff(1), format('tiff')), false);
});
it('a rendering is nothing but HDR, a WebP never', () => {
  for (const word of ['exr', 'radiance', 'pfm']) assert.equal(bringsHdr(bytes(''), format(word)), true, word);
  assert.equal(bringsHdr(bytes(''), format('webp')), false);
});

it('what the XMP of an edit says of a gain map that is gone is no HDR', () => {
  const stale = withXmpOf(fixtures.read('edit.jpg'), fixtures.read('original.jpg'));
  assert.ok(walkJpeg(stale, 0)?.complete);
  assert.match(new TextDecoder('latin1').decode(stale), /hdrgm/);
  assert.equal(bringsHdr(stale, format('jpeg')), false);
});
it('a map without an index is found behind the picture, other pictures there are none', () => {
  const original = fixtures.read('original.jpg');
  const end = walkJpeg(original, 0)?.end ?? 0;
  const base = fixtures.read('edit.jpg');
  const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
  assert.equal(bringsHdr(join(base, original.subarray(end)), format('jpeg')), true);
  assert.equal(bringsHdr(join(base, new Uint8Array(64), base, original.subarray(end)), format('jpeg')), true);
  assert.equal(bringsHdr(join(base, base), format('jpeg')), false);
});
it('the words of a gain map in a HEIF\'s metadata are no gain map', () => {
  const plain = bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x0cmeta\0\0\0\0\0\0\0\x40mdattmap urn:com:apple:photo:2020:aux:hdrgainmap tmap');
  assert.equal(bringsHdr(plain, format('heic')), false);
});
it('a HEIF in PQ or HLG brings HDR', () => {
  const box = (type: string, ...inside: string[]): string => {
    const body = inside.join('');
    return `\0\0\0${String.fromCharCode(body.length + 8)}${type}${body}`;
  };
  const file = (transfer: string): Uint8Array => bytes(box('ftyp', 'avif\0\0\0\0avifmif1') +
    box('meta', '\0\0\0\0', box('iprp', box('ipco', box('colr', `nclx\0\x09\0${transfer}\0\x09\x80`)))));
  assert.equal(bringsHdr(file('\x10'), format('avif')), true);
  assert.equal(bringsHdr(file('\x12'), format('avif')), true);
  assert.equal(bringsHdr(file('\x0d'), format('avif')), false);
});
it('a JPEG XL with a gain map\'s box brings HDR', () => {
  const head = '\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ';
  assert.equal(bringsHdr(bytes(`${head}\0\0\0\x0cjhgmabcd`), format('jxl')), true);
  assert.equal(bringsHdr(bytes(`${head}\0\0\0\x0cjxlcjhgm`), format('jxl')), false);
});
