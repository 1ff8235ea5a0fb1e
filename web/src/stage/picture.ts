// The picture's two image elements, which show one and the same Blob.
import { byId } from '../page/dom';

let url: string | undefined;

function loaded(image: HTMLImageElement, source: string): Promise<boolean> {
  image.src = source;
  return image.decode().then(() => true, () => false);
}

/**
 * Shows `hdr` on both sides of the divider, or `sdr` on its side where that is another file. The
 * old picture stays until the new one is decoded. False where the browser cannot decode `hdr`.
 */
export async function showPicture(hdr: Blob, sdr: Blob = hdr): Promise<boolean> {
  const hdrUrl = URL.createObjectURL(hdr);
  const sdrUrl = sdr === hdr ? hdrUrl : URL.createObjectURL(sdr);
  const old = url;
  url = hdrUrl;
  const [isShown] = await Promise.all([
    loaded(byId('hdr', HTMLImageElement), hdrUrl),
    loaded(byId('sdr', HTMLImageElement), sdrUrl),
  ]);
  if (old !== undefined) URL.revokeObjectURL(old);
  if (sdrUrl !== hdrUrl) URL.revokeObjectURL(sdrUrl); // its image is decoded and keeps it
  return isShown;
}
