// What the programs of this folder share: their arguments, and a check of types.
import { readFileSync } from 'node:fs';

const [, , address = '', edit = '', original = ''] = process.argv;

export const kAddress = address;
export const kEdit = new Blob([new Uint8Array(readFileSync(edit))]);
export const kOriginal = new Blob([new Uint8Array(readFileSync(original))]);

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the value's type is the one that is named, and no wider one. */
export function isTyped<Wanted>() {
  return <Found>(value: Found, same: Same<Found, Wanted>): Found => {
    if (!same) throw new Error('never');
    return value;
  };
}

/** The first bytes of a file, as text. */
export async function startOf(file: Blob, bytes = 12): Promise<string> {
  return Buffer.from(await file.slice(0, bytes).arrayBuffer()).toString('latin1');
}
