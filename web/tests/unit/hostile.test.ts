// Broken, cut and foreign files: the parsers answer, and answer soon.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { withBoost } from '../../src/files/gain_map_numbers';
import { readJpegR, withNumbers } from '../../src/files/jpeg_r';
import { bringsHdr, sniff } from '../../src/files/sniff';
import { sharedFixtures } from '../support/fixtures';
import { kFormats } from '../support/formats';

const fixtures = sharedFixtures();
const whole = fixtures.read('result.jpg');

/** Everything the page does with bytes it has been given. */
function readAll(bytes: Uint8Array): void {
  const format = sniff(bytes, kFormats);
  if (format !== undefined) bringsHdr(bytes, format);
  const file = readJpegR(bytes);
  if (file !== undefined) withNumbers(file, withBoost(file.numbers, 2));
}

/** A fixed sequence of numbers below `limit` (Numerical Recipes' generator). */
function sequence(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe('our own file', () => {
  it('is read whole', () => assert.ok(readJpegR(whole)));

  it('is refused when cut anywhere', () => {
    for (let length = 0; length < whole.length; length += 1 + Math.floor(length / 64)) {
      const cut = whole.slice(0, length);
      readAll(cut);
      assert.equal(readJpegR(cut), undefined, `cut to ${length} bytes`);
    }
  });

  it('does no harm with changed bytes', () => {
    const next = sequence(1);
    const file = readJpegR(whole);
    assert.ok(file);
    // The headers of both streams: elsewhere bytes are samples.
    const headers: [number, number][] = [[0, 4000], [file.map.start, 2000]];
    for (let round = 0; round < 4000; ++round) {
      const bytes = whole.slice();
      const [start, length] = headers[round % 2] ?? [0, 0];
      for (let i = 0; i < 3; ++i) bytes[start + next(length)] = next(256);
      readAll(bytes);
    }
  });
});

const kOddFiles: [string, Uint8Array][] = [
  ['nothing', new Uint8Array(0)],
  ['SOI alone', Uint8Array.of(0xff, 0xd8)],
  ['a million fill bytes', new Uint8Array(1 << 20).fill(0xff).with(1, 0xd8)],
  ['markers that stand alone for ever', Uint8Array.from({ length: 1 << 16 }, (_, i) => (i % 2 ? 0xd8 : 0xff))],
  ['a segment of length 0', Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, 0, 0xff, 0xd9)],
  ['boxes of a length beyond 2^53', Uint8Array.of(0, 0, 0, 8, 0x66, 0x74, 0x79, 0x70, 0, 0, 0, 1, 0x6d, 0x65, 0x74, 0x61,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
  ['an endless box', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x66, 0x74, 0x79, 0x70, 1, 2, 3)],
];
for (const [name, bytes] of kOddFiles) {
  it(`${name} is nothing of ours`, () => {
    readAll(bytes);
    assert.equal(readJpegR(bytes), undefined);
  });
}

const corpus = process.env['HDR_PROCESS_CORPUS'] ?? '../shared/corpus';
const needed = (process.env['HDR_PROCESS_REQUIRE'] ?? '').split(',').includes('corpus');
describe('files of others', { skip: !existsSync(corpus) && !needed && 'no corpus' }, () => {
  for (const folder of ['hostile', 'sdr', 'uhdr', 'phone', 'heic', 'hdri']) {
    it(`${folder}: no file makes the parsers throw`, () => {
      for (const name of readdirSync(join(corpus, folder))) {
        const path = join(corpus, folder, name);
        if (!statSync(path).isFile()) continue;
        readAll(new Uint8Array(readFileSync(path)));
      }
    });
  }
  it('phone pictures bring HDR, plain ones do not', () => {
    const verdict = (path: string): boolean => {
      const bytes = new Uint8Array(readFileSync(join(corpus, path)));
      const format = sniff(bytes, kFormats);
      return format !== undefined && bringsHdr(bytes, format);
    };
    for (const name of readdirSync(join(corpus, 'phone'))) {
      assert.equal(verdict(`phone/${name}`), true, name);
    }
    for (const name of readdirSync(join(corpus, 'sdr'))) {
      assert.equal(verdict(`sdr/${name}`), false, name);
    }
  });
});
