// Which slot a dropped file belongs to. The order does not matter: what brings HDR is the original.
import { fits, type Format } from '../files/formats';

export type Slot = 'img' | 'ref';

/** A file the page has looked into. */
export interface Picture {
  file: File;
  format: Format;
  bringsHdr: boolean;
}

export type Slots = Partial<Record<Slot, Picture>>;

/** What a file without any HDR, or one with, is taken for. */
function wanted(picture: Picture): Slot {
  const slot: Slot = picture.bringsHdr ? 'ref' : 'img';
  if (fits(picture.format, slot)) return slot;
  return slot === 'img' ? 'ref' : 'img';
}

/**
 * The slots after one or more files were dropped or pasted anywhere: each into the slot of its kind.
 * Of two new files that want the same slot the second takes the other one, where it can be there:
 * an edit may have been exported with a gain map too.
 */
export function placed(before: Slots, incoming: Picture[]): Slots {
  const after: Slots = { ...before };
  const fresh = new Set<Slot>();
  for (const picture of incoming.slice(0, 2)) {
    let slot = wanted(picture);
    const other: Slot = slot === 'img' ? 'ref' : 'img';
    if (fresh.has(slot) && !fresh.has(other) && fits(picture.format, other)) {
      slot = other;
    }
    after[slot] = picture;
    fresh.add(slot);
  }
  return after;
}

/** The two exchanged; undefined where one cannot stand in the other's slot. */
export function swapped(slots: Slots): Slots | undefined {
  const { img, ref } = slots;
  if (ref !== undefined && !fits(ref.format, 'img')) return undefined;
  if (img !== undefined && !fits(img.format, 'ref')) return undefined;
  const after: Slots = {};
  if (ref !== undefined) after.img = ref;
  if (img !== undefined) after.ref = img;
  return after;
}
