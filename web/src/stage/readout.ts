// What stands under the pointer: gain, and how bright the HDR picture is against SDR white.
import { byId, element } from '../page/dom';
import type { GainMapNumbers } from '../files/gain_map_numbers';
import { stopsText } from './false_color';
import { gainStops, stopsAboveWhite, type Pixels } from './rendering';
import { placeOf, reveal, shareAt } from './viewport';

let shown: { pixels: Pixels; numbers: GainMapNumbers } | undefined;
/** As shares of width and height. */
let spot: { x: number; y: number } | undefined;
/** The map's view has a cross at the spot. */
let hasCross = false;

function aboveText(stops: number): string {
  const text = Math.abs(stops).toFixed(1);
  if (text === '0.0') return 'as bright as white';
  return `${text} ${text === '1.0' ? 'stop' : 'stops'} ${stops > 0 ? 'above' : 'below'} white`;
}

/** Puts the read-out right: after the picture has moved, or the view has changed. */
export function refreshReadout(): void {
  const readout = byId('readout', HTMLParagraphElement);
  const crosshair = byId('crosshair', HTMLSpanElement);
  crosshair.hidden = spot === undefined || shown === undefined || !hasCross;
  if (shown === undefined) {
    readout.textContent = '';
    return;
  }
  if (spot === undefined) {
    readout.textContent = 'Point at the picture to read gain and light';
    return;
  }
  const { width, height } = shown.pixels;
  const x = Math.min(width - 1, Math.floor(spot.x * width));
  const y = Math.min(height - 1, Math.floor(spot.y * height));
  const pixel = y * width + x;
  const gain = gainStops(shown.pixels.map, shown.numbers, pixel, pixel + 1)[0] ?? 0;
  const place = `${Math.round(100 * spot.x)} % across, ${Math.round(100 * spot.y)} % down`;
  readout.replaceChildren(
    element('strong', {}, `Gain ${stopsText(gain)} stops`),
    `, ${aboveText(stopsAboveWhite(shown.pixels, shown.numbers, pixel))}`,
    element('span', { className: 'place' }, place),
  );
  const at = placeOf(spot);
  crosshair.style.setProperty('left', `${at.x}px`);
  crosshair.style.setProperty('top', `${at.y}px`);
}

/** The picture that is read; undefined where there is none. */
export function readFrom(next: { pixels: Pixels; numbers: GainMapNumbers } | undefined): void {
  shown = next;
  if (next === undefined) spot = undefined;
  refreshReadout();
}

export function showCross(on: boolean): void {
  hasCross = on;
  refreshReadout();
}

const kSteps: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Wires pointer and keyboard, once. */
export function wireReadout(): void {
  const frame = byId('frame', HTMLDivElement);
  const readout = byId('readout', HTMLParagraphElement);
  const point = (event: PointerEvent): void => {
    readout.ariaLive = 'off'; // a pointer says too much
    spot = shareAt(event.clientX, event.clientY) ?? spot;
    refreshReadout();
  };
  frame.addEventListener('pointermove', point);
  frame.addEventListener('pointerdown', point);
  const clamp = (share: number): number => Math.min(1, Math.max(0, share));
  byId('map', HTMLCanvasElement).addEventListener('keydown', (event) => {
    const step = kSteps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    readout.ariaLive = 'polite';
    const reach = event.shiftKey ? 0.1 : 0.01;
    const from = spot ?? { x: 0.5, y: 0.5 };
    spot = { x: clamp(from.x + reach * step[0]), y: clamp(from.y + reach * step[1]) };
    reveal(spot);
    refreshReadout();
  });
}
