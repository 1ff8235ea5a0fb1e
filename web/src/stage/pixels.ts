// Base and map as pixels of one size, upright: the whole picture small, or a part of it sharp.
import { context2d } from '../page/dom';
import type { Pixels } from './rendering';
import type { Region } from './viewport';

/** Enough to look at as a whole, and small enough to compute while a slider moves. */
const kMaxSide = 1280;
const kWhole: Region = { x: 0, y: 0, width: 1, height: 1 };

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

/** What pixels are drawn from. */
export interface Source {
  /** Shows the SDR picture, upright. */
  base: HTMLImageElement;
  /** As stored, with the base's orientation. */
  map: ImageBitmap;
  orientation: number;
}

let canvas: HTMLCanvasElement | undefined;

/** The pixels of `region`, `width` x `height` of them, of a picture that is drawn over the unit square. */
function drawn(
  picture: CanvasImageSource, orientation: number, region: Region, width: number, height: number,
): Uint8ClampedArray {
  canvas ??= document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = context2d(canvas);
  context.imageSmoothingQuality = 'medium';
  const [across, down] = [width / region.width, height / region.height];
  context.setTransform(across, 0, 0, down, -region.x * across, -region.y * down);
  const [a, b, c, d, e, f] = kTurns[orientation - 1] ?? [1, 0, 0, 1, 0, 0];
  context.transform(a, b, c, d, e, f);
  context.drawImage(picture, 0, 0, 1, 1);
  return context.getImageData(0, 0, width, height).data;
}

/** A part of the picture at a size. */
export function pixelsOf({ base, map, orientation }: Source, region: Region, width: number, height: number): Pixels {
  return {
    width,
    height,
    base: drawn(base, 1, region, width, height), // the browser turns what it shows
    map: drawn(map, orientation, region, width, height),
  };
}

/** The whole picture, at most 1280 pixels long. */
export function smallPixelsOf(source: Source): Pixels {
  const { naturalWidth, naturalHeight } = source.base;
  const scale = Math.min(1, kMaxSide / Math.max(naturalWidth, naturalHeight));
  const size = (length: number): number => Math.max(1, Math.round(length * scale));
  return pixelsOf(source, kWhole, size(naturalWidth), size(naturalHeight));
}

/** A map as a JPEG or PNG, not turned; undefined where the browser cannot decode it. */
export async function decodeMap(map: Blob): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(map, { imageOrientation: 'none', colorSpaceConversion: 'none' });
  } catch {
    return undefined;
  }
}
