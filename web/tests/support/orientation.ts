// EXIF orientation for a JPEG that has no EXIF.

/** The file with an APP1 right after SOI that says `orientation` (1 to 8) and nothing else. */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4); // the first directory
  tiff.writeUInt16BE(1, 8); // one entry: Orientation, SHORT, 1 value
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  const payload = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, payload, jpeg.subarray(2)]);
}

/** Where a place in the stored picture (shares of width and height) is in the upright one. */
export function upright([u, v]: readonly [number, number], orientation: number): [number, number] {
  const places: [number, number][] = [
    [u, v], [1 - u, v], [1 - u, 1 - v], [u, 1 - v], [v, u], [1 - v, u], [1 - v, 1 - u], [v, 1 - u],
  ];
  return places[orientation - 1] ?? [u, v];
}
