// The numbers of a gain map under ISO 21496-1's names, and their place in its binary block.
import { u16, u32 } from './bytes';
import { fractionOf, valueOf, type Fraction, type Signedness } from './fraction';

/** Per-channel fields in the order in which the block holds them. Gains are in stops. */
export const kChannelFields = [
  'gainMapMin',
  'gainMapMax',
  'gamma',
  'baseOffset',
  'alternateOffset',
] as const;
export type ChannelField = (typeof kChannelFields)[number];

export const kSignedness: Record<ChannelField, Signedness> = {
  gainMapMin: 'signed',
  gainMapMax: 'signed',
  gamma: 'unsigned',
  baseOffset: 'signed',
  alternateOffset: 'signed',
};

export type ChannelNumbers<T> = Record<ChannelField, T>;

/** Headrooms in stops; one or three channels. */
export interface GainMapNumbers<T = number> {
  baseHdrHeadroom: T;
  alternateHdrHeadroom: T;
  channels: ChannelNumbers<T>[];
}

const kThreeChannels = 0x80;
const kKnownFlags = 0xc0;
const kFirstChannel = 21;
const kChannelSize = 40;

/**
 * Reads the two forms the program writes, 61 and 141 bytes. undefined for anything else, for a
 * denominator of 0, and for numbers no viewer could use.
 */
export function readIsoBlock(payload: Uint8Array): GainMapNumbers | undefined {
  const flags = payload[4];
  if (u16(payload, 0) !== 0 || flags === undefined || (flags & ~kKnownFlags) !== 0) return undefined;
  const channelCount = (flags & kThreeChannels) !== 0 ? 3 : 1;
  if (payload.length !== kFirstChannel + kChannelSize * channelCount) return undefined;

  let usable = true;
  const read = (at: number, signedness: Signedness): number => {
    const bits = u32(payload, at) ?? 0;
    const denominator = u32(payload, at + 4) ?? 0;
    if (denominator === 0) usable = false;
    return valueOf({ numerator: signedness === 'signed' ? bits | 0 : bits, denominator });
  };
  const channels: ChannelNumbers<number>[] = [];
  for (let c = 0; c < channelCount; ++c) {
    const start = kFirstChannel + kChannelSize * c;
    const at = (field: ChannelField) =>
      read(start + 8 * kChannelFields.indexOf(field), kSignedness[field]);
    channels.push({
      gainMapMin: at('gainMapMin'),
      gainMapMax: at('gainMapMax'),
      gamma: at('gamma'),
      baseOffset: at('baseOffset'),
      alternateOffset: at('alternateOffset'),
    });
  }
  const numbers = {
    baseHdrHeadroom: read(5, 'unsigned'),
    alternateHdrHeadroom: read(13, 'unsigned'),
    channels,
  };
  usable &&=
    numbers.alternateHdrHeadroom > numbers.baseHdrHeadroom &&
    channels.every((c) => c.gamma > 0 && c.gainMapMax >= c.gainMapMin);
  return usable ? numbers : undefined;
}

/** Writes all numbers over those of a block that readIsoBlock() has read; versions and flags stay. */
export function writeIsoBlock(payload: Uint8Array, numbers: GainMapNumbers<Fraction>): void {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const write = (at: number, fraction: Fraction): void => {
    view.setUint32(at, fraction.numerator >>> 0);
    view.setUint32(at + 4, fraction.denominator);
  };
  write(5, numbers.baseHdrHeadroom);
  write(13, numbers.alternateHdrHeadroom);
  numbers.channels.forEach((channel, c) => {
    kChannelFields.forEach((field, i) => {
      write(kFirstChannel + kChannelSize * c + 8 * i, channel[field]);
    });
  });
}

/** The same numbers as the program would write them. */
export function fractionsOf(numbers: GainMapNumbers): GainMapNumbers<Fraction> {
  return {
    baseHdrHeadroom: fractionOf(numbers.baseHdrHeadroom, 'unsigned'),
    alternateHdrHeadroom: fractionOf(numbers.alternateHdrHeadroom, 'unsigned'),
    channels: numbers.channels.map((channel) => ({
      gainMapMin: fractionOf(channel.gainMapMin, 'signed'),
      gainMapMax: fractionOf(channel.gainMapMax, 'signed'),
      gamma: fractionOf(channel.gamma, 'unsigned'),
      baseOffset: fractionOf(channel.baseOffset, 'signed'),
      alternateOffset: fractionOf(channel.alternateOffset, 'signed'),
    })),
  };
}

/** `stops` becomes the alternate headroom; gains scale by the same factor, offsets stay. */
export function withBoost(numbers: GainMapNumbers, stops: number): GainMapNumbers {
  const factor = stops / numbers.alternateHdrHeadroom;
  return {
    baseHdrHeadroom: numbers.baseHdrHeadroom,
    alternateHdrHeadroom: stops,
    channels: numbers.channels.map((channel) => ({
      ...channel,
      gainMapMin: channel.gainMapMin * factor,
      gainMapMax: channel.gainMapMax * factor,
    })),
  };
}

/** The share of the gain that is kept, above 0: gains and headroom shrink alike, offsets stay. */
export function withStrength(numbers: GainMapNumbers, strength: number): GainMapNumbers {
  return {
    baseHdrHeadroom: numbers.baseHdrHeadroom,
    alternateHdrHeadroom: numbers.alternateHdrHeadroom * strength,
    channels: numbers.channels.map((channel) => ({
      ...channel,
      gainMapMin: channel.gainMapMin * strength,
      gainMapMax: channel.gainMapMax * strength,
    })),
  };
}
