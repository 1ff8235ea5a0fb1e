// What kind of file this is, by its bytes alone, and whether it brings HDR of its own.
import { latin1, textAt, u16, u32 } from './bytes';
import { findSegment, kIsoNamespace, kXmpNamespace, walkJpeg, type JpegStream } from './jpeg';
import { mpfImagePositions } from './mpf';

export type FileKind =
  | 'jpeg'
  | 'png'
  | 'tiff'
  | 'webp'
  | 'heic'
  | 'avif'
  | 'jxl'
  | 'exr'
  | 'radiance'
  | 'pfm';

/** What the page calls each kind, and the names such files may have in a file dialog. */
export const kKinds: Record<FileKind, { label: string; extensions: string[] }> = {
  jpeg: { label: 'JPEG', extensions: ['.jpg', '.jpeg'] },
  png: { label: 'PNG', extensions: ['.png'] },
  tiff: { label: 'TIFF', extensions: ['.tif', '.tiff'] },
  webp: { label: 'WebP', extensions: ['.webp'] },
  heic: { label: 'HEIC', extensions: ['.heic', '.heif'] },
  avif: { label: 'AVIF', extensions: ['.avif'] },
  jxl: { label: 'JPEG XL', extensions: ['.jxl'] },
  exr: { label: 'OpenEXR', extensions: ['.exr'] },
  radiance: { label: 'Radiance HDR', extensions: ['.hdr'] },
  pfm: { label: 'PFM', extensions: ['.pfm'] },
};

/** Kinds each slot takes. */
export const kAccepted: Record<'img' | 'ref' | 'mask', FileKind[]> = {
  img: ['jpeg', 'png', 'tiff', 'webp', 'heic', 'avif', 'jxl'],
  ref: ['jpeg', 'heic', 'avif', 'exr', 'tiff', 'radiance', 'pfm', 'png', 'jxl'],
  mask: ['png'],
};

const kHeicBrands = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];
const kAvifBrands = ['avif', 'avis'];

/** The brands of an ISO base media file: the main one first. */
function brands(bytes: Uint8Array): string[] {
  if (!textAt(bytes, 4, 'ftyp')) return [];
  const size = Math.min(u32(bytes, 0) ?? 0, bytes.length, 256);
  const found: string[] = [];
  for (let at = 8; at + 4 <= size; at += 4) {
    if (at !== 12) found.push(latin1(bytes.subarray(at, at + 4))); // at 12 stands the version
  }
  return found;
}

/** The kind of a file whose first bytes (32 are enough, 256 better) these are. */
export function sniff(bytes: Uint8Array): FileKind | undefined {
  const starts = (text: string): boolean => textAt(bytes, 0, text);
  if (starts('\xff\xd8\xff')) return 'jpeg';
  if (starts('\x89PNG\r\n\x1a\n')) return 'png';
  if (starts('II*\0') || starts('MM\0*') || starts('II+\0') || starts('MM\0+')) return 'tiff';
  if (starts('RIFF') && textAt(bytes, 8, 'WEBP')) return 'webp';
  if (starts('\x76\x2f\x31\x01')) return 'exr';
  if (starts('#?RADIANCE') || starts('#?RGBE')) return 'radiance';
  if (starts('PF\n') || starts('Pf\n')) return 'pfm';
  if (starts('\xff\x0a') || starts('\0\0\0\x0cJXL \r\n\x87\n')) return 'jxl';
  const found = brands(bytes);
  if (found.some((brand) => kAvifBrands.includes(brand))) return 'avif';
  if (found.some((brand) => kHeicBrands.includes(brand))) return 'heic';
  return undefined;
}

const kXmpClaims = ['ns.adobe.com/hdr-gain-map/1.0/', 'ns.apple.com/HDRGainMap/1.0/', 'HDRGainMap'];

function claimsGainMap(stream: JpegStream): boolean {
  if (findSegment(stream, 0xe2, kIsoNamespace) !== undefined) return true;
  return stream.segments.some((segment) => {
    if (segment.marker !== 0xe1 || !textAt(segment.payload, 0, kXmpNamespace)) return false;
    const text = latin1(segment.payload);
    return kXmpClaims.some((claim) => text.includes(claim));
  });
}

function jpegHoldsGainMap(bytes: Uint8Array): boolean {
  const base = walkJpeg(bytes, 0);
  if (base === undefined) return false;
  if (claimsGainMap(base)) return true;
  return mpfImagePositions(base).some((position) => {
    const stream = walkJpeg(bytes, position);
    return stream !== undefined && claimsGainMap(stream);
  });
}

/** Item types and names stand in the meta box, which cameras write first. */
const kHeifHeadBytes = 1 << 18;
const kHeifClaims = ['tmap', 'aux:hdrgainmap'];

/** cICP of a PNG: transfer function 16 is PQ, 18 is HLG. */
function pngIsHdr(bytes: Uint8Array): boolean {
  let at = 8;
  for (let chunks = 0; chunks < 64; ++chunks) {
    const size = u32(bytes, at);
    if (size === undefined || textAt(bytes, at + 4, 'IDAT')) return false;
    if (textAt(bytes, at + 4, 'cICP')) return [16, 18].includes(bytes[at + 9] ?? 0);
    at += 12 + size;
  }
  return false;
}

/** SampleFormat (tag 339) 3 in the first directory: floating point. */
function tiffIsFloat(bytes: Uint8Array): boolean {
  const order = textAt(bytes, 0, 'II') ? 'little' : 'big';
  const short = (at: number): number => {
    const value = u16(bytes, at) ?? 0;
    return order === 'big' ? value : ((value & 0xff) << 8) | (value >> 8);
  };
  const directory = u32(bytes, 4, order) ?? 0;
  const count = Math.min(short(directory), 512);
  for (let i = 0; i < count; ++i) {
    const field = directory + 2 + 12 * i;
    if (short(field) !== 339) continue;
    const values = u32(bytes, field + 4, order) ?? 0;
    const at = values <= 2 ? field + 8 : (u32(bytes, field + 8, order) ?? 0);
    return short(at) === 3;
  }
  return false;
}

/** Whether the file is an HDR original: it holds a gain map, or is an HDR rendition itself. */
export function bringsHdr(bytes: Uint8Array, kind: FileKind): boolean {
  switch (kind) {
    case 'jpeg':
      return jpegHoldsGainMap(bytes);
    case 'heic':
    case 'avif': {
      const head = latin1(bytes.subarray(0, kHeifHeadBytes));
      return kHeifClaims.some((claim) => head.includes(claim));
    }
    case 'exr':
    case 'radiance':
    case 'pfm':
      return true;
    case 'png':
      return pngIsHdr(bytes);
    case 'tiff':
      return tiffIsFloat(bytes);
    case 'webp':
    case 'jxl':
      return false;
  }
}
