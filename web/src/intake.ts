// Files come in by picker, drop and paste; each is looked into before it counts.
import { showFailure } from './alert';
import { byId, sizeText } from './dom';
import { failure, type Failure } from './errors';
import type { Fields } from './fields';
import type { Picture } from './placement';
import { bringsHdr, kAccepted, kKinds, sniff } from './sniff';

const kPlaces = { img: 'an edit', ref: 'an HDR original', mask: 'a mask' };
type Place = keyof typeof kPlaces;

/** What a file is, or why it cannot be used. `place` where the user chose one. */
export async function lookInto(
  file: File,
  fields: Fields,
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
  const kind = sniff(bytes);
  if (kind === undefined) return failure('wrong_file', `${file.name} is no picture we know`);
  if (!taken.some((name) => kAccepted[name].includes(kind))) {
    const what = kPlaces[place ?? 'img'];
    return failure('wrong_file', `${file.name} is ${kKinds[kind].label}, which cannot be ${what}`);
  }
  return { file, kind, bringsHdr: bringsHdr(bytes, kind) };
}

/** The pictures among these files; the first failure is shown. */
export async function lookIntoAll(files: File[], fields: Fields): Promise<Picture[]> {
  const looked = await Promise.all(files.map((file) => lookInto(file, fields)));
  const failed = looked.find((result): result is Failure => 'code' in result);
  if (failed !== undefined) showFailure(failed);
  return looked.filter((result): result is Picture => !('code' in result));
}

/** Calls `onFiles` with what is dropped anywhere on the page. */
export function acceptDrops(onFiles: (files: File[]) => void): void {
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
  });
  addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) onFiles(files);
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
