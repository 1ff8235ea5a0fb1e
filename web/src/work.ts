// The pictures that are to be made, one or many; each with its edit, perhaps its original, and what
// came of it.
import type { Placing } from './intake/placement';
import type { Result } from './result/made';
import { stem } from './result/downloads';
import type { Failure } from './service/errors';

export interface Work {
  placing: Placing;
  /** 'waiting' for its turn among many. */
  state: 'open' | 'waiting' | 'running' | 'done' | 'failed';
  result?: Result;
  failure?: Failure;
}

export const kNothingPlaced: Placing = { slots: {}, why: '', asks: false };

export function newWork(placing: Placing = kNothingPlaced): Work {
  return { placing, state: 'open' };
}

/** "beach" of beach.jpg. */
export function nameOf({ placing: { slots }, result }: Work): string {
  const file = slots.img?.file ?? slots.ref?.file;
  return file === undefined ? (result?.name ?? 'picture') : stem(file.name);
}

/** Nothing was put there yet. */
export function isEmpty({ placing: { slots } }: Work): boolean {
  return slots.img === undefined && slots.ref === undefined;
}

/** Whether there is an edit, and no question is open. */
export function isReady({ placing }: Work): boolean {
  return placing.slots.img !== undefined && !placing.asks;
}

/** An original, or an edit that brings HDR of its own: nothing has to be predicted. */
export function hasHdr({ placing: { slots } }: Work): boolean {
  return slots.ref !== undefined || slots.img?.bringsHdr === true;
}
