// The current result: its copies, the viewer on it, its boost, and how it is let go.
import type { Answer } from '../service/answers';
import { hideBoost, startBoost, type Boosted } from './boost_control';
import { byId } from '../page/dom';
import { holdCopies, showDownloads, type Copies } from './downloads';
import type { Failure } from '../service/errors';
import { showFit } from './fit';
import { formatOf } from '../files/formats';
import { readJpegR, type JpegR } from '../files/jpeg_r';
import { showPicture } from '../stage/picture';
import { decodePixels } from '../stage/pixels';
import { showFacts, showReaders } from './result_panel';
import type { Served } from '../service/served';
import { discard, fetchBlob, inspect } from '../service/service';
import { closeViewer, offerSdrOnly, openViewer, setNumbers } from '../stage/viewer';

let answer: Answer | undefined;

export function hasResult(): boolean {
  return answer !== undefined;
}

/** With a result, the form is for another one. */
function reveal(shown: boolean): void {
  byId('result', HTMLElement).hidden = !shown;
  byId('panel', HTMLElement).classList.toggle('has-result', shown);
}

/** Here and on the server. */
export function forgetResult(): void {
  if (answer !== undefined) discard(answer.id);
  answer = undefined;
  closeViewer();
  reveal(false);
}

async function askReaders(made: Answer, file: Blob): Promise<void> {
  showReaders(undefined);
  const readers = await inspect(file);
  if (answer === made) showReaders(readers.ok ? readers.value : []);
}

/** A copy of every part; only the HDR picture has to be there. */
async function fetchCopies({ urls }: Answer): Promise<Copies | Failure> {
  const parts = ['hdr', 'preview', 'gainmap', 'meta'] as const;
  const outcomes = await Promise.all(parts.map((part) => fetchBlob(urls[part])));
  const copies: Copies = {};
  for (const [i, part] of parts.entries()) {
    const outcome = outcomes[i];
    if (outcome?.ok) copies[part] = outcome.value;
    else if (outcome !== undefined && part === 'hdr') return outcome.failure;
  }
  return copies;
}

/** Shows what the server made, as NAME_hdr.jpg and so on; or says why it cannot be had. */
export async function showResult(
  made: Answer,
  name: string,
  { fields, formats }: Served,
): Promise<Failure | undefined> {
  const copies = await fetchCopies(made);
  if ('code' in copies) return copies;
  const hdr = copies.hdr ?? new Blob();
  answer = made;
  holdCopies(made, copies);
  const extension = formatOf(formats, made.report.format)?.extensions[0] ?? '';
  showDownloads(name, extension);
  showFacts(made.report);
  showFit(made);
  reveal(true);
  byId('download', HTMLAnchorElement).focus({ preventScroll: true });
  byId('stage', HTMLElement).scrollIntoView({ block: 'nearest' });
  void askReaders(made, hdr);

  const file = readJpegR(new Uint8Array(await hdr.arrayBuffer()));
  if (file === undefined) {
    await showWhole(made, hdr, copies.preview ?? hdr);
    return undefined;
  }
  const onBoost = async (boosted: Boosted): Promise<void> => {
    if (answer !== made) return;
    showDownloads(name, extension, boosted);
    setNumbers(boosted.numbers);
    await showPicture(boosted.blob);
  };
  await showJpegR(made, file, hdr, () => startBoost(file, hdr, fields, onBoost));
  return undefined;
}

/** HEIC and AVIF: whatever of them the browser can show; no live boost. */
async function showWhole(made: Answer, hdr: Blob, preview: Blob): Promise<void> {
  hideBoost();
  openViewer(undefined);
  if (await showPicture(hdr, preview)) return;
  const format = made.report.format.toUpperCase();
  offerSdrOnly(`This browser does not show ${format}. Here is the SDR preview.`);
}

async function showJpegR(made: Answer, file: JpegR, hdr: Blob, wireBoost: () => void): Promise<void> {
  const pixels = await decodePixels(file, made.report.orientation);
  if (answer !== made) return; // started over meanwhile
  openViewer(pixels);
  setNumbers(file.numbers);
  wireBoost();
  await showPicture(hdr);
}
