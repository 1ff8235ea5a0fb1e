// Where a JPEG's segments are. Samples are left to the browser.
import { textAt, u16 } from './bytes';

export interface Segment {
  /** Second byte of the marker: 0xE1 is APP1. */
  marker: number;
  /** Position of the marker's 0xFF in the file. */
  at: number;
  /** The bytes after the length field, and where they stand in the file. */
  payloadAt: number;
  payload: Uint8Array;
}

export interface JpegStream {
  /** Position of SOI, and the position after EOI (the file's end where there is none). */
  start: number;
  end: number;
  /** Header segments up to the first scan. */
  segments: Segment[];
  complete: boolean;
}

export const kXmpNamespace = 'http://ns.adobe.com/xap/1.0/\0';
export const kIsoNamespace = 'urn:iso:std:iso:ts:21496:-1\0';
export const kMpfNamespace = 'MPF\0';

const kEoi = 0xd9;
const kSos = 0xda;
/** Real headers have some dozens; the limit bounds the work on hostile ones. */
const kMaxSegments = 4096;

function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** The position of the next marker at or after `at` inside coded data; undefined at the end. */
function nextMarker(bytes: Uint8Array, at: number): number | undefined {
  for (let found = bytes.indexOf(0xff, at); found >= 0; found = bytes.indexOf(0xff, found + 1)) {
    const code = bytes[found + 1];
    if (code === undefined) return undefined;
    const isData = code === 0x00 || code === 0xff || (code >= 0xd0 && code <= 0xd7);
    if (!isData) return found;
  }
  return undefined;
}

/**
 * Walks the JPEG that starts at `start`, marker by marker. undefined where no SOI is, or where the
 * header is broken before the first scan.
 */
export function walkJpeg(bytes: Uint8Array, start: number): JpegStream | undefined {
  if (!textAt(bytes, start, '\xff\xd8')) return undefined;
  const segments: Segment[] = [];
  let at = start + 2;
  let inHeader = true;
  for (let steps = 0; steps < kMaxSegments; ++steps) {
    if (bytes[at] !== 0xff) return cut(inHeader);
    while (bytes[at + 1] === 0xff) ++at; // fill bytes
    const marker = bytes[at + 1];
    if (marker === undefined) return cut(inHeader);
    if (marker === kEoi) return { start, end: at + 2, segments, complete: !inHeader };
    if (standsAlone(marker)) {
      at += 2;
      continue;
    }
    const length = u16(bytes, at + 2);
    if (length === undefined || length < 2 || at + 2 + length > bytes.length) return cut(inHeader);
    if (marker === kSos) {
      inHeader = false;
      const next = nextMarker(bytes, at + 2 + length);
      if (next === undefined) return cut(inHeader);
      at = next;
      continue;
    }
    if (inHeader) {
      const payloadAt = at + 4;
      segments.push({ marker, at, payloadAt, payload: bytes.subarray(payloadAt, at + 2 + length) });
    }
    at += 2 + length;
  }
  return cut(inHeader);

  function cut(beforeScan: boolean): JpegStream | undefined {
    return beforeScan ? undefined : { start, end: bytes.length, segments, complete: false };
  }
}

/** The first APPn segment of that marker whose payload starts with `namespace`. */
export function findSegment(
  stream: JpegStream,
  marker: number,
  namespace: string,
): Segment | undefined {
  return stream.segments.find((s) => s.marker === marker && textAt(s.payload, 0, namespace));
}
