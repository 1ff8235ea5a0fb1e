// What the boxes of an ISO base media file say of its pictures (ISO/IEC 23008-12): gain maps, HDR
// transfer, size. Only boxes count: the same words in a picture's XMP say nothing.
import { latin1, textAt, u16, u32 } from './bytes';

interface Box {
  type: string;
  /** Of what is in the box. */
  from: number;
  to: number;
}

/** Real files have some hundreds of items; the limit bounds the work on hostile ones. */
const kMaxBoxes = 4096;

/** The boxes one after the other in a range; as far as they can be read. */
function boxesIn(bytes: Uint8Array, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to && found.length < kMaxBoxes;) {
    let size = u32(bytes, at) ?? 0;
    let head = 8;
    if (size === 1) {
      size = (u32(bytes, at + 8) ?? 0) * 2 ** 32 + (u32(bytes, at + 12) ?? 0);
      head = 16;
    } else if (size === 0) {
      size = to - at; // to the end
    }
    if (size < head || at + size > to) break;
    found.push({ type: latin1(bytes.subarray(at + 4, at + 8)), from: at + head, to: at + size });
    at += size;
  }
  return found;
}

export interface HeifFacts {
  /** A tmap item (ISO 21496-1) or Apple's auxiliary picture. */
  holdsGainMap: boolean;
  /** PQ or HLG by nclx (H.273: 16, 18). */
  isHdr: boolean;
  /** Of its largest picture; 0 where no box tells. */
  width: number;
  height: number;
}

/** What the meta box of an ISO base media file says. */
export function heifFacts(bytes: Uint8Array): HeifFacts {
  const facts: HeifFacts = { holdsGainMap: false, isHdr: false, width: 0, height: 0 };
  const inside = ({ from, to }: Box, skip = 0): Box[] => boxesIn(bytes, from + skip, to);
  const meta = boxesIn(bytes, 0, bytes.length).find(({ type }) => type === 'meta');
  if (meta === undefined) return facts;
  for (const box of inside(meta, 4)) {
    if (box.type === 'iinf') {
      const countSize = bytes[box.from] === 0 ? 2 : 4;
      facts.holdsGainMap ||= inside(box, 4 + countSize).some((entry) => {
        const version = bytes[entry.from] ?? 0;
        return entry.type === 'infe' && version >= 2 && textAt(bytes, entry.from + (version === 2 ? 8 : 10), 'tmap');
      });
    }
    if (box.type !== 'iprp') continue;
    for (const property of inside(box).filter(({ type }) => type === 'ipco').flatMap((each) => inside(each))) {
      const at = property.from;
      if (property.type === 'auxC') {
        facts.holdsGainMap ||= latin1(bytes.subarray(at, property.to)).includes(':aux:hdrgainmap');
      } else if (property.type === 'colr' && textAt(bytes, at, 'nclx')) {
        facts.isHdr ||= [16, 18].includes(u16(bytes, at + 6) ?? 0);
      } else if (property.type === 'ispe') {
        const [width, height] = [u32(bytes, at + 4) ?? 0, u32(bytes, at + 8) ?? 0];
        if (width * height > facts.width * facts.height) Object.assign(facts, { width, height });
      }
    }
  }
  return facts;
}

/** Whether a JPEG XL container holds a gain map's box. */
export function jxlHoldsGainMap(bytes: Uint8Array): boolean {
  return textAt(bytes, 4, 'JXL ') && boxesIn(bytes, 0, bytes.length).some(({ type }) => type === 'jhgm');
}
