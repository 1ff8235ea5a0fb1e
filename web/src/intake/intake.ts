// Files come in by picker, drop and paste; each is looked into before it counts.
import { showFailure } from '../page/alert';
import { byId, sizeText } from '../page/dom';
import { failure, type Failure } from '../service/errors';
import { fits, type Place } from '../files/formats';
import type { Picture, Slot } from './placement';
import { kSlotNames } from './slots';
import { pixelsOf } from './seen';
import { heifFacts } from '../files/heif';
import type { Served } from '../service/served';
import { bringsHdr, sniff } from '../files/sniff';

const kPlaces: Record<Place, string> = { img: 'an edit', ref: 'an HDR original', mask: 'a mask' };

function heifPixels(bytes: Uint8Array): number {
  const { width, height } = heifFacts(bytes);
  return width * height;
}

/** What a file is, or why it cannot be used. `place` where the user chose one. */
export async function lookInto(
  file: File,
  { fields, formats }: Served,
  place?: Place,
): Promise<Picture | Failure> {
  if (file.size === 0) return failure('bad_input', `${file.name} is empty`);
  const taken: Place[] = place === undefined ? ['img', 'ref'] : [place];
  const limit = Math.max(...taken.map((name) => fields[name]?.maxBytes ?? Infinity));
  if (file.size > limit) {
    const sizes = `${sizeText(file.size)}, at most ${sizeText(limit)} can be sent`;
    return failure('too_large', `${file.name}: ${sizes}`);
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return failure('bad_input', `${file.name} cannot be read`);
  }
  const format = sniff(bytes, formats);
  if (format === undefined) return failure('wrong_file', `${file.name} is no picture we know`);
  if (!taken.some((name) => fits(format, name))) {
    const what = kPlaces[place ?? 'img'];
    return failure('wrong_file', `${file.name} is ${format.name}, which cannot be ${what}`);
  }
  const pixels = (await pixelsOf(file)) || (format.brands.length > 0 ? heifPixels(bytes) : 0);
  return { file, format, bringsHdr: bringsHdr(bytes, format), pixels };
}

/** The pictures among these files; the first failure is shown. */
export async function lookIntoAll(files: File[], served: Served): Promise<Picture[]> {
  const looked = await Promise.all(files.map((file) => lookInto(file, served)));
  const failed = looked.find((result): result is Failure => 'code' in result);
  if (failed !== undefined) showFailure(failed);
  return looked.filter((result): result is Picture => !('code' in result));
}

/** The card that something happens on. */
function slotUnder(target: EventTarget | null): Slot | undefined {
  return kSlotNames.find((slot) => target instanceof Node && byId(`slot-${slot}`, HTMLDivElement).contains(target));
}

/** Calls `onFiles` with what is dropped anywhere on the page, and the card that it is dropped on. */
export function acceptDrops(onFiles: (files: File[], slot: Slot | undefined) => void): void {
  const veil = byId('veil', HTMLParagraphElement);
  let depth = 0; // dragenter and dragleave come for every element on the way
  const hasFiles = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragenter', (event) => {
    if (!hasFiles(event)) return;
    ++depth;
    veil.hidden = false;
  });
  addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    veil.hidden = depth === 0;
    if (depth === 0) mark(undefined);
  });
  const mark = (over: Slot | undefined): void => {
    for (const slot of kSlotNames) byId(`slot-${slot}`, HTMLDivElement).classList.toggle('over', slot === over);
  };
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(slotUnder(event.target));
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    mark(undefined);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) onFiles(files, slotUnder(event.target));
  });
}

/** Calls `onFiles` with pictures that are pasted. */
export function acceptPastes(onFiles: (files: File[]) => void): void {
  addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  });
}
