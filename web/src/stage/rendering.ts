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

/** Gain in stops for a code of one channel: min + (max - min) (code/255)^(1/gamma). */
function gainOf({ gainMapMin, gainMapMax, gamma }: ChannelNumbers<number>, code: number): number {
  return gainMapMin + (gainMapMax - gainMapMin) * (code / 255) ** (1 / gamma);
}

/** Of each code. */
export function gainTable(channel: ChannelNumbers<number>): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => gainOf(channel, code));
}

function channelOf(numbers: GainMapNumbers, c: number): ChannelNumbers<number> | undefined {
  return numbers.channels[c] ?? numbers.channels[0];
}

/** How the HDR rendition is brought onto an SDR display. */
export type Look =
  /** Brighter by so many stops, and clipped at SDR white. */
  | { exposureStops: number }
  /** Mid-tones as they are, highlights rolled off. */
  | 'tone-mapped';

/** Up to here, in linear light with SDR white at 1, a tone-mapped picture is as it is. */
const kKnee = 0.5;

/**
 * The largest of three lights as it is shown where `peak` (above 1) becomes white: itself up to the
 * knee, then Reinhard's curve a t / (1 + (a - 1) t), which goes on at the same slope and ends in 1
 * (Reinhard et al. 2002, "Photographic Tone Reproduction", eq. 4, moved to the knee).
 */
export function rolledOff(light: number, peak: number): number {
  if (light <= kKnee) return light;
  const a = (peak - kKnee) / (1 - kKnee);
  const t = Math.min(1, (light - kKnee) / (peak - kKnee));
  return kKnee + ((1 - kKnee) * a * t) / (1 + (a - 1) * t);
}

/** Gain as a factor for each code of one channel, and its offsets. */
function liftOf(channel: ChannelNumbers<number>): { lift: Float32Array; base: number; alternate: number } {
  return {
    lift: gainTable(channel).map((stops) => 2 ** stops),
    base: channel.baseOffset,
    alternate: channel.alternateOffset,
  };
}

/** Writes the HDR rendition at full headroom as sRGB codes into `out` (RGBA, the size of the pixels). */
export function renderHdr(pixels: Pixels, numbers: GainMapNumbers, look: Look, out: Uint8ClampedArray): void {
  const [red, green, blue] = [0, 1, 2].map((c) => channelOf(numbers, c)).map((c) => c && liftOf(c));
  if (red === undefined || green === undefined || blue === undefined) return;
  const { base, map } = pixels;
  const isToneMapped = look === 'tone-mapped';
  const exposure = isToneMapped ? 1 : 2 ** look.exposureStops;
  const peak = Math.max(1.001, 2 ** numbers.alternateHdrHeadroom);
  const lit = (side: NonNullable<typeof red>, i: number): number => Math.max(0,
    ((kLinear[base[i] ?? 0] ?? 0) + side.base) * (side.lift[map[i] ?? 0] ?? 1) - side.alternate);
  for (let i = 0; i < out.length; i += 4) {
    const r = lit(red, i);
    const g = lit(green, i + 1);
    const b = lit(blue, i + 2);
    const most = Math.max(r, g, b);
    // All three by one factor: the hue stays.
    const factor = isToneMapped && most > kKnee ? rolledOff(most, peak) / most : exposure;
    out[i] = kCodes[(Math.min(1, r * factor) * 4096 + 0.5) | 0] ?? 0;
    out[i + 1] = kCodes[(Math.min(1, g * factor) * 4096 + 0.5) | 0] ?? 0;
    out[i + 2] = kCodes[(Math.min(1, b * factor) * 4096 + 0.5) | 0] ?? 0;
    out[i + 3] = 255;
  }
}

/** Stops of the HDR rendition's luminance above SDR white (below: negative), at one pixel. */
export function stopsAboveWhite({ base, map }: Pixels, numbers: GainMapNumbers, pixel: number): number {
  const luminance = kWeights.reduce((sum, weight, c) => {
    const channel = channelOf(numbers, c);
    if (channel === undefined) return sum;
    const sdr = kLinear[base[4 * pixel + c] ?? 0] ?? 0;
    const lift = 2 ** gainOf(channel, map[4 * pixel + c] ?? 0);
    return sum + weight * ((sdr + channel.baseOffset) * lift - channel.alternateOffset);
  }, 0);
  return Math.log2(Math.max(2 ** -12, luminance));
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
