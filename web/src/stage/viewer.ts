// The picture in its views, the divider between two of them, and keys.
import type { Answer } from '../service/answers';
import { displayIsHdr } from '../page/badge';
import { byId } from '../page/dom';
import type { GainMapNumbers } from '../files/gain_map_numbers';
import { drawMapOnce, forgetMap, showMap } from './map_view';
import { smallPixelsOf, type Source } from './pixels';
import { readFrom, refreshReadout, showCross, wireReadout } from './readout';
import type { Pixels } from './rendering';
import {
  canSimulate, exposureText, isExposed, isSimulating, resetSimulation, sharpen, simulate, wireSimulation,
} from './simulation';
import { isViewerShown, showViewer } from './stage';
import { setPictureSize, wireViewport, zoomByKey } from './viewport';

const kViews = ['sdr', 'hdr', 'map', 'split', 'fit', 'agreement'] as const;
export type View = (typeof kViews)[number];
const kCompareKey = 'c';

let view: View = 'split';
/** While something is held to compare, the other side is shown. */
let isComparing = false;
/** Those that this result has. */
let available: readonly View[] = [];
let pixels: Pixels | undefined;
let source: Source | undefined;
/** The gain map may still come. */
let isPending = false;
/** Said below the picture instead of what the view says of itself. */
let reason = '';

const frame = (): HTMLDivElement => byId('frame', HTMLDivElement);

function shownView(): View {
  if (!isComparing) return view;
  return view === 'sdr' ? 'hdr' : 'sdr';
}

/** What one has to know to read the picture right. */
function noteText(): string {
  if (view === 'fit') return 'The edit in red, the original in cyan: grey where they coincide.';
  if (view === 'agreement') return 'White where the original’s gain is kept.';
  if (view === 'sdr' || view === 'map') return reason;
  if (displayIsHdr() || isPending) return reason;
  if (isExposed()) return 'Both sides under one exposure: what SDR has lost is white, HDR still holds it.';
  if (isSimulating()) {
    return 'This screen shows SDR: the HDR side is tone-mapped, mid-tones as they are, highlights rolled off.';
  }
  const why = canSimulate() ? 'simulation is off' : reason || 'this browser could not read the gain map';
  return `Both sides look alike here: this screen shows no HDR, and ${why}.`;
}

/** Shows and hides the layers and tools of the current view. */
function refresh(): void {
  const now = shownView();
  frame().dataset['view'] = now;
  const onHdr = now === 'hdr' || now === 'split';
  if (now === 'map') drawMapOnce();
  byId('map', HTMLCanvasElement).hidden = now !== 'map';
  byId('legend', HTMLDivElement).hidden = view !== 'map';
  byId('simulated', HTMLCanvasElement).hidden = !isSimulating() || !onHdr;
  byId('hdr', HTMLImageElement).classList.toggle('covered', isSimulating());
  byId('simulation', HTMLDivElement).hidden = !canSimulate() || view === 'map' || view === 'fit' || view === 'agreement';
  byId('expose-row', HTMLDivElement).hidden = !isSimulating();
  byId('exposure-row', HTMLLabelElement).hidden = !isExposed();
  byId('exposure-value', HTMLOutputElement).textContent = exposureText();
  const seen = isExposed() ? ` ${exposureText()}` : '';
  byId('corner-sdr', HTMLSpanElement).textContent = `SDR${seen}`;
  byId('corner-hdr', HTMLSpanElement).textContent =
    isSimulating() && !isExposed() ? 'HDR, tone-mapped' : `HDR${seen}`;
  const note = noteText();
  byId('view-note', HTMLParagraphElement).textContent = note;
  byId('view-note', HTMLParagraphElement).hidden = note === '';
  showCross(now === 'map');
}

function imageOf(name: View): HTMLImageElement | undefined {
  if (name === 'fit') return byId('fit-overlay', HTMLImageElement);
  return name === 'agreement' ? byId('fit-agreement', HTMLImageElement) : undefined;
}

export function setView(next: View): void {
  if (!available.includes(next)) return;
  view = next;
  const radio = document.querySelector(`input[name=view][value=${next}]`);
  if (radio instanceof HTMLInputElement) radio.checked = true;
  // Fetched when it is looked at, not before.
  const image = imageOf(next);
  const address = image?.dataset['address'] ?? '';
  if (image !== undefined && image.getAttribute('src') !== address) image.src = address;
  refresh();
  if (next === 'hdr' || next === 'split') sharpen();
}

function compare(on: boolean): void {
  if (isComparing === on) return;
  isComparing = on;
  byId('compare', HTMLButtonElement).ariaPressed = String(on);
  refresh();
}

function wireCompare(): void {
  const button = byId('compare', HTMLButtonElement);
  button.onpointerdown = (event) => {
    button.setPointerCapture(event.pointerId);
    compare(true);
  };
  button.onpointerup = button.onpointercancel = button.onlostpointercapture = () => compare(false);
  button.oncontextmenu = (event) => event.preventDefault(); // of a long touch
  button.onkeydown = ({ key }) => {
    if (key === ' ' || key === 'Enter') compare(true);
  };
  button.onkeyup = button.onblur = () => compare(false);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && ['text', 'number', 'search'].includes(target.type))
  );
}

function wireKeys(): void {
  addEventListener('keydown', (event) => {
    if (!isViewerShown() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const next = kViews[Number(event.key) - 1];
    if (next !== undefined) setView(next);
    else if (event.key === kCompareKey) compare(true);
    else if (zoomByKey(event)) event.preventDefault();
  });
  addEventListener('keyup', ({ key }) => {
    if (key === kCompareKey) compare(false);
  });
  addEventListener('blur', () => compare(false));
}

/** Wires everything, once. */
export function wireViewer(): void {
  wireReadout();
  wireViewport(() => {
    refreshReadout();
    sharpen();
  });
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
  wireCompare();
  wireKeys();
}

/** An SDR display starts with the simulation, an HDR display with the picture itself. */
export function adaptToDisplay(): void {
  resetSimulation();
  refresh();
}

/** Opens the viewer on a result whose picture is in #sdr. */
export function openViewer({ urls, report }: Answer): void {
  isPending = true;
  pixels = undefined;
  source = undefined;
  reason = '';
  readFrom(undefined);
  forgetMap();
  simulate(undefined);
  resetSimulation();
  const framed = urls.overlay !== '' && (report.alignment !== undefined || report.edited !== undefined);
  const masked = urls.agreement !== '' && report.edited !== undefined;
  byId('fit-overlay', HTMLImageElement).dataset['address'] = urls.overlay;
  byId('fit-agreement', HTMLImageElement).dataset['address'] = urls.agreement;
  const others: View[] = [...(framed ? ['fit' as const] : []), ...(masked ? ['agreement' as const] : [])];
  showViewer();
  const { naturalWidth, naturalHeight } = byId('sdr', HTMLImageElement);
  setPictureSize(naturalWidth, naturalHeight);
  offer(['sdr', 'hdr', 'split', ...others], 'split');
}

/** Those that are not there for this result are not there to be seen either. */
function offer(views: View[], first: View): void {
  available = views;
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=view]')) {
    const isThere = views.includes(radio.value as View);
    const label = radio.closest('label');
    const isOptional = radio.value === 'fit' || radio.value === 'agreement';
    radio.disabled = !isThere;
    if (label !== null) label.hidden = isOptional && !isThere;
  }
  setView(first);
}

/** With map and base there are the map's view, the read-out and the simulation. */
export function offerMap(from: Source, numbers: GainMapNumbers): void {
  source = from;
  pixels = smallPixelsOf(from);
  available = [...available, 'map'];
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=view][value=map]')) radio.disabled = false;
  setNumbers(numbers);
  settleViewer();
}

/** Nothing more comes: what cannot be seen now cannot be seen here. */
export function settleViewer(): void {
  isPending = false;
  refresh();
}

/** Why something cannot be seen here: said below the picture. */
export function explainView(why: string): void {
  reason = why;
  refresh();
}

/** The numbers behind map, read-out and simulation: after each step of a slider. */
export function setNumbers(numbers: GainMapNumbers): void {
  if (pixels === undefined || source === undefined) return;
  showMap(pixels, numbers);
  simulate({ source, pixels, numbers });
  readFrom({ pixels, numbers });
}

/** Lets go of the result. */
export function closeViewer(): void {
  source?.map.close();
  pixels = undefined;
  source = undefined;
  simulate(undefined);
  readFrom(undefined);
  forgetMap();
}
