// Base and map as pixels of one size, upright: what the map's view and the simulation work on.
import { context2d } from '../page/dom';
import { mapJpeg, type JpegR } from '../files/jpeg_r';
import type { Pixels } from './rendering';

/** Enough to look at, and small enough to compute while a slider moves. */
const kMaxSide = 1280;

/** EXIF orientations as canvas transforms of a unit square: x' = a x + c y + e, y' = b x + d y + f. */
const kTurns: readonly (readonly [number, number, number, number, number, number])[] = [
  [1, 0, 0, 1, 0, 0],
  [-1, 0, 0, 1, 1, 0],
  [-1, 0, 0, -1, 1, 1],
  [1, 0, 0, -1, 0, 1],
  [0, 1, 1, 0, 0, 0],
  [0, 1, -1, 0, 1, 0],
  [0, -1, -1, 0, 1, 1],
  [0, -1, 1, 0, 0, 1],
];

/** Draws a picture that is stored with `orientation` over the whole upright canvas. */
function drawUpright(canvas: HTMLCanvasElement, picture: ImageBitmap, orientation: number): void {
  const [a, b, c, d, e, f] = kTurns[orientation - 1] ?? [1, 0, 0, 1, 0, 0];
  const { width, height } = canvas;
  const context = context2d(canvas);
  context.imageSmoothingQuality = 'high';
  context.setTransform(a * width, b * height, c * width, d * height, e * width, f * height);
  context.drawImage(picture, 0, 0, 1, 1);
  context.resetTransform();
}

function pixelsOf(width: number, height: number, picture: ImageBitmap, orientation: number): Uint8ClampedArray {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  drawUpright(canvas, picture, orientation);
  return context2d(canvas).getImageData(0, 0, width, height).data;
}

/** undefined where the browser cannot decode them. The map has the base's orientation. */
export async function decodePixels(file: JpegR, orientation: number): Promise<Pixels | undefined> {
  try {
    const asStored: ImageBitmapOptions = { imageOrientation: 'none' };
    const baseBytes = new Uint8Array(file.bytes.subarray(0, file.base.end));
    // A bitmap of a gain-map JPEG is its base: the browser applies maps to image elements only.
    const [base, map] = await Promise.all([
      createImageBitmap(new Blob([baseBytes], { type: 'image/jpeg' })),
      createImageBitmap(new Blob([mapJpeg(file)], { type: 'image/jpeg' }), asStored),
    ]);
    const scale = Math.min(1, kMaxSide / Math.max(base.width, base.height));
    const width = Math.max(1, Math.round(base.width * scale));
    const height = Math.max(1, Math.round(base.height * scale));
    const pixels = {
      width,
      height,
      base: pixelsOf(width, height, base, 1), // decoded upright
      map: pixelsOf(width, height, map, orientation),
    };
    base.close();
    map.close();
    return pixels;
  } catch {
    return undefined;
  }
}
