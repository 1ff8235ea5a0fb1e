// An Ultra HDR JPEG as the program writes it: where base and map are, the numbers, and live boost.
import { findHdrgmSlots, writeHdrgm, type Slot } from './hdrgm_xmp';
import {
  fractionsOf,
  readIsoBlock,
  writeIsoBlock,
  type GainMapNumbers,
} from './gain_map_numbers';
import { findSegment, kIsoNamespace, kXmpNamespace, walkJpeg, type JpegStream } from './jpeg';
import { mpfImagePositions } from './mpf';

interface Range {
  at: number;
  length: number;
}

export interface JpegR {
  bytes: Uint8Array;
  base: JpegStream;
  map: JpegStream;
  numbers: GainMapNumbers;
  /** The map's ISO 21496-1 numbers and its XMP packet, as ranges of the file. */
  iso: Range;
  xmp: Range;
  xmpSlots: GainMapNumbers<Slot>;
}

function locateMap(bytes: Uint8Array, base: JpegStream): JpegStream | undefined {
  for (const position of [...mpfImagePositions(base), base.end]) {
    const stream = walkJpeg(bytes, position);
    if (stream !== undefined && findSegment(stream, 0xe2, kIsoNamespace) !== undefined) {
      return stream;
    }
  }
  return undefined;
}

/** undefined for everything but a complete file of the form that the program writes. */
export function readJpegR(bytes: Uint8Array): JpegR | undefined {
  const base = walkJpeg(bytes, 0);
  if (base === undefined || !base.complete) return undefined;
  const map = locateMap(bytes, base);
  if (map === undefined || !map.complete || map.start < base.end) return undefined;
  const isoSegment = findSegment(map, 0xe2, kIsoNamespace);
  const xmpSegment = findSegment(map, 0xe1, kXmpNamespace);
  if (isoSegment === undefined || xmpSegment === undefined) return undefined;

  const isoPayload = isoSegment.payload.subarray(kIsoNamespace.length);
  const xmpPacket = xmpSegment.payload.subarray(kXmpNamespace.length);
  const numbers = readIsoBlock(isoPayload);
  if (numbers === undefined) return undefined;
  const xmpSlots = findHdrgmSlots(xmpPacket, numbers.channels.length);
  if (xmpSlots === undefined) return undefined;
  return {
    bytes,
    base,
    map,
    numbers,
    iso: { at: isoSegment.payloadAt + kIsoNamespace.length, length: isoPayload.length },
    xmp: { at: xmpSegment.payloadAt + kXmpNamespace.length, length: xmpPacket.length },
    xmpSlots,
  };
}

export const kMinBoostStops = 0.1;
export const kMaxBoostStops = 6;

/**
 * The file with these numbers: a copy in which both descriptions of the map are overwritten in
 * place, so that no byte moves and MPF and container lengths stay right. Always made from the file
 * as it came, never from an earlier copy: rounding must not add up. undefined where a number does
 * not fit its place.
 */
export function withNumbers(file: JpegR, numbers: GainMapNumbers): Uint8Array<ArrayBuffer> | undefined {
  const copy = new Uint8Array(file.bytes);
  const fractions = fractionsOf(numbers);
  const part = (range: Range): Uint8Array => copy.subarray(range.at, range.at + range.length);
  if (!writeHdrgm(part(file.xmp), file.xmpSlots, fractions)) return undefined;
  writeIsoBlock(part(file.iso), fractions);
  return copy;
}

/** The map alone, as a JPEG. */
export function mapJpeg(file: JpegR): Uint8Array<ArrayBuffer> {
  return new Uint8Array(file.bytes.subarray(file.map.start, file.map.end));
}
