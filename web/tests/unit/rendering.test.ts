// The simulation's formula and the map's colours, on pixels whose answer is known.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { falseColor, stopsText } from '../../src/stage/false_color';
import type { GainMapNumbers } from '../../src/files/gain_map_numbers';
import { gainStops, renderHdr, renderSdr, type Pixels } from '../../src/stage/rendering';

const numbers = (min: number, max: number, gamma = 1): GainMapNumbers => ({
  baseHdrHeadroom: 0,
  alternateHdrHeadroom: max,
  channels: [{ gainMapMin: min, gainMapMax: max, gamma, baseOffset: 1 / 64, alternateOffset: 1 / 64 }],
});
const pixel = (base: number[], map: number[]): Pixels => ({
  width: 1,
  height: 1,
  base: Uint8ClampedArray.from([...base, 255]),
  map: Uint8ClampedArray.from([...map, 255]),
});
const linear = (code: number): number => {
  const v = code / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
};
function hdr(pixels: Pixels, by: GainMapNumbers, exposure: number): number[] {
  const out = new Uint8ClampedArray(4);
  renderHdr(pixels, by, exposure, out);
  return [...out];
}

describe('the HDR rendition', () => {
  it('is the base where the map says nothing', () => {
    for (const code of [0, 1, 12, 60, 128, 200, 254, 255]) {
      const [r = 0] = hdr(pixel([code, code, code], [0, 0, 0]), numbers(0, 3), 0);
      assert.ok(Math.abs(r - code) <= (code < 20 ? 2 : 1), `${code} became ${r}`);
    }
  });
  it('is lifted by the formula, seen through the exposure', () => {
    for (const [code, stops, exposure] of [[255, 3, -4], [188, 2, -3], [100, 1.5, -1]] as const) {
      const [r = 0] = hdr(pixel([code, code, code], [255, 255, 255]), numbers(0, stops), exposure);
      const wanted = ((linear(code) + 1 / 64) * 2 ** stops - 1 / 64) * 2 ** exposure;
      assert.ok(Math.abs(Math.log2(linear(r) / wanted)) < 0.03, `${linear(r)}, ${wanted}`);
    }
  });
  it('uses gamma', () => {
    const [r = 0] = hdr(pixel([255, 255, 255], [64, 64, 64]), numbers(0, 4, 2), -4);
    const wanted = ((1 + 1 / 64) * 2 ** (4 * Math.sqrt(64 / 255)) - 1 / 64) / 16;
    assert.ok(Math.abs(Math.log2(linear(r) / wanted)) < 0.03);
  });
  it('has numbers of its own for each channel', () => {
    const three = numbers(0, 1);
    const [first] = three.channels;
    assert.ok(first);
    three.channels.push({ ...first, gainMapMax: 2 }, { ...first, gainMapMax: 3 });
    const [r = 0, g = 0, b = 0] = hdr(pixel([128, 128, 128], [255, 255, 255]), three, -2);
    assert.ok(r < g && g < b, `${r}, ${g}, ${b}`);
  });
  it('is clipped at white, and opaque', () => {
    assert.deepEqual(hdr(pixel([255, 0, 255], [255, 0, 255]), numbers(0, 3), 4), [255, 0, 255, 255]);
  });
});

it('the SDR rendition is as much darker', () => {
  const out = new Uint8ClampedArray(4);
  renderSdr(pixel([255, 188, 0], [0, 0, 0]), -1, out);
  assert.ok(Math.abs(linear(out[0] ?? 0) - 0.5) < 0.01);
  assert.ok(Math.abs(linear(out[1] ?? 0) - linear(188) / 2) < 0.01);
  assert.deepEqual([out[2], out[3]], [0, 255]);
  renderSdr(pixel([255, 188, 0], [0, 0, 0]), 3, out);
  assert.deepEqual([...out], [255, 255, 0, 255]);
});

it('gain in stops, of three channels their weighted mean', () => {
  const near = (actual: number | undefined, wanted: number): void =>
    assert.ok(Math.abs((actual ?? NaN) - wanted) < 1e-5, `${actual}, ${wanted}`);
  near(gainStops(Uint8ClampedArray.from([255, 255, 255, 255]), numbers(-1, 3))[0], 3);
  near(gainStops(Uint8ClampedArray.from([0, 0, 0, 255]), numbers(-1, 3))[0], -1);
  near(gainStops(Uint8ClampedArray.from([0, 255, 0, 255]), numbers(0, 1))[0], 0.7152);
});

describe('false colour', () => {
  const light = ([r, g, b]: readonly [number, number, number]): number =>
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  it('gets lighter with the gain, in either direction', () => {
    for (const sign of [1, -1]) {
      for (let i = 1; i <= 64; ++i) {
        const before = light(falseColor((sign * (i - 1)) / 64, 1));
        const after = light(falseColor((sign * i) / 64, 1));
        assert.ok(after > before, `${sign * i}/64`);
      }
    }
  });
  it('tells a lowered place from a lifted one', () => {
    const [r, , b] = falseColor(-0.5, 1);
    assert.ok(b > r);
    const lifted = falseColor(0.7, 1);
    assert.ok(lifted[0] > lifted[2]);
  });
  it('ends where the scale ends', () => {
    assert.deepEqual(falseColor(9, 2), falseColor(2, 2));
    assert.deepEqual(falseColor(-9, 2), falseColor(-2, 2));
  });
});

for (const [stops, text] of [[1.25, '+1.25'], [-0.4, '−0.40'], [0, '0.00'], [0.004, '0.00'], [-0.004, '0.00']] as const) {
  it(`${stops} stops are ${text}`, () => assert.equal(stopsText(stops), text));
}
