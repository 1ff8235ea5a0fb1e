// The hdrgm numbers in a gain map's XMP, as the program writes them: attributes for one channel, an
// rdf:Seq of three for three, every number of a fixed width. They are overwritten in place.
import { latin1 } from './bytes';
import { fixedWidthDecimal, type Fraction } from './fraction';
import { kChannelFields, type ChannelField, type GainMapNumbers } from './gain_map_numbers';

const kNames: Record<ChannelField, string> = {
  gainMapMin: 'GainMapMin',
  gainMapMax: 'GainMapMax',
  gamma: 'Gamma',
  baseOffset: 'OffsetSDR',
  alternateOffset: 'OffsetHDR',
};

/** A number's place in the packet. */
export interface Slot {
  at: number;
  length: number;
}

const kNumber = '-?[0-9]+\\.[0-9]+';

/** Where every number stands; undefined unless each is there exactly once, in our form. */
export function findHdrgmSlots(
  packet: Uint8Array,
  channelCount: number,
): GainMapNumbers<Slot> | undefined {
  const text = latin1(packet);
  const only = (pattern: string): RegExpExecArray | undefined => {
    const regexp = new RegExp(pattern, 'g');
    const first = regexp.exec(text);
    return first !== null && regexp.exec(text) === null ? first : undefined;
  };
  const attribute = (name: string): Slot | undefined => {
    const match = only(`\\bhdrgm:${name}="(${kNumber})"`);
    const number = match?.[1];
    if (match === undefined || number === undefined) return undefined;
    return { at: match.index + match[0].length - 1 - number.length, length: number.length };
  };
  const list = (name: string): Slot[] | undefined => {
    const open = only(`<hdrgm:${name}>`);
    if (open === undefined) return undefined;
    const close = text.indexOf(`</hdrgm:${name}>`, open.index);
    if (close < 0) return undefined;
    const items = text.slice(open.index, close).matchAll(new RegExp(`<rdf:li>(${kNumber})<`, 'g'));
    return [...items].map((item) => ({
      at: open.index + item.index + '<rdf:li>'.length,
      length: (item[1] ?? '').length,
    }));
  };

  const baseHdrHeadroom = attribute('HDRCapacityMin');
  const alternateHdrHeadroom = attribute('HDRCapacityMax');
  if (baseHdrHeadroom === undefined || alternateHdrHeadroom === undefined) return undefined;
  const channels: Partial<Record<ChannelField, Slot>>[] = [];
  for (let c = 0; c < channelCount; ++c) channels.push({});
  for (const field of kChannelFields) {
    const name = kNames[field];
    const slots = channelCount === 1 ? [attribute(name)] : (list(name) ?? []);
    if (slots.length !== channelCount) return undefined;
    channels.forEach((channel, c) => {
      const slot = slots[c];
      if (slot !== undefined) channel[field] = slot;
    });
  }
  const complete = channels.filter((channel): channel is Record<ChannelField, Slot> =>
    kChannelFields.every((field) => channel[field] !== undefined),
  );
  if (complete.length !== channelCount) return undefined;
  return { baseHdrHeadroom, alternateHdrHeadroom, channels: complete };
}

/** Overwrites all numbers; false, with nothing written, where one has not the width of its slot. */
export function writeHdrgm(
  packet: Uint8Array,
  slots: GainMapNumbers<Slot>,
  numbers: GainMapNumbers<Fraction>,
): boolean {
  const edits: [Slot, string][] = [
    [slots.baseHdrHeadroom, fixedWidthDecimal(numbers.baseHdrHeadroom)],
    [slots.alternateHdrHeadroom, fixedWidthDecimal(numbers.alternateHdrHeadroom)],
  ];
  slots.channels.forEach((channel, c) => {
    const values = numbers.channels[c];
    if (values === undefined) return;
    for (const field of kChannelFields) {
      edits.push([channel[field], fixedWidthDecimal(values[field])]);
    }
  });
  if (edits.some(([slot, text]) => slot.length !== text.length)) return false;
  for (const [slot, text] of edits) {
    for (let i = 0; i < text.length; ++i) packet[slot.at + i] = text.charCodeAt(i);
  }
  return true;
}
