// Where and how large the picture stands in the frame: one scale and one centre for all layers, so
// that views can be changed while one looks closely.
import { byId } from '../page/dom';

/** At most so many device pixels for one of the picture. */
const kMostZoom = 4;
/** Small pictures are not blown up to fill the stage. */
const kMostFit = 2;
const kStep = Math.SQRT2;

/** A part of the picture, as shares of its width and height. */
export interface Region { x: number; y: number; width: number; height: number }

let picture = { width: 0, height: 0 };
/** CSS pixels for one of the picture. */
let scale = 1;
/** The picture's point in the middle of the frame, in its pixels. */
let centre = { x: 0, y: 0 };
/** Follows the frame's size until the user zooms. */
let isFitted = true;
let changed: () => void = () => {};

const frame = (): HTMLDivElement => byId('frame', HTMLDivElement);

function margin(): number {
  return matchMedia('(max-width: 760px), (max-height: 500px)').matches ? 0 : 24;
}

function fitScale(): number {
  const { clientWidth, clientHeight } = frame();
  const across = (clientWidth - 2 * margin()) / picture.width;
  const down = (clientHeight - 2 * margin()) / picture.height;
  return Math.max(1e-3, Math.min(across, down, kMostFit));
}

function mostScale(): number {
  return Math.max(kMostZoom / devicePixelRatio, fitScale());
}

/** In the middle where there is room, else without a gap beside it. */
function kept(at: number, size: number, room: number): number {
  const half = room / 2 / scale;
  return size * scale <= room ? size / 2 : Math.min(size - half, Math.max(half, at));
}

function place(): void {
  if (picture.width === 0) return;
  const { clientWidth, clientHeight, style, dataset } = frame();
  centre.x = kept(centre.x, picture.width, clientWidth);
  centre.y = kept(centre.y, picture.height, clientHeight);
  style.setProperty('--picture-width', `${picture.width}px`);
  style.setProperty('--picture-height', `${picture.height}px`);
  style.setProperty('--scale', String(scale));
  style.setProperty('--x', `${clientWidth / 2 - centre.x * scale}px`);
  style.setProperty('--y', `${clientHeight / 2 - centre.y * scale}px`);
  dataset['zoomed'] = String(!isFitted);
  const percent = Math.round(100 * scale * devicePixelRatio);
  byId('zoom-value', HTMLButtonElement).textContent = `${percent} %`;
  byId('zoom-out', HTMLButtonElement).disabled = isFitted;
  byId('zoom-in', HTMLButtonElement).disabled = scale >= mostScale() * 0.999;
  changed();
}

/** The whole picture, as large as it can be. */
function fitPicture(): void {
  if (picture.width === 0) return;
  isFitted = true;
  scale = fitScale();
  centre = { x: picture.width / 2, y: picture.height / 2 };
  place();
}

/** Another picture: fitted. */
export function setPictureSize(width: number, height: number): void {
  picture = { width, height };
  frame().style.setProperty('--upright', String(height / width)); // a phone's frame is as high as it takes
  fitPicture();
}

/** The picture's pixel under a point of the window. */
function pixelAt(clientX: number, clientY: number): { x: number; y: number } {
  const box = frame().getBoundingClientRect();
  return {
    x: centre.x + (clientX - box.left - box.width / 2) / scale,
    y: centre.y + (clientY - box.top - box.height / 2) / scale,
  };
}

/** The place under a point of the window as shares of the picture; undefined beside it. */
export function shareAt(clientX: number, clientY: number): { x: number; y: number } | undefined {
  const { x, y } = pixelAt(clientX, clientY);
  const share = { x: x / picture.width, y: y / picture.height };
  return share.x >= 0 && share.x <= 1 && share.y >= 0 && share.y <= 1 ? share : undefined;
}

/** Where a share of the picture stands in the frame, in CSS pixels. */
export function placeOf(share: { x: number; y: number }): { x: number; y: number } {
  const { clientWidth, clientHeight } = frame();
  return {
    x: clientWidth / 2 + (share.x * picture.width - centre.x) * scale,
    y: clientHeight / 2 + (share.y * picture.height - centre.y) * scale,
  };
}

/** What of the picture can be seen, and its scale in device pixels. */
export function visible(): { region: Region; deviceScale: number } {
  const { clientWidth, clientHeight } = frame();
  const left = Math.max(0, centre.x - clientWidth / 2 / scale);
  const top = Math.max(0, centre.y - clientHeight / 2 / scale);
  const right = Math.min(picture.width, centre.x + clientWidth / 2 / scale);
  const bottom = Math.min(picture.height, centre.y + clientHeight / 2 / scale);
  return {
    region: {
      x: left / picture.width, y: top / picture.height,
      width: (right - left) / picture.width, height: (bottom - top) / picture.height,
    },
    deviceScale: scale * devicePixelRatio,
  };
}

/** `to` CSS pixels for one of the picture; what is under the point of the window stays there. */
function zoomTo(to: number, clientX: number, clientY: number): void {
  if (picture.width === 0) return;
  const least = fitScale();
  const next = Math.min(mostScale(), Math.max(least, to));
  if (next <= least * 1.001) return fitPicture();
  const fixed = pixelAt(clientX, clientY);
  const box = frame().getBoundingClientRect();
  isFitted = false;
  scale = next;
  centre = {
    x: fixed.x - (clientX - box.left - box.width / 2) / scale,
    y: fixed.y - (clientY - box.top - box.height / 2) / scale,
  };
  place();
}

function zoomAtCentre(to: number): void {
  const box = frame().getBoundingClientRect();
  zoomTo(to, box.left + box.width / 2, box.top + box.height / 2);
}

function panBy(across: number, down: number): void {
  centre = { x: centre.x - across / scale, y: centre.y - down / scale };
  place();
}

/** Brings a place into the frame where it is outside. */
export function reveal(share: { x: number; y: number }): void {
  const { x, y } = placeOf(share);
  const { clientWidth, clientHeight } = frame();
  const beyond = (at: number, room: number): number => (at < 0 ? at : at > room ? at - room : 0);
  const [across, down] = [beyond(x, clientWidth), beyond(y, clientHeight)];
  if (across !== 0 || down !== 0) panBy(-across, -down);
}

/** The whole picture, or one pixel for one; where that is no difference, twice that. */
function toggleZoom(clientX: number, clientY: number): void {
  if (!isFitted) return fitPicture();
  const actual = 1 / devicePixelRatio;
  zoomTo(fitScale() < actual * 0.99 ? actual : 2 * Math.max(actual, fitScale()), clientX, clientY);
}

function wirePointers(): void {
  const area = frame();
  const held = new Map<number, { x: number; y: number }>();
  const middle = (): { x: number; y: number; spread: number } => {
    const points = [...held.values()];
    const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
    const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
    return { x, y, spread: Math.hypot(...points.map((point) => Math.hypot(point.x - x, point.y - y))) };
  };
  area.addEventListener('pointerdown', (event) => {
    if (event.target instanceof HTMLInputElement || event.button !== 0) return; // the divider
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    area.setPointerCapture(event.pointerId);
  });
  area.addEventListener('pointermove', (event) => {
    if (!held.has(event.pointerId)) return;
    const before = middle();
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = middle();
    if (!isFitted) panBy(after.x - before.x, after.y - before.y);
    if (held.size > 1 && before.spread > 0) zoomTo((scale * after.spread) / before.spread, after.x, after.y);
  });
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    area.addEventListener(type, (event) => held.delete(event.pointerId));
  }
  area.addEventListener('wheel', (event) => {
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? 16 * event.deltaY : event.deltaY;
    // A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
    zoomTo(scale * 2 ** (-pixels * (event.ctrlKey ? 0.01 : 0.002)), event.clientX, event.clientY);
  }, { passive: false });
  area.addEventListener('dblclick', (event) => {
    if (!(event.target instanceof HTMLInputElement)) toggleZoom(event.clientX, event.clientY);
  });
}

const kPans: Record<string, readonly [number, number]> = {
  ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
};

/** True where the key was one of the viewport's: + - 0, and arrows where something is to be panned. */
export function zoomByKey(event: KeyboardEvent): boolean {
  const pan = kPans[event.key];
  if (pan !== undefined) {
    // Sliders, choices and the map's cross have arrows of their own.
    const target = event.target;
    const isTaken = target instanceof HTMLInputElement || target instanceof HTMLSelectElement ||
      target instanceof HTMLCanvasElement;
    if (isFitted || isTaken) return false;
    const reach = event.shiftKey ? 240 : 60;
    panBy(reach * pan[0], reach * pan[1]);
    return true;
  }
  if (event.key === '+' || event.key === '=') zoomAtCentre(scale * kStep);
  else if (event.key === '-') zoomAtCentre(scale / kStep);
  else if (event.key === '0') fitPicture();
  else return false;
  return true;
}

/** Wires pointers, wheel and buttons, once; `onChange` comes after each change. */
export function wireViewport(onChange: () => void): void {
  changed = onChange;
  wirePointers();
  byId('zoom-in', HTMLButtonElement).onclick = () => zoomAtCentre(scale * kStep);
  byId('zoom-out', HTMLButtonElement).onclick = () => zoomAtCentre(scale / kStep);
  byId('zoom-value', HTMLButtonElement).onclick = () => {
    const box = frame().getBoundingClientRect();
    toggleZoom(box.left + box.width / 2, box.top + box.height / 2);
  };
  new ResizeObserver(() => (isFitted ? fitPicture() : place())).observe(frame());
}
