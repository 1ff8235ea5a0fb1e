// Real phone pictures, and edits of them as editors leave them: another tone, and the original's XMP still there,
// with its words of a gain map that is gone.
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { runProgram } from './program';
import { withXmpOf } from './stale';

const kCorpus = process.env['HDR_PROCESS_CORPUS'] ?? '../shared/corpus';
const kIsNeeded = (process.env['HDR_PROCESS_REQUIRE'] ?? '').split(',').includes('corpus');

/** For `describe` and `it`: why they cannot run, or false. */
export const kNoCorpus: string | false = !existsSync(kCorpus) && !kIsNeeded && 'no corpus';

export interface Pair {
  /** Names of files, in the pictures' folder. */
  edit: string;
  original: string;
}

export interface RealPictures {
  path(name: string): string;
  read(name: string): Uint8Array;
  /** What the program makes of a pair, or of an edit alone. */
  made(pair: { edit: string; original?: string }): Buffer;
  pair(name: PairName): Pair;
  /** They go. */
  remove(): void;
}

/** By short names, from the corpus; `tiny` and `street` have no XMP that an editor could keep. */
const kSources = {
  dial: 'phone/pixel6pro_vu-dial-gold_PXL_20240113_202144870.jpg',
  badge: 'phone/iphone16_badge-2024-documen_step-15-standoffs-attached.jpg',
  small: 'uhdr/glide_small_gainmap_image.jpg',
  tiny: 'uhdr/iphone17pro_small_iso_apple.jpg',
  street: 'heic/gwy15_IMG_3853.heic',
};
export type PairName = keyof typeof kSources;
const kWithoutXmp: PairName[] = ['tiny', 'street'];

/** The picture drawn anew, brighter and with more contrast; runs in a page. */
async function tonedInPage(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no 2D canvas');
  context.filter = 'brightness(1.15) contrast(1.2) saturate(1.2)';
  context.drawImage(bitmap, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
  const reader = new FileReader();
  return new Promise((resolve) => {
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.readAsDataURL(blob ?? new Blob());
  });
}

/** The originals as NAME.jpg (or .heic), and their edits as NAME-edit.jpg. */
export async function makeRealPictures(browser: Browser, names: PairName[]): Promise<RealPictures> {
  const folder = mkdtempSync(join(tmpdir(), 'hdr-process-real-'));
  const path = (name: string): string => join(folder, name);
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(path(name)));
  const extension = (name: PairName): string => kSources[name].replace(/^.*\./, '');
  const pair = (name: PairName): Pair => ({ edit: `${name}-edit.jpg`, original: `${name}.${extension(name)}` });

  const page = await browser.newPage();
  for (const name of names) {
    const { edit, original } = pair(name);
    copyFileSync(join(kCorpus, kSources[name]), path(original));
    runProgram('extract', path(original), '--out', path('parts'), '-q', '--force');
    const base = readFileSync(path(`parts/${name}_base.jpg`));
    const toned = Buffer.from(await page.evaluate(tonedInPage, base.toString('base64')), 'base64');
    writeFileSync(path(edit), kWithoutXmp.includes(name) ? toned : withXmpOf(toned, read(original)));
  }
  await page.context().close();

  const made = new Map<string, Buffer>();
  return {
    path,
    read,
    pair,
    remove: () => rmSync(folder, { recursive: true }),
    made: ({ edit, original }) => {
      const key = `${edit} ${original ?? ''}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const reference = original === undefined ? [] : ['--ref', path(original)];
      runProgram('--img', path(edit), ...reference, '--out', path('made.jpg'), '-q', '--force');
      const file = readFileSync(path('made.jpg'));
      made.set(key, file);
      return file;
    },
  };
}
