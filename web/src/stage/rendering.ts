// ISO 21496-1's formula on pixels: the HDR rendition, seen through an exposure, for displays that
// cannot show it. No DOM here.
import type { ChannelNumbers, GainMapNumbers } from '../files/gain_map_numbers';

/** Coded RGBA pixels of base and map at one size, both upright. */
export interface Pixels {
  width: number;
  height: number;
  base: Uint8ClampedArray;
  map: Uint8ClampedArray;
}

/** sRGB's curve for 8-bit codes (IEC 61966-2-1). */
const kLinear = Float32Array.from({ length: 256 }, (_, code) => {
  const v = code / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

/** sRGB's inverse curve, by 12 bits of linear light: within half a code of the exact one above
 * code 20, which is enough for looking. */
const kCodes = Uint8ClampedArray.from({ length: 4097 }, (_, i) => {
  const v = i / 4096;
  return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
});

/** Gain in stops for each code of one channel: min + (max - min) (code/255)^(1/gamma). */
export function gainTable(channel: ChannelNumbers<number>): Float32Array {
  const range = channel.gainMapMax - channel.gainMapMin;
  return Float32Array.from(
    { length: 256 },
    (_, code) => channel.gainMapMin + range * (code / 255) ** (1 / channel.gamma),
  );
}

function channelOf(numbers: GainMapNumbers, c: number): ChannelNumbers<number> | undefined {
  return numbers.channels[c] ?? numbers.channels[0];
}

/**
 * Writes the HDR rendition at full headroom, `exposureStops` brighter and clipped at SDR white, as
 * sRGB codes into `out` (RGBA, the size of the pixels).
 */
export function renderHdr(
  pixels: Pixels,
  numbers: GainMapNumbers,
  exposureStops: number,
  out: Uint8ClampedArray,
): void {
  const exposure = 2 ** exposureStops;
  for (let c = 0; c < 3; ++c) {
    const channel = channelOf(numbers, c);
    if (channel === undefined) return;
    const lift = gainTable(channel).map((stops) => 2 ** stops);
    const { baseOffset, alternateOffset } = channel;
    for (let i = c; i < out.length; i += 4) {
      const sdr = kLinear[pixels.base[i] ?? 0] ?? 0;
      const hdr = (sdr + baseOffset) * (lift[pixels.map[i] ?? 0] ?? 1) - alternateOffset;
      const code = Math.min(1, Math.max(0, hdr * exposure)) * 4096 + 0.5;
      out[i] = kCodes[code | 0] ?? 0;
    }
  }
  for (let i = 3; i < out.length; i += 4) out[i] = 255;
}

/** The base seen through the same exposure, likewise clipped at SDR white. */
export function renderSdr(pixels: Pixels, exposureStops: number, out: Uint8ClampedArray): void {
  const codes = kLinear.map((light) => {
    const seen = Math.min(1, light * 2 ** exposureStops);
    return kCodes[(seen * 4096 + 0.5) | 0] ?? 0;
  });
  for (let i = 0; i < out.length; ++i) {
    out[i] = i % 4 === 3 ? 255 : (codes[pixels.base[i] ?? 0] ?? 0);
  }
}

/** Luminance's weights of sRGB (BT.709): one gain stands for three. */
const kWeights = [0.2126, 0.7152, 0.0722];

/** The gain at the pixels `from` to `to` of the map, in stops; of three channels their weighted mean. */
export function gainStops(
  map: Uint8ClampedArray,
  numbers: GainMapNumbers,
  from = 0,
  to = map.length / 4,
): Float32Array {
  const stops = new Float32Array(to - from);
  for (let c = 0; c < 3; ++c) {
    const channel = channelOf(numbers, c);
    if (channel === undefined) return stops;
    const table = gainTable(channel);
    const weight = kWeights[c] ?? 0;
    for (let p = 0; p < stops.length; ++p) {
      stops[p] = (stops[p] ?? 0) + weight * (table[map[4 * (from + p) + c] ?? 0] ?? 0);
    }
  }
  return stops;
}
