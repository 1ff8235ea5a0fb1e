// Many pictures at once: which edit belongs to which original, by name and then by what is seen.
import { fits } from '../files/formats';
import { paired, placed, type Picture, type Placing } from './placement';

/** What editors, phones and file managers add to a name: words after a separator, and copies' numbers. */
const kAdded = new RegExp(
  '(?:[\\s._-]+(?:edit(?:ed)?|bearbeitet|retouch(?:ed)?|final|export(?:ed)?|web|copy|kopie|orig(?:inal)?|master|raw|sdr|' +
  'u?hdr|ultra|gainmap|render)|\\s*\\(\\d{1,2}\\)|~\\d{1,2})$',
);

/** "IMG_1234-Edit (2).jpg" and "IMG_E1234.HEIC" are both "img_1234". */
export function nameKey(fileName: string): string {
  let key = fileName.toLowerCase().replace(/\.[^.]*$/, '').replace(/^img_e(?=\d)/, 'img_');
  for (;;) {
    const shorter = key.replace(kAdded, '');
    if (shorter === key || shorter === '') return key;
    key = shorter;
  }
}

/** How much two pictures look alike, -1 to 1; undefined where one cannot be seen. */
export type Likeness = (a: Picture, b: Picture) => Promise<number | undefined>;

/** Below it two pictures are taken for different ones. */
const kLeastLikeness = 0.9;
/** By which the best must be ahead of the second: a series of one scene is no evidence. */
const kLeastLead = 0.03;

const mayPair = (a: Picture, b: Picture): boolean =>
  (fits(a.format, 'img') && fits(b.format, 'ref')) || (fits(b.format, 'img') && fits(a.format, 'ref'));

/**
 * A placing for each picture that is to be made, in the order of the files. Two of one name are a
 * pair; of those left over an edit and the original that looks most like it, where that is clear.
 */
export async function pairUp(pictures: Picture[], likeness: Likeness): Promise<Placing[]> {
  const groups = new Map<string, Picture[]>();
  for (const picture of pictures) {
    const key = nameKey(picture.file.name);
    groups.set(key, [...(groups.get(key) ?? []), picture]);
  }
  const found: { first: Picture; placing: Placing }[] = [];
  const single: Picture[] = [];
  for (const group of groups.values()) {
    const [a, b] = group;
    const isPair = group.length === 2 && a !== undefined && b !== undefined && mayPair(a, b);
    // Two without any HDR are two pictures: nothing can be taken from one for the other.
    if (isPair && (a.bringsHdr || b.bringsHdr)) {
      found.push({ first: a, placing: paired(a, b) });
    } else {
      single.push(...group);
    }
  }

  const originals = new Set(single.filter(({ bringsHdr }) => bringsHdr));
  for (const edit of single.filter(({ bringsHdr }) => !bringsHdr)) {
    const original = await clearlyLikest(edit, [...originals], likeness);
    if (original === undefined) {
      found.push({ first: edit, placing: placed({}, [edit]) });
      continue;
    }
    originals.delete(original);
    const placing = paired(edit, original);
    placing.why = `“${original.file.name}” looks like its original.`;
    found.push({ first: edit, placing });
  }
  // One alone that holds a map is an edit that brings its own.
  for (const picture of originals) {
    const slots = fits(picture.format, 'img') ? { img: picture } : { ref: picture };
    found.push({ first: picture, placing: { slots, why: '', asks: false } });
  }
  found.sort((a, b) => pictures.indexOf(a.first) - pictures.indexOf(b.first));
  return found.map(({ placing }) => placing);
}

async function clearlyLikest(
  edit: Picture, originals: Picture[], likeness: Likeness,
): Promise<Picture | undefined> {
  const scored: { original: Picture; score: number }[] = [];
  for (const original of originals.filter((each) => mayPair(edit, each))) {
    scored.push({ original, score: (await likeness(edit, original)) ?? -1 });
  }
  scored.sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  if (best === undefined || best.score < kLeastLikeness) return undefined;
  return second !== undefined && best.score - second.score < kLeastLead ? undefined : best.original;
}
