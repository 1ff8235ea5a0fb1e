// Edits as editors leave them: the words of a gain map, without the map.
import assert from 'node:assert/strict';
import { findSegment, kXmpNamespace, walkJpeg } from '../../src/files/jpeg';

/** The JPEG with the XMP of another one. */
export function withXmpOf(edit: Uint8Array, original: Uint8Array): Uint8Array {
  const stream = walkJpeg(original, 0);
  const xmp = stream && findSegment(stream, 0xe1, kXmpNamespace);
  assert.ok(xmp, 'the original has no XMP');
  const length = xmp.payload.length + 2;
  const head = Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff);
  return new Uint8Array(Buffer.concat([edit.subarray(0, 2), head, xmp.payload, edit.subarray(2)]));
}
