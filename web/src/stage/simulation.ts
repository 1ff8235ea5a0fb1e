// The HDR picture on a display that cannot show it: both sides of the divider seen through one
// exposure, as one would look at a print under more or less light.
import { displayIsHdr } from '../page/badge';
import { byId, context2d } from '../page/dom';
import type { GainMapNumbers } from '../files/gain_map_numbers';
import { renderHdr, renderSdr, type Pixels } from './rendering';

export interface Source {
  pixels: Pixels;
  numbers: GainMapNumbers;
}

let source: Source | undefined;

const box = (): HTMLInputElement => byId('simulate', HTMLInputElement);
const slider = (): HTMLInputElement => byId('exposure', HTMLInputElement);

/** Only where the display cannot show HDR: elsewhere the picture itself is better. */
export function canSimulate(): boolean {
  return source !== undefined && !displayIsHdr();
}

export function isSimulating(): boolean {
  return box().checked && canSimulate();
}

/** "−1.0 EV" */
export function exposureText(): string {
  const stops = Number(slider().value);
  return `${stops > 0 ? '+' : stops < 0 ? '−' : ''}${Math.abs(stops).toFixed(1)} EV`;
}

function paint(id: string, { width, height }: Pixels, render: (out: Uint8ClampedArray) => void): void {
  const canvas = byId(id, HTMLCanvasElement);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = context2d(canvas);
  const image = context.createImageData(width, height);
  render(image.data);
  context.putImageData(image, 0, 0);
}

/** What SDR has lost at this exposure, HDR still holds. */
function draw(what: 'both' | 'hdr' = 'both'): void {
  if (source === undefined || !isSimulating()) return;
  const { pixels, numbers } = source;
  const stops = Number(slider().value);
  paint('simulated', pixels, (out) => renderHdr(pixels, numbers, stops, out));
  if (what === 'both') paint('exposed', pixels, (out) => renderSdr(pixels, stops, out));
}

/** Takes another picture or other numbers; undefined where there is nothing to simulate from. */
export function simulate(next: Source | undefined): void {
  const isSamePicture = next !== undefined && next.pixels === source?.pixels;
  source = next;
  draw(isSamePicture ? 'hdr' : 'both');
}

/** On for an SDR display, as at the start. */
export function resetSimulation(): void {
  box().checked = !displayIsHdr();
  draw();
}

/** Wires the controls, once; `onChange` comes after the drawing. */
export function wireSimulation(onChange: () => void): void {
  const changed = (): void => {
    draw();
    onChange();
  };
  box().onchange = changed;
  slider().oninput = changed;
}
