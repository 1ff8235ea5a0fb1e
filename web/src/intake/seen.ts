// What the browser sees of a file: its size, and how much two look alike.
import { context2d } from '../page/dom';
import type { Likeness } from './pairing';
import type { Picture } from './placement';

/** width x height as displayed; 0 where the browser does not show such files. Nothing is decoded. */
export async function pixelsOf(file: File): Promise<number> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  const pixels = await new Promise<number>((resolve) => {
    image.onload = () => resolve(image.naturalWidth * image.naturalHeight);
    image.onerror = () => resolve(0);
    image.src = url;
  });
  URL.revokeObjectURL(url);
  return pixels;
}

const kSide = 16;

/** Luma of a 16 x 16 reduction, without its mean and with length 1. */
async function signatureOf(file: File): Promise<Float32Array | undefined> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { resizeWidth: 128, resizeHeight: 128, resizeQuality: 'medium' });
  } catch {
    return undefined;
  }
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = kSide;
  const context = context2d(canvas);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, kSide, kSide);
  bitmap.close();
  const { data } = context.getImageData(0, 0, kSide, kSide);
  const luma = Float32Array.from({ length: kSide * kSide }, (_, i) =>
    0.299 * (data[4 * i] ?? 0) + 0.587 * (data[4 * i + 1] ?? 0) + 0.114 * (data[4 * i + 2] ?? 0));
  const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
  const length = Math.hypot(...luma.map((value) => value - mean));
  return length < 1 ? undefined : luma.map((value) => (value - mean) / length);
}

/** Correlation of what is seen; each file is decoded once. */
export function likenessBySight(): Likeness {
  const known = new Map<File, Promise<Float32Array | undefined>>();
  const of = ({ file }: Picture): Promise<Float32Array | undefined> => {
    const signature = known.get(file) ?? signatureOf(file);
    known.set(file, signature);
    return signature;
  };
  return async (a, b) => {
    const [one, two] = await Promise.all([of(a), of(b)]);
    if (one === undefined || two === undefined) return undefined;
    return one.reduce((sum, value, i) => sum + value * (two[i] ?? 0), 0);
  };
}
