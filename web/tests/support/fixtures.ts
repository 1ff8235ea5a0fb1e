// An edit, its HDR original and the program's results, from a computed picture: a low sun over
// hills, so that there is something to lift.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { makePng } from './png';
import { runProgram } from './program';

/** At shares of width and height. */
function scenePixel(u: number, v: number): [number, number, number] {
  const ridge = 0.62 + 0.05 * Math.sin(9 * u) + 0.03 * Math.sin(23 * u + 1);
  const near = 0.78 + 0.06 * Math.sin(5 * u + 2) + 0.015 * Math.sin(41 * u);
  if (v > near) return [0.07 + 0.04 * u, 0.09, 0.1];
  if (v > ridge) return [0.2 + 0.1 * u, 0.21, 0.27];
  const sun = Math.exp(-((u - 0.68) ** 2 + (0.75 * (v - 0.47)) ** 2) / 0.004);
  const glow = Math.exp(-((u - 0.68) ** 2 + (v - 0.47) ** 2) / 0.12);
  return [0.36 + 0.5 * glow + sun, 0.4 + 0.28 * glow + sun, 0.55 - 0.02 * glow + sun];
}

export interface Fixtures {
  path(name: string): string;
  read(name: string): Uint8Array;
  /** Runs the program on two of them, into a new one of this name; its report. */
  process(name: string, ...args: string[]): string;
}

const kMade: string[] = [];
after(() => {
  for (const folder of kMade) rmSync(folder, { recursive: true });
});

/**
 * A new folder with scene.png; edit.jpg (no gain map) and original.jpg (the same picture with one).
 * It goes when the tests are done.
 */
export function makePictures(width: number, height: number): Fixtures {
  const folder = mkdtempSync(join(tmpdir(), 'hdr-process-web-'));
  kMade.push(folder);
  const path = (name: string): string => join(folder, name);
  const pictures: Fixtures = {
    path,
    read: (name) => new Uint8Array(readFileSync(path(name))),
    process: (name, ...args) => runProgram(...args, '--out', path(name), '--json', '-q', '--force'),
  };
  writeFileSync(path('scene.png'), makePng(width, height, (x, y) => scenePixel(x / width, y / height)));
  pictures.process('original.jpg', '--img', path('scene.png'), '--boost', '2.3',
    '--style', 'highlights');
  runProgram('extract', path('original.jpg'), '--out', path('parts'), '-q');
  writeFileSync(path('edit.jpg'), readFileSync(path('parts/original_base.jpg')));
  return pictures;
}

function makeFixtures(width: number, height: number): Fixtures {
  const fixtures = makePictures(width, height);
  const { path } = fixtures;
  const pair = ['--img', path('edit.jpg'), '--ref', path('original.jpg')];
  writeFileSync(path('result.json'), fixtures.process('result.jpg', ...pair, '--debug-dir', path('.')));
  writeFileSync(path('predicted.json'), fixtures.process('predicted.jpg', '--img', path('edit.jpg')));
  return fixtures;
}

const kShared = new Map<string, Fixtures>();

/**
 * Pictures with result.jpg, the original's map on the edit, with its explaining pictures, and
 * predicted.jpg, without the original; `result.json` and `predicted.json` are what `--json` said of
 * them. Made once for all tests of a process: these may add files, but leave those named here alone.
 */
export function sharedFixtures(width = 640, height = 480): Fixtures {
  const size = `${width} x ${height}`;
  const fixtures = kShared.get(size) ?? makeFixtures(width, height);
  kShared.set(size, fixtures);
  return fixtures;
}
