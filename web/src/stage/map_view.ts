// The gain map in false colour, and its legend.
import { byId, context2d, element } from '../page/dom';
import { falseColor, stopsText } from './false_color';
import type { GainMapNumbers } from '../files/gain_map_numbers';
import { gainStops, type Pixels } from './rendering';

interface Shown {
  pixels: Pixels;
  numbers: GainMapNumbers;
  from: number;
  to: number;
}

let shown: Shown | undefined;

function range(numbers: GainMapNumbers): { from: number; to: number } {
  const from = Math.min(0, ...numbers.channels.map((c) => c.gainMapMin));
  const to = Math.max(0.1, ...numbers.channels.map((c) => c.gainMapMax));
  return { from, to };
}

function drawMap(map: Shown): void {
  const canvas = byId('map', HTMLCanvasElement);
  const { width, height } = map.pixels;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = context2d(canvas);
  const image = context.createImageData(width, height);
  const limit = Math.max(map.to, -map.from);
  // 512 steps on either side are more than the map's 256 codes.
  const palette = Array.from({ length: 1025 }, (_, i) => falseColor(((i - 512) / 512) * limit, limit));
  const stops = gainStops(map.pixels.map, map.numbers);
  for (let p = 0; p < stops.length; ++p) {
    const index = Math.round(((stops[p] ?? 0) / limit) * 512) + 512;
    const color = palette[Math.min(1024, Math.max(0, index))] ?? [0, 0, 0];
    image.data.set(color, 4 * p);
    image.data[4 * p + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

function drawLegend({ from, to }: { from: number; to: number }): void {
  const canvas = byId('legend-scale', HTMLCanvasElement);
  const context = context2d(canvas);
  const limit = Math.max(to, -from);
  for (let x = 0; x < canvas.width; ++x) {
    const [r, g, b] = falseColor(from + ((to - from) * x) / (canvas.width - 1), limit);
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(x, 0, 1, canvas.height);
  }
  const labels = [from, (from + to) / 2, to].map((stops, i) =>
    element('span', {}, i === 2 ? `${stopsText(stops)} stops` : stopsText(stops)),
  );
  byId('legend-ticks', HTMLParagraphElement).replaceChildren(...labels);
}

/** Takes a map and its numbers; the colours span the map's range. */
export function showMap(pixels: Pixels, numbers: GainMapNumbers): void {
  shown = { pixels, numbers, ...range(numbers) };
  drawLegend(shown);
}

/** The map as it was drawn last. */
let drawn: Uint8ClampedArray | undefined;

/** Draws it where that has not been done: only for who looks at it. */
export function drawMapOnce(): void {
  // A boost scales gains and the end of the scale alike: the colours stay.
  if (shown === undefined || drawn === shown.pixels.map) return;
  drawn = shown.pixels.map;
  drawMap(shown);
}

export function forgetMap(): void {
  shown = undefined;
}
