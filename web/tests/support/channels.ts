// A gain-map file as another writer might make it: numbers of its own for each channel.
import { kIsoNamespace, type JpegStream } from '../../src/files/jpeg';
import type { JpegR } from '../../src/files/jpeg_r';

function app2(payload: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kIsoNamespace, 'latin1'), payload]);
  const head = Buffer.from([0xff, 0xe2, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** The block of ISO 21496-1 for three channels, over denominators that are not the program's. */
function threeChannelBlock(): Buffer {
  const fractions: [number, number][] = [
    [0, 1], // base headroom
    [23, 10],
  ];
  for (const maximum of [1.9, 2.1, 2.3]) {
    fractions.push([-1, 8], [Math.round(700 * maximum), 700], [10, 9], [1, 64], [1, 32]);
  }
  const block = Buffer.alloc(141);
  block[4] = 0xc0;
  fractions.forEach(([numerator, denominator], i) => {
    block.writeInt32BE(numerator, 5 + 8 * i);
    block.writeInt32BE(denominator, 9 + 8 * i);
  });
  return block;
}

/** Without its APPn segments, and with one of ISO 21496-1 after SOI. */
function restamped(bytes: Uint8Array, stream: JpegStream, iso: Buffer): Buffer {
  const parts: Uint8Array[] = [Buffer.from([0xff, 0xd8]), app2(iso)];
  let at = stream.start + 2;
  for (const segment of stream.segments) {
    const end = segment.payloadAt + segment.payload.length;
    if ((segment.marker & 0xf0) !== 0xe0) parts.push(bytes.subarray(at, end));
    at = end;
  }
  parts.push(bytes.subarray(at, stream.end));
  return Buffer.concat(parts);
}

/**
 * The base of `file`, and itself once more as its gain map (numbers per channel want a map of three
 * components), back to back, without MPF or XMP.
 */
export function withChannelNumbers(file: JpegR): Uint8Array {
  return Buffer.concat([
    restamped(file.bytes, file.base, Buffer.alloc(4)),
    restamped(file.bytes, file.base, threeChannelBlock()),
  ]);
}
