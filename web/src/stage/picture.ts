// The picture's two image elements: the SDR side and the HDR side of the divider.
import { displayIsHdr } from '../page/badge';
import { byId } from '../page/dom';

const kUrls: Partial<Record<string, string>> = {};

function decoded(image: HTMLImageElement): Promise<boolean> {
  return image.decode().then(() => true, () => false);
}

/**
 * Shows one picture on both sides, or on the HDR side alone. The old one stays until the new one is
 * decoded. False where the browser cannot decode it.
 */
export async function showPicture(picture: Blob | string, side: 'both' | 'hdr' = 'both'): Promise<boolean> {
  const url = typeof picture === 'string' ? picture : URL.createObjectURL(picture);
  const sides = side === 'both' ? ['sdr', 'hdr'] : ['hdr'];
  const old = sides.map((name) => kUrls[name]);
  for (const name of sides) kUrls[name] = url;
  // Where no HDR is shown the HDR side is simulated, or looks alike: nobody has to wait for a second decoding.
  const awaited = side === 'both' && !displayIsHdr() ? ['sdr'] : sides;
  for (const name of sides) byId(name, HTMLImageElement).src = url;
  const shown = await Promise.all(awaited.map((name) => decoded(byId(name, HTMLImageElement))));
  for (const each of new Set(old)) {
    // One address may stand behind both sides.
    if (each !== undefined && !Object.values(kUrls).includes(each)) URL.revokeObjectURL(each);
  }
  return shown[0] === true;
}

/** Whether this browser decodes such files; where it does not say, it is tried with the file. */
export async function browserShows(mediaType: string): Promise<boolean> {
  if (mediaType === 'image/jpeg' || typeof ImageDecoder === 'undefined') return true;
  return ImageDecoder.isTypeSupported(mediaType);
}
