// The simulation's formula and the map's colours, on pixels whose answer is known.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { falseColor, stopsText } from '../../src/stage/false_color';
import type { GainMapNumbers } from '../../src/files/gain_map_numbers';
import { gainStops, renderHdr, rolledOff, stopsAboveWhite, type Pixels } from '../../src/stage/rendering';

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
  renderHdr(pixels, by, { exposureStops: exposure }, out);
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

describe('tone-mapped', () => {
  const mapped = (pixels: Pixels, by: GainMapNumbers): number[] => {
    const out = new Uint8ClampedArray(4);
    renderHdr(pixels, by, 'tone-mapped', out);
    return [...out];
  };
  it('mid-tones without gain are as they are', () => {
    for (const code of [0, 12, 60, 128, 187]) {
      const [r = 0] = mapped(pixel([code, code, code], [0, 0, 0]), numbers(0, 3));
      assert.ok(Math.abs(r - code) <= (code < 20 ? 2 : 1), `${code} became ${r}`);
    }
  });
  it('what SDR has at white is told apart: the peak is white, plain white below it', () => {
    const [peak = 0] = mapped(pixel([255, 255, 255], [255, 255, 255]), numbers(0, 3));
    const [half = 0] = mapped(pixel([255, 255, 255], [128, 128, 128]), numbers(0, 3));
    const [paper = 0] = mapped(pixel([255, 255, 255], [0, 0, 0]), numbers(0, 3));
    assert.ok(peak >= 254, `${peak}`);
    assert.ok(peak > half + 5 && half > paper + 5, `${peak}, ${half}, ${paper}`);
    assert.ok(paper > 215, `${paper}: not the whole is darkened`);
  });
  it('the hue stays', () => {
    const [r = 0, g = 0, b = 0] = mapped(pixel([255, 188, 100], [255, 255, 255]), numbers(0, 3)).map(linear);
    const wanted = [255, 188, 100].map((code) => (linear(code) + 1 / 64) * 8 - 1 / 64);
    for (const [shown, of] of [[g / r, wanted[1]! / wanted[0]!], [b / r, wanted[2]! / wanted[0]!]] as const) {
      assert.ok(Math.abs(shown / of - 1) < 0.03, `${shown}, ${of}`);
    }
  });
  it('the curve rises, meets itself at the knee, and ends in white', () => {
    for (const peak of [1.05, 2, 5, 64]) {
      let before = 0;
      for (let light = 0; light <= peak; light += peak / 500) {
        const shown = rolledOff(light, peak);
        assert.ok(shown >= before, `${light} of ${peak}`);
        before = shown;
      }
      assert.ok(Math.abs(rolledOff(peak, peak) - 1) < 1e-9);
      assert.ok(Math.abs(rolledOff(0.5001, peak) - 0.5001) < 1e-6);
      assert.equal(rolledOff(2 * peak, peak), 1);
    }
  });
});

it('light in stops above white', () => {
  const stops = (base: number[], map: number[], by: GainMapNumbers): number => stopsAboveWhite(pixel(base, map), by, 0);
  assert.ok(Math.abs(stops([255, 255, 255], [0, 0, 0], numbers(0, 3))) < 1e-5);
  assert.ok(Math.abs(stops([255, 255, 255], [255, 255, 255], numbers(0, 3)) - Math.log2(8 + 7 / 64)) < 1e-5);
  assert.ok(Math.abs(stops([188, 188, 188], [0, 0, 0], numbers(0, 3)) - Math.log2(linear(188))) < 1e-5);
  assert.ok(Math.abs(stops([0, 255, 0], [0, 0, 0], numbers(0, 3)) - Math.log2(0.7152)) < 1e-5);
  assert.equal(stops([0, 0, 0], [0, 0, 0], numbers(0, 3)), -12);
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
