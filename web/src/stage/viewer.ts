// The picture: SDR, HDR, split and map views, the divider, and keys.
import { byId } from '../page/dom';
import type { GainMapNumbers } from '../files/gain_map_numbers';
import { forgetMap, refreshReadout, showMap, wireMapView } from './map_view';
import type { Pixels } from './rendering';
import {
  canSimulate, exposureText, isSimulating, resetSimulation, simulate, wireSimulation,
} from './simulation';
import { isViewerShown, showViewer } from './stage';

export type View = 'sdr' | 'hdr' | 'map' | 'split';
const kKeys: Record<string, View> = { 1: 'sdr', 2: 'hdr', 3: 'map', 4: 'split' };

const kAllViews: View[] = ['sdr', 'hdr', 'map', 'split'];

let view: View = 'split';
/** Those that this result has, in this browser. */
let available = kAllViews;
let pixels: Pixels | undefined;

const frame = (): HTMLDivElement => byId('frame', HTMLDivElement);

/** Shows and hides the layers and tools of the current view. */
function refresh(): void {
  frame().dataset['view'] = view;
  const hasMap = pixels !== undefined;
  const showsMap = view === 'map' && hasMap;
  byId('map', HTMLCanvasElement).hidden = !showsMap;
  byId('legend', HTMLDivElement).hidden = !showsMap;
  byId('simulated', HTMLCanvasElement).hidden = !isSimulating();
  byId('exposed', HTMLCanvasElement).hidden = !isSimulating() || view !== 'split';
  byId('simulation', HTMLDivElement).hidden = !canSimulate() || view === 'map' || view === 'sdr';
  byId('exposure-row', HTMLLabelElement).hidden = !isSimulating();
  const seen = isSimulating() ? `, ${exposureText()}` : '';
  byId('corner-sdr', HTMLSpanElement).textContent = view === 'split' ? `SDR${seen}` : 'SDR';
  byId('corner-hdr', HTMLSpanElement).textContent = isSimulating() ? `HDR simulated${seen}` : 'HDR';
  byId('exposure-value', HTMLOutputElement).textContent = exposureText();
  refreshReadout();
}

export function setView(next: View): void {
  if (!available.includes(next)) return;
  view = next;
  const radio = document.querySelector(`input[name=view][value=${next}]`);
  if (radio instanceof HTMLInputElement) radio.checked = true;
  refresh();
}

/** The frame is as large as the picture can be shown in the stage without being enlarged above 2x. */
function fit(): void {
  const image = byId('sdr', HTMLImageElement);
  const stage = byId('stage', HTMLElement);
  if (image.naturalWidth === 0 || !isViewerShown()) return;
  const tools = document.querySelector('.tools')?.getBoundingClientRect().height ?? 0;
  const isPhone = matchMedia('(max-width: 760px)').matches;
  const margin = isPhone ? 0 : 24;
  const roomAcross = stage.clientWidth - 2 * margin;
  const roomDown = isPhone ? innerHeight * 0.66 : stage.clientHeight - tools - 2 * margin;
  const scale = Math.min(
    roomAcross / image.naturalWidth, Math.max(160, roomDown) / image.naturalHeight, 2,
  );
  frame().style.setProperty('width', `${Math.floor(image.naturalWidth * scale)}px`);
  frame().style.setProperty('height', `${Math.floor(image.naturalHeight * scale)}px`);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && ['text', 'number', 'search'].includes(target.type))
  );
}

/** Wires everything, once. */
export function wireViewer(): void {
  wireMapView();
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=view]')) {
    radio.addEventListener('change', () => setView(radio.value as View));
  }
  const divider = byId('divider', HTMLInputElement);
  const moveDivider = (): void => {
    frame().style.setProperty('--at', String(Number(divider.value) / 100));
    divider.ariaValueText = `${divider.value} % of the width in SDR`;
  };
  divider.oninput = moveDivider;
  moveDivider();
  wireSimulation(refresh);
  addEventListener('keydown', (event) => {
    const next = kKeys[event.key];
    if (next === undefined || !isViewerShown() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isTyping(event.target)) setView(next);
  });
  new ResizeObserver(fit).observe(byId('stage', HTMLElement));
  byId('sdr', HTMLImageElement).addEventListener('load', fit);
}

/** An SDR display starts with the simulation, an HDR display with the picture itself. */
export function adaptToDisplay(): void {
  resetSimulation();
  refresh();
}

/** Opens the viewer on a result. Without pixels there is neither a map's view nor a simulation. */
export function openViewer(newPixels: Pixels | undefined): void {
  pixels = newPixels;
  showViewer();
  byId('view-note', HTMLParagraphElement).hidden = true;
  simulate(undefined);
  resetSimulation();
  offer(newPixels === undefined ? ['sdr', 'hdr', 'split'] : kAllViews, 'split');
  fit();
}

function offer(views: View[], first: View): void {
  available = views;
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=view]')) {
    radio.disabled = !views.includes(radio.value as View);
  }
  setView(first);
}

/** For files that this browser cannot decode: the preview alone, and why. */
export function offerSdrOnly(why: string): void {
  offer(['sdr'], 'sdr');
  byId('view-note', HTMLParagraphElement).hidden = false;
  byId('view-note', HTMLParagraphElement).textContent = why;
}

/** The numbers behind map and simulation: after each step of the boost. */
export function setNumbers(next: GainMapNumbers): void {
  if (pixels === undefined) return;
  showMap(pixels, next);
  simulate({ pixels, numbers: next });
  refresh();
}

/** Lets go of the result. */
export function closeViewer(): void {
  pixels = undefined;
  simulate(undefined);
  forgetMap();
}
