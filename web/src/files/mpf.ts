// The Multi-Picture Format index (CIPA DC-007): where a JPEG's further images are.
import { textAt, u16, u32 } from './bytes';
import { findSegment, kMpfNamespace, type JpegStream } from './jpeg';

const kEntryTag = 0xb002;
const kMaxEntries = 64;

/** File positions of the images after the primary; empty where there is no readable index. */
export function mpfImagePositions(stream: JpegStream): number[] {
  const segment = findSegment(stream, 0xe2, kMpfNamespace);
  if (segment === undefined) return [];
  const tiff = segment.payload.subarray(kMpfNamespace.length);
  const order = textAt(tiff, 0, 'II*\0') ? 'little' : textAt(tiff, 0, 'MM\0*') ? 'big' : undefined;
  if (order === undefined) return [];
  const short = (at: number): number | undefined => {
    const value = u16(tiff, at);
    if (value === undefined || order === 'big') return value;
    return ((value & 0xff) << 8) | (value >> 8);
  };

  const directory = u32(tiff, 4, order);
  const count = directory === undefined ? undefined : short(directory);
  if (directory === undefined || count === undefined) return [];
  for (let i = 0; i < Math.min(count, kMaxEntries); ++i) {
    const field = directory + 2 + 12 * i;
    if (short(field) !== kEntryTag) continue;
    const size = u32(tiff, field + 4, order);
    const table = u32(tiff, field + 8, order);
    if (size === undefined || table === undefined) return [];
    const positions: number[] = [];
    for (let entry = 1; entry < Math.min(size / 16, kMaxEntries); ++entry) {
      const offset = u32(tiff, table + 16 * entry + 8, order);
      if (offset === undefined) break;
      positions.push(segment.payloadAt + kMpfNamespace.length + offset);
    }
    return positions;
  }
  return [];
}
