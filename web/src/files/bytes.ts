// Reads of untrusted bytes. Every read is checked: past the end there is `undefined`, never a throw.

/** Big-endian u16 at `at`. */
export function u16(bytes: Uint8Array, at: number): number | undefined {
  const high = bytes[at];
  const low = bytes[at + 1];
  return high === undefined || low === undefined ? undefined : high * 0x100 + low;
}

/** u32 at `at`, big-endian unless told otherwise. */
export function u32(
  bytes: Uint8Array,
  at: number,
  order: 'big' | 'little' = 'big',
): number | undefined {
  if (!Number.isSafeInteger(at) || at < 0 || at + 4 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 4);
  return view.getUint32(0, order === 'little');
}

/** Whether `text` (Latin-1) stands at `at`. */
export function textAt(bytes: Uint8Array, at: number, text: string): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; ++i) {
    if (bytes[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** One character per byte, so that positions in the text are positions in the bytes. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  const step = 0x2000; // fromCharCode takes its arguments on the stack
  for (let at = 0; at < bytes.length; at += step) {
    text += String.fromCharCode(...bytes.subarray(at, at + step));
  }
  return text;
}
