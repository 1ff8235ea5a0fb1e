// A pair to try the page with, drawn here: an evening by the water. The light is computed; the edit
// is what a camera and a warm editor would make of it, the original the light itself (Radiance RGBE).
import { context2d } from '../page/dom';

const kWidth = 1200;
const kHeight = 800;
/** In SDR white. */
type Light = readonly [number, number, number];

const mix = (a: Light, b: Light, t: number): Light =>
  [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
const smooth = (t: number): number => {
  const s = Math.min(1, Math.max(0, t));
  return s * s * (3 - 2 * s);
};

/** Noise of one dimension, smooth, -1 to 1. */
function ridge(x: number, seed: number): number {
  return Math.sin(x + seed) * 0.5 + Math.sin(2.3 * x + 2 * seed) * 0.3 + Math.sin(5.1 * x + 3 * seed) * 0.2;
}

/** Repeatable noise of a pixel, 0 to 1. */
function grain(x: number, y: number): number {
  const n = Math.sin(12.9898 * x + 78.233 * y) * 43758.5453;
  return n - Math.floor(n);
}

const kSun = { x: 0.63, y: 0.44 };
const kHorizon = 0.56;

function sky(u: number, v: number, hasSun = true): Light {
  const height = smooth(1 - v / kHorizon);
  let light = mix([1.05, 0.52, 0.2], [0.1, 0.17, 0.36], height);
  const away = Math.hypot((u - kSun.x) * 1.5, v - kSun.y);
  light = mix(light, [2.2, 1.1, 0.38], Math.exp(-away * 7) * 0.8);
  const cloud = smooth(ridge(u * 9 + v * 30, 1) * 0.8 + ridge(u * 23 - v * 55, 4) * 0.5 - 0.15) * smooth(1 - Math.abs(v - 0.24) * 4);
  light = mix(light, [1.5 - v, 0.62, 0.42], cloud * 0.55);
  if (hasSun && away < 0.035) light = mix([14, 10.5, 6.5], light, smooth((away - 0.03) / 0.005));
  return light;
}

/** The scene at shares of width and height. */
function scene(u: number, v: number, x: number, y: number): Light {
  const hill = kHorizon - 0.035 - 0.04 * ridge(u * 6, 2);
  const house = Math.floor(u * 26);
  const shore = kHorizon + 0.012 * ridge(u * 14, 7);
  if (v < shore) {
    if (v > hill) {
      const dark = mix([0.1, 0.07, 0.08], [0.05, 0.035, 0.04], (v - hill) * 12);
      const inWindow = Math.abs(u * 26 - house - 0.5) < 0.1 && Math.abs(v - shore + 0.03) < 0.006;
      return inWindow && grain(house, 3) > 0.45 ? [5.5, 3.4, 1.3] : dark;
    }
    return sky(u, v);
  }
  // Water: the sky upside down, broken by waves; glints below the sun.
  const depth = (v - shore) / (1 - shore);
  const wave = 0.05 * depth * ridge(u * 40 + v * 90, 5) + 0.01 * (grain(x, y) - 0.5);
  const above = sky(Math.min(1, Math.max(0, u + wave)), Math.max(0, kHorizon - (v - kHorizon) * 1.1 + wave), false);
  let light = mix(above, [0.03, 0.06, 0.09], 0.35 + 0.4 * depth);
  const path = Math.exp(-(((u - kSun.x) / (0.02 + 0.09 * depth)) ** 2));
  const glint = smooth((ridge(u * 120 + wave * 80, 9) * ridge(v * 260 + u * 20, 3) - 0.12) * 5) * path;
  light = mix(light, [9, 6.2, 3], glint * 0.75);
  if (v > 0.9 + 0.03 * ridge(u * 8, 11)) light = mix([0.035, 0.03, 0.035], [0.09, 0.06, 0.045], grain(x >> 1, y >> 1) * 0.5);
  return light;
}

/** A camera's curve: mid-tones as they are, white at about four times white. */
function camera(light: number): number {
  const shown = light < 0.4 ? light : 0.4 + 0.6 * (1 - Math.exp(-(light - 0.4) / 0.75));
  return shown <= 0.0031308 ? 12.92 * shown : 1.055 * shown ** (1 / 2.4) - 0.055;
}

/** Radiance's shared exponent (Ward, "Real Pixels", Graphics Gems II). */
function rgbe([r, g, b]: Light, out: Uint8Array, at: number): void {
  const most = Math.max(r, g, b, 1e-9);
  const exponent = Math.floor(Math.log2(most)) + 1;
  const scale = 256 / 2 ** exponent;
  out.set([Math.min(255, r * scale), Math.min(255, g * scale), Math.min(255, b * scale), exponent + 128], at);
}

/** Edit and original, as files. */
export async function drawExample(): Promise<File[]> {
  const head = new TextEncoder().encode(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${kHeight} +X ${kWidth}\n`);
  const original = new Uint8Array(head.length + 4 * kWidth * kHeight);
  original.set(head);
  const canvas = document.createElement('canvas');
  canvas.width = kWidth;
  canvas.height = kHeight;
  const context = context2d(canvas);
  const edit = context.createImageData(kWidth, kHeight);
  for (let y = 0; y < kHeight; ++y) {
    for (let x = 0; x < kWidth; ++x) {
      const light = scene(x / kWidth, y / kHeight, x, y);
      const i = 4 * (y * kWidth + x);
      rgbe(light, original, head.length + i);
      edit.data.set([255 * camera(light[0] * 1.06), 255 * camera(light[1]), 255 * camera(light[2] * 0.94), 255], i);
    }
  }
  context.putImageData(edit, 0, 0);
  const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
  return [
    new File([jpeg ?? new Blob()], 'example-edit.jpg', { type: 'image/jpeg' }),
    new File([original], 'example-original.hdr', { type: 'image/vnd.radiance' }),
  ];
}
