// The gain map in false colour: canvas, legend, and a read-out under pointer or keyboard.
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
/** Where the read-out is, as shares of width and height. */
let spot: { x: number; y: number } | undefined;

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

/** Gain, and what it multiplies light by, at the spot. */
function showReadout(): void {
  const readout = byId('readout', HTMLParagraphElement);
  const crosshair = byId('crosshair', HTMLSpanElement);
  crosshair.hidden = spot === undefined || shown === undefined || byId('map', HTMLCanvasElement).hidden;
  if (spot === undefined || shown === undefined) {
    readout.textContent = 'Point at the map to read the gain';
    return;
  }
  const { width, height } = shown.pixels;
  const x = Math.min(width - 1, Math.floor(spot.x * width));
  const y = Math.min(height - 1, Math.floor(spot.y * height));
  const pixel = y * width + x;
  const gain = gainStops(shown.pixels.map, shown.numbers, pixel, pixel + 1)[0] ?? 0;
  const place = `${Math.round(100 * spot.x)} % across, ${Math.round(100 * spot.y)} % down`;
  const light = (2 ** gain).toFixed(2);
  readout.replaceChildren(
    element('strong', {}, `${stopsText(gain)} stops`), `, light × ${light}`,
    element('span', { className: 'place' }, place),
  );
  crosshair.style.setProperty('left', `${100 * spot.x}%`);
  crosshair.style.setProperty('top', `${100 * spot.y}%`);
}

const kSteps: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Wires pointer and keyboard, once. */
export function wireMapView(): void {
  const canvas = byId('map', HTMLCanvasElement);
  const clamp = (share: number): number => Math.min(1, Math.max(0, share));
  const point = (event: PointerEvent): void => {
    const box = canvas.getBoundingClientRect();
    spot = {
      x: clamp((event.clientX - box.left) / box.width),
      y: clamp((event.clientY - box.top) / box.height),
    };
    showReadout();
  };
  canvas.addEventListener('pointermove', point);
  canvas.addEventListener('pointerdown', point);
  canvas.addEventListener('keydown', (event) => {
    const step = kSteps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const reach = event.shiftKey ? 0.1 : 0.01;
    const from = spot ?? { x: 0.5, y: 0.5 };
    spot = { x: clamp(from.x + reach * step[0]), y: clamp(from.y + reach * step[1]) };
    showReadout();
  });
}

/** Shows a map under these numbers; the colours span the map's range. */
export function showMap(pixels: Pixels, numbers: GainMapNumbers): void {
  const isSameMap = shown?.pixels === pixels;
  shown = { pixels, numbers, ...range(numbers) };
  // A boost scales gains and the end of the scale alike: the colours stay.
  if (!isSameMap) drawMap(shown);
  drawLegend(shown);
  showReadout();
}

export function forgetMap(): void {
  shown = undefined;
  spot = undefined;
}

/** The read-out belongs to the map's view. */
export function refreshReadout(): void {
  showReadout();
}
