// The two slots of the panel: what is in them, and the ways to change that.
import { byId, element, sizeText } from '../page/dom';
import { fits, type Format } from '../files/formats';
import type { Picture, Placing, Slot, Slots } from './placement';
import { swapped } from './placement';

export const kSlotNames: Slot[] = ['img', 'ref'];
const kEmptyTexts: Record<Slot, string> = { img: 'SDR picture', ref: 'Optional, else predicted' };

export interface SlotEvents {
  onFile(slot: Slot, file: File): void;
  onChange(slots: Slots): void;
}

function describe(slot: Slot, { format, file, bringsHdr }: Picture, hasOriginal: boolean): string {
  const parts = [format.name, sizeText(file.size)];
  if (slot === 'ref') parts.push(bringsHdr ? 'HDR found' : 'no HDR found in it');
  else if (bringsHdr) parts.push(hasOriginal ? 'its own HDR will be replaced' : 'brings HDR of its own');
  return parts.join(' · ');
}

/** A small picture where the browser can decode it, else the kind's name. */
export function thumbnail(picture: Picture): HTMLElement {
  const name = element('span', { className: 'thumb', ariaHidden: 'true' }, picture.format.name);
  const url = URL.createObjectURL(picture.file);
  const image = element('img', { className: 'thumb', alt: '', src: url });
  // Decoded, not only loaded: a header that can be read is no picture yet.
  image.decode().catch(() => image.replaceWith(name)).finally(() => URL.revokeObjectURL(url));
  return image;
}

const kShown: Partial<Record<Slot, File | undefined>> = {};

/** Shows what stands where, and why; call it again after each change. */
export function showSlots({ slots, why, asks }: Placing): void {
  for (const slot of kSlotNames) {
    const picture = slots[slot];
    const box = byId(`slot-${slot}`, HTMLDivElement);
    box.classList.toggle('filled', picture !== undefined);
    if (kShown[slot] !== picture?.file) {
      kShown[slot] = picture?.file;
      box.querySelector('.thumb')?.remove();
      if (picture !== undefined) box.querySelector('label')?.prepend(thumbnail(picture));
    }
    const what = byId(`${slot}-what`, HTMLSpanElement);
    what.textContent = picture?.file.name ?? kEmptyTexts[slot];
    what.title = picture?.file.name ?? '';
    byId(`${slot}-kind`, HTMLSpanElement).textContent =
      picture === undefined ? '' : describe(slot, picture, slots.ref !== undefined);
    byId(`${slot}-remove`, HTMLButtonElement).hidden = picture === undefined;
  }
  const some = slots.img !== undefined || slots.ref !== undefined;
  byId('swap', HTMLButtonElement).hidden = asks || !some || swapped(slots) === undefined;
  byId('placing', HTMLParagraphElement).textContent = why;
  byId('which', HTMLFieldSetElement).hidden = !asks;
  for (const slot of kSlotNames) {
    byId(`edit-is-${slot}`, HTMLButtonElement).textContent = slots[slot]?.file.name ?? '';
  }
}

/** What the slots' file dialogs show. */
export function offerFormats(formats: Format[]): void {
  for (const slot of kSlotNames) {
    const taken = formats.filter((format) => fits(format, slot));
    byId(`${slot}-file`, HTMLInputElement).accept =
      ['image/*', ...taken.flatMap(({ extensions }) => extensions)].join(',');
  }
}

/** Wires the slots' controls; `current` gives what they hold. */
export function wireSlots(current: () => Slots, events: SlotEvents): void {
  for (const slot of kSlotNames) {
    const input = byId(`${slot}-file`, HTMLInputElement);
    input.onchange = () => {
      const file = input.files?.[0];
      input.value = ''; // so that the same file can be chosen again
      if (file !== undefined) events.onFile(slot, file);
    };
    byId(`${slot}-remove`, HTMLButtonElement).onclick = () => {
      const after = { ...current() };
      delete after[slot];
      events.onChange(after);
      input.focus();
    };
  }
  const swap = (): void => {
    const after = swapped(current());
    if (after !== undefined) events.onChange(after);
  };
  byId('swap', HTMLButtonElement).onclick = swap;
  // The question which of two is the edit: the one that stands there, or the other.
  byId('edit-is-img', HTMLButtonElement).onclick = () => {
    events.onChange({ ...current() });
    byId('start', HTMLButtonElement).focus();
  };
  byId('edit-is-ref', HTMLButtonElement).onclick = () => {
    swap();
    byId('start', HTMLButtonElement).focus();
  };
}
