// Which of two pictures is the edit and which the original, and why. The order in which they come
// does not matter; the card that one was put on does.
import { fits, type Format } from '../files/formats';

export type Slot = 'img' | 'ref';

/** A file the page has looked into. */
export interface Picture {
  file: File;
  format: Format;
  /** It holds a gain map, or is an HDR rendition. */
  bringsHdr: boolean;
  /** width x height; 0 where nothing tells. */
  pixels: number;
  /** The user put it where it is. */
  isChosen?: boolean;
}

export type Slots = Partial<Record<Slot, Picture>>;

export interface Placing {
  slots: Slots;
  /** A sentence on what was decided; empty where there was nothing to decide. */
  why: string;
  /** Nothing tells the two apart: the user has to. */
  asks: boolean;
}

const other = (slot: Slot): Slot => (slot === 'img' ? 'ref' : 'img');
const quoted = ({ file }: Picture): string => `“${file.name}”`;

/** Where one alone goes. */
function wanted(picture: Picture): Slot {
  const slot: Slot = picture.bringsHdr ? 'ref' : 'img';
  return fits(picture.format, slot) ? slot : other(slot);
}

function hdrWord({ format }: Picture): string {
  return format.edit ? 'it holds HDR' : `it is ${format.name}`;
}

/** Tells edit and original apart. */
export function paired(a: Picture, b: Picture): Placing {
  const as = (img: Picture, ref: Picture, why: string, asks = false): Placing =>
    ({ slots: { img, ref }, why, asks });
  const mayBe = (img: Picture, ref: Picture): boolean => fits(img.format, 'img') && fits(ref.format, 'ref');
  if (!mayBe(a, b) && !mayBe(b, a)) {
    const what = fits(a.format, 'img') ? 'an original' : 'an edit';
    return {
      slots: { [wanted(b)]: b },
      why: `${quoted(a)} was left out: neither of the two can be ${what}.`,
      asks: false,
    };
  }
  if (!mayBe(a, b)) return as(b, a, '');
  if (!mayBe(b, a)) return as(a, b, '');
  if (a.bringsHdr !== b.bringsHdr) {
    const [img, ref] = a.bringsHdr ? [b, a] : [a, b];
    return as(img, ref, `${quoted(ref)} is the original: ${hdrWord(ref)}.`);
  }
  const both = a.bringsHdr ? 'Both hold HDR' : 'Neither holds HDR';
  if (a.pixels === b.pixels || a.pixels === 0 || b.pixels === 0) {
    return as(a, b, `${both}, and they are equally large.`, true);
  }
  const [img, ref] = a.pixels > b.pixels ? [b, a] : [a, b];
  return as(img, ref, `${both}; ${quoted(ref)} has more pixels, so it is taken for the original.`);
}

/** A picture put on a card: it stays there, whatever else comes. */
export function putOn(before: Slots, slot: Slot, picture: Picture): Placing {
  const replaced = before[slot];
  return {
    slots: { ...before, [slot]: { ...picture, isChosen: true } },
    why: replaced === undefined ? '' : `${quoted(picture)} takes the place of ${quoted(replaced)}.`,
    asks: false,
  };
}

/** One picture dropped or pasted anywhere, to what is there already. */
function joined(before: Slots, picture: Picture): Placing {
  const { img, ref } = before;
  const one = img ?? ref;
  if (one === undefined) return { slots: { [wanted(picture)]: picture }, why: '', asks: false };
  if (img !== undefined && ref !== undefined) {
    const slot = wanted(picture);
    const replaced = slot === 'img' ? img : ref;
    const what = slot === 'img' ? 'edit' : 'original';
    return {
      slots: { ...before, [slot]: picture },
      why: `${quoted(picture)} takes the place of ${quoted(replaced)} as the ${what}.`,
      asks: false,
    };
  }
  const free: Slot = img === undefined ? 'img' : 'ref';
  if (one.isChosen === true && fits(picture.format, free)) {
    return { slots: { ...before, [free]: picture }, why: '', asks: false };
  }
  if (fits(picture.format, 'img') !== fits(picture.format, 'ref') && !fits(picture.format, free)) {
    const slot = other(free);
    return { slots: { [slot]: picture }, why: `${quoted(picture)} takes the place of ${quoted(one)}.`, asks: false };
  }
  return paired(one, picture);
}

/** The slots after one or two pictures were dropped or pasted anywhere. */
export function placed(before: Slots, incoming: Picture[]): Placing {
  const [first, second] = incoming;
  if (first === undefined) return { slots: before, why: '', asks: false };
  return second === undefined ? joined(before, first) : paired(first, second);
}

/** The two exchanged; undefined where one cannot stand in the other's slot. */
export function swapped(slots: Slots): Slots | undefined {
  const { img, ref } = slots;
  if (ref !== undefined && !fits(ref.format, 'img')) return undefined;
  if (img !== undefined && !fits(img.format, 'ref')) return undefined;
  const after: Slots = {};
  if (ref !== undefined) after.img = { ...ref, isChosen: true };
  if (img !== undefined) after.ref = { ...img, isChosen: true };
  return after;
}
