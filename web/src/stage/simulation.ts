// The HDR picture on a display that cannot show it: tone-mapped, or both sides through one exposure,
// as one would look at a print under more or less light.
import { displayIsHdr } from '../page/badge';
import { byId, context2d } from '../page/dom';
import type { GainMapNumbers } from '../files/gain_map_numbers';
import { pixelsOf, type Source } from './pixels';
import { renderHdr, type Look, type Pixels } from './rendering';
import { visible } from './viewport';

interface Simulated {
  source: Source;
  /** The whole picture, small. */
  pixels: Pixels;
  numbers: GainMapNumbers;
}

let simulated: Simulated | undefined;

const box = (): HTMLInputElement => byId('simulate', HTMLInputElement);
const exposureBox = (): HTMLInputElement => byId('expose', HTMLInputElement);
const slider = (): HTMLInputElement => byId('exposure', HTMLInputElement);

/** Only where the display cannot show HDR: elsewhere the picture itself is better. */
export function canSimulate(): boolean {
  return simulated !== undefined && !displayIsHdr();
}

export function isSimulating(): boolean {
  return box().checked && canSimulate();
}

export function isExposed(): boolean {
  return exposureBox().checked && isSimulating();
}

/** "−1.0 EV" */
export function exposureText(): string {
  const stops = Number(slider().value);
  return `${stops > 0 ? '+' : stops < 0 ? '−' : ''}${Math.abs(stops).toFixed(1)} EV`;
}

function look(): Look {
  return isExposed() ? { exposureStops: Number(slider().value) } : 'tone-mapped';
}

function paint(id: string, pixels: Pixels, numbers: GainMapNumbers): void {
  const canvas = byId(id, HTMLCanvasElement);
  const { width, height } = pixels;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = context2d(canvas);
  const image = context.createImageData(width, height);
  renderHdr(pixels, numbers, look(), image.data);
  context.putImageData(image, 0, 0);
}

/** The SDR side under the same exposure: a factor on linear light. */
function expose(): void {
  const factor = String(isExposed() ? 2 ** Number(slider().value) : 1);
  for (const channel of document.querySelectorAll('#exposure-filter > feComponentTransfer > *')) {
    channel.setAttribute('slope', factor);
  }
  byId('sdr', HTMLImageElement).classList.toggle('exposed', isExposed());
}

function draw(): void {
  expose();
  if (simulated === undefined || !isSimulating()) return;
  paint('simulated', simulated.pixels, simulated.numbers);
  sharpen();
}

/** So long nothing may move before the visible part is drawn sharp. */
const kRestMs = 120;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Where one looks closely, the visible part takes the small picture's place as soon as all is still. */
export function sharpen(): void {
  clearTimeout(timer);
  byId('detail', HTMLCanvasElement).hidden = true;
  if (!isSimulating()) return;
  timer = setTimeout(drawDetail, kRestMs);
}

function drawDetail(): void {
  if (simulated === undefined || !isSimulating()) return;
  const { source, pixels, numbers } = simulated;
  const { region, deviceScale } = visible();
  const { naturalWidth, naturalHeight } = source.base;
  if (deviceScale * naturalWidth <= 1.1 * pixels.width) return;
  // More than the picture's own pixels would show nothing more.
  const scale = Math.min(1, deviceScale);
  const width = Math.round(region.width * naturalWidth * scale);
  const height = Math.round(region.height * naturalHeight * scale);
  if (width < 1 || height < 1) return;
  paint('detail', pixelsOf(source, region, width, height), numbers);
  const canvas = byId('detail', HTMLCanvasElement);
  canvas.style.setProperty('--part-x', String(region.x));
  canvas.style.setProperty('--part-y', String(region.y));
  canvas.style.setProperty('--part-width', String(region.width));
  canvas.style.setProperty('--part-height', String(region.height));
  canvas.hidden = false;
}

/** Takes another picture or other numbers; undefined where there is nothing to simulate from. */
export function simulate(next: Simulated | undefined): void {
  simulated = next;
  draw();
}

/** Tone-mapped on an SDR display, as at the start; exposure is off. */
export function resetSimulation(): void {
  box().checked = !displayIsHdr();
  exposureBox().checked = false;
  draw();
}

/** Wires the controls, once; `onChange` comes after the drawing. */
export function wireSimulation(onChange: () => void): void {
  const changed = (): void => {
    draw();
    onChange();
  };
  box().onchange = changed;
  exposureBox().onchange = changed;
  slider().oninput = changed;
}
