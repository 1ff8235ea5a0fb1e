// What kind of file this is, by its bytes alone, and whether it brings HDR of its own.
import { latin1, textAt, u16, u32 } from './bytes';
import type { Format } from './formats';
import { heifFacts, jxlHoldsGainMap } from './heif';
import { findSegment, kIsoNamespace, kXmpNamespace, walkJpeg, type JpegStream } from './jpeg';
import { mpfImagePositions } from './mpf';

/** The brands of an ISO base media file: the main one first. */
function brandsOf(bytes: Uint8Array): string[] {
  if (!textAt(bytes, 4, 'ftyp')) return [];
  const size = Math.min(u32(bytes, 0) ?? 0, bytes.length, 256);
  const found: string[] = [];
  for (let at = 8; at + 4 <= size; at += 4) {
    if (at !== 12) found.push(latin1(bytes.subarray(at, at + 4))); // at 12 stands the version
  }
  return found;
}

/** The format of a file whose first bytes (32 are enough, 256 better) these are. */
export function sniff(bytes: Uint8Array, formats: Format[]): Format | undefined {
  const signed = formats.find(({ signatures }) =>
    signatures.some(({ at0, at8 }) => textAt(bytes, 0, at0) && (at8 === '' || textAt(bytes, 8, at8))));
  if (signed !== undefined) return signed;
  // The further down in the table, the more a brand says: AVIF has the brand of all HEIF too.
  const found = brandsOf(bytes);
  return formats.findLast(({ brands }) => brands.some((brand) => found.includes(brand)));
}

const kXmpClaims = ['ns.adobe.com/hdr-gain-map/1.0/', 'ns.apple.com/HDRGainMap/1.0/', ':aux:hdrgainmap'];

/** Whether a stream says of itself that it is a gain map. */
function isGainMap(stream: JpegStream): boolean {
  if (findSegment(stream, 0xe2, kIsoNamespace) !== undefined) return true;
  return stream.segments.some((segment) => {
    if (segment.marker !== 0xe1 || !textAt(segment.payload, 0, kXmpNamespace)) return false;
    const text = latin1(segment.payload);
    return kXmpClaims.some((claim) => text.includes(claim));
  });
}

/** A file has a handful of pictures; the limit bounds the work on hostile ones. */
const kMaxStreams = 16;

/**
 * Whether there is a second picture that is one. What the first one's XMP says of a gain map does
 * not count: editors keep the words and drop the map.
 */
function jpegHoldsGainMap(bytes: Uint8Array): boolean {
  const base = walkJpeg(bytes, 0);
  if (base === undefined) return false;
  const positions = mpfImagePositions(base).filter((position) => position > 0);
  for (const position of positions.slice(0, kMaxStreams)) {
    const stream = walkJpeg(bytes, position);
    if (stream !== undefined && isGainMap(stream)) return true;
  }
  let from = base.end;
  for (let tried = 0; tried < kMaxStreams; ++tried) {
    const position = nextPicture(bytes, from);
    if (position === undefined) return false;
    const stream = walkJpeg(bytes, position);
    if (stream !== undefined && isGainMap(stream)) return true;
    from = Math.max(stream?.end ?? 0, position + 2);
  }
  return false;
}

/** Where the next JPEG may begin. */
function nextPicture(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (textAt(bytes, at, '\xff\xd8\xff')) return at;
  }
  return undefined;
}

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
export function bringsHdr(bytes: Uint8Array, format: Format): boolean {
  if (!format.original) return false;
  if (!format.edit) return true; // there is no SDR picture of that kind
  if (format.brands.length > 0) {
    const { holdsGainMap, isHdr } = heifFacts(bytes);
    return holdsGainMap || isHdr;
  }
  switch (format.word) {
    case 'jpeg':
      return jpegHoldsGainMap(bytes);
    case 'png':
      return pngIsHdr(bytes);
    case 'jxl':
      return jxlHoldsGainMap(bytes);
    case 'tiff':
      return tiffIsFloat(bytes);
    default:
      return false;
  }
}
