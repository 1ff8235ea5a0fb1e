// Live boost and strength: the page's bytes are the program's.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { withBoost, withStrength } from '../../src/files/gain_map_numbers';
import { readJpegR, withNumbers, type JpegR } from '../../src/files/jpeg_r';
import { withChannelNumbers } from '../support/channels';
import { sharedFixtures } from '../support/fixtures';

const fixtures = sharedFixtures();

function readFixture(name: string): JpegR {
  const file = readJpegR(fixtures.read(name));
  assert.ok(file, `${name} is not read as a file of the program`);
  return file;
}

function differences(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0);
}

const kStops = ['0.1', '0.37', '1', '1.25', '2', '2.3', '3.333', '6'];

describe('a boost by the page is the program\'s --boost, byte for byte', () => {
  const file = readFixture('result.jpg');
  for (const stops of kStops) {
    it(`${stops} stops`, () => {
      const edit = fixtures.path('edit.jpg');
      fixtures.process(
        'want.jpg', '--img', edit, '--ref', fixtures.path('original.jpg'), '--boost', stops,
      );
      const patched = withNumbers(file, withBoost(file.numbers, Number(stops)));
      assert.ok(patched);
      assert.equal(differences(patched, fixtures.read('want.jpg')), 0);
    });
  }
});

describe('with one number per channel', () => {
  const edit = fixtures.path('edit.jpg');
  const result = readFixture('result.jpg');
  writeFileSync(fixtures.path('channels.jpg'), withChannelNumbers(result));
  fixtures.process('colour.jpg', '--img', edit, '--ref', fixtures.path('channels.jpg'));
  const file = readFixture('colour.jpg');

  it('has three channels', () => {
    assert.equal(file.numbers.channels.length, 3);
    assert.equal(file.iso.length, 141);
  });
  for (const stops of ['0.8', '4.1']) {
    it(`${stops} stops`, () => {
      fixtures.process(
        'want.jpg', '--img', edit, '--ref', fixtures.path('colour.jpg'), '--boost', stops,
      );
      const patched = withNumbers(file, withBoost(file.numbers, Number(stops)));
      assert.ok(patched);
      assert.equal(differences(patched, fixtures.read('want.jpg')), 0);
    });
  }
});

describe('a boosted file', () => {
  const file = readFixture('result.jpg');

  it('leaves the one it is made from alone', () => {
    const before = fixtures.read('result.jpg');
    withNumbers(file, withBoost(file.numbers, 3));
    assert.equal(differences(file.bytes, before), 0);
  });
  it('has the base unchanged and no byte moved', () => {
    const patched = withNumbers(file, withBoost(file.numbers, 3));
    assert.ok(patched);
    assert.equal(patched.length, file.bytes.length);
    const baseLength = file.base.end;
    assert.equal(
      differences(patched.subarray(0, baseLength), file.bytes.subarray(0, baseLength)), 0,
    );
    assert.ok(differences(patched, file.bytes) > 0);
  });
  it('is read again with the new headroom', () => {
    const patched = withNumbers(file, withBoost(file.numbers, 3));
    const again = patched && readJpegR(patched);
    assert.equal(again?.numbers.alternateHdrHeadroom, 3);
  });
});

describe('a strength by the page is the program\'s --strength, byte for byte', () => {
  const pair = ['--img', fixtures.path('edit.jpg'), '--ref', fixtures.path('original.jpg')];
  const file = readFixture('result.jpg');
  for (const strength of [0.05, 0.3, 0.5, 0.95]) {
    it(`${strength}`, () => {
      fixtures.process('want.jpg', ...pair, '--strength', String(strength));
      const patched = withNumbers(file, withStrength(file.numbers, strength));
      assert.ok(patched);
      assert.equal(differences(patched, fixtures.read('want.jpg')), 0);
    });
  }
  it('after a boost', () => {
    fixtures.process('want.jpg', ...pair, '--boost', '3.1', '--strength', '0.7');
    const patched = withNumbers(file, withStrength(withBoost(file.numbers, 3.1), 0.7));
    assert.ok(patched);
    assert.equal(differences(patched, fixtures.read('want.jpg')), 0);
  });
});
