// The two slots of the panel: what is in them, and the ways to change that.
import { byId, element, sizeText } from '../page/dom';
import { fits, type Format } from '../files/formats';
import type { Picture, Slot, Slots } from './placement';
import { swapped } from './placement';

const kNames: Slot[] = ['img', 'ref'];
const kEmptyTexts: Record<Slot, string> = { img: 'SDR picture', ref: 'Optional, else predicted' };

export interface SlotEvents {
  onFile(slot: Slot, file: File): void;
  onChange(slots: Slots): void;
}

function describe(slot: Slot, picture: Picture): string {
  const parts = [picture.format.name, sizeText(picture.file.size)];
  if (picture.bringsHdr) parts.push(slot === 'img' ? 'has a gain map' : 'HDR found');
  if (slot === 'ref' && !picture.bringsHdr) parts.push('no HDR found in it');
  return parts.join(' · ');
}

/** A small picture where the browser can decode it, else the kind's name. */
function thumbnail(picture: Picture): HTMLElement {
  const name = element('span', { className: 'thumb', ariaHidden: 'true' }, picture.format.name);
  const url = URL.createObjectURL(picture.file);
  const image = element('img', { className: 'thumb', alt: '', src: url });
  image.onload = () => URL.revokeObjectURL(url);
  image.onerror = () => {
    URL.revokeObjectURL(url);
    image.replaceWith(name);
  };
  return image;
}

/** Shows `slots`; call it again after each change. */
export function showSlots(slots: Slots): void {
  for (const slot of kNames) {
    const picture = slots[slot];
    const box = byId(`slot-${slot}`, HTMLDivElement);
    box.classList.toggle('filled', picture !== undefined);
    box.querySelector('.thumb')?.remove();
    if (picture !== undefined) box.querySelector('label')?.prepend(thumbnail(picture));
    const what = byId(`${slot}-what`, HTMLSpanElement);
    what.textContent = picture?.file.name ?? kEmptyTexts[slot];
    what.title = picture?.file.name ?? '';
    byId(`${slot}-kind`, HTMLSpanElement).textContent =
      picture === undefined ? '' : describe(slot, picture);
    byId(`${slot}-remove`, HTMLButtonElement).hidden = picture === undefined;
  }
  const some = slots.img !== undefined || slots.ref !== undefined;
  byId('swap', HTMLButtonElement).hidden = !some || swapped(slots) === undefined;
}

/** What the slots' file dialogs show. */
export function offerFormats(formats: Format[]): void {
  for (const slot of kNames) {
    const taken = formats.filter((format) => fits(format, slot));
    byId(`${slot}-file`, HTMLInputElement).accept =
      ['image/*', ...taken.flatMap(({ extensions }) => extensions)].join(',');
  }
}

/** Wires the slots' controls; `current` gives what they hold. */
export function wireSlots(current: () => Slots, events: SlotEvents): void {
  for (const slot of kNames) {
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
  byId('swap', HTMLButtonElement).onclick = () => {
    const after = swapped(current());
    if (after !== undefined) events.onChange(after);
  };
}
