// The result that is shown: its picture, what is wished of it, and the file that comes of that.
import type { Answer } from '../service/answers';
import { showFailure } from '../page/alert';
import { displayIsHdr } from '../page/badge';
import { byId, nextFrame } from '../page/dom';
import { failure, type Failure } from '../service/errors';
import { formatOf } from '../files/formats';
import { mapJpeg, readJpegR } from '../files/jpeg_r';
import { runJob, type Job } from '../job/job';
import { browserShows, showPicture } from '../stage/picture';
import { decodeMap } from '../stage/pixels';
import { isViewerShown } from '../stage/stage';
import type { Served } from '../service/served';
import { discard, fetchBlob, type Outcome } from '../service/service';
import { closeViewer, explainView, offerMap, openViewer, setNumbers, settleViewer } from '../stage/viewer';
import { listDownloads, offerDownload, type Deliverable } from './downloads';
import {
  fieldsOf, idsOf, isTuned, newResult, numbersOf, patched, untuned, type Basis, type Made, type Result, type Wish,
} from './made';
import { showFacts, showReaders } from './result_panel';
import { showTuning, startTuning } from './tuning';

let shown: Result | undefined;
let served: Served | undefined;
let onTuned: () => void = () => {};
/** The wish that is being made. */
let remaking: AbortController | undefined;
/** What the HDR side shows now. */
let hdrShown: Blob | undefined;

function reveal(on: boolean): void {
  byId('result', HTMLElement).hidden = !on;
  byId('panel', HTMLElement).classList.toggle('has-result', on);
}

/** Fetches of a result what is to be shown of it. */
async function fetchBasis(answer: Answer, { formats }: Served, job: Job): Promise<Basis | Failure> {
  const basis: Basis = { answer, numbers: answer.report.numbers };
  if (await browserShows(formatOf(formats, answer.report.format)?.mediaType ?? '')) {
    const file = await fetchBlob(answer.urls.hdr, job.download);
    if (!file.ok) return file.failure;
    basis.file = file.value;
  }
  return basis;
}

/** What the service made of a form, fetched. */
export async function fetchResult(
  answer: Answer, name: string, form: FormData | undefined, given: Served, job: Job,
): Promise<Result | Failure> {
  const basis = await fetchBasis(answer, given, job);
  return 'code' in basis ? basis : newResult(name, basis, form);
}

/** Leaves the result, which can be shown again. */
export function hideResult(): void {
  remaking?.abort();
  if (shown !== undefined) {
    for (const basis of shown.bases.values()) delete basis.jpegR; // its bytes stay in the file
  }
  shown = undefined;
  closeViewer();
  reveal(false);
}

/** Here and on the server. */
export function forgetResult(result: Result): void {
  if (shown === result) hideResult();
  for (const id of idsOf(result)) discard(id);
}

/** Shows a result; `onChange` comes when its wish or its files have changed. */
export async function showResult(result: Result, given: Served, onChange: () => void): Promise<void> {
  shown = result;
  served = given;
  onTuned = onChange;
  startTuning(result, given.fields, given.formats, (change) => void tune(result, change));
  reveal(true);
  await showBasis(result);
}

/** Puts the picture into the viewer, and then what takes longer: map, read-outs, simulation. */
async function showBasis(result: Result): Promise<void> {
  const { basis } = result;
  const { answer, file } = basis;
  showFacts(answer);
  showReaders(answer.readers);
  showFiles(result);
  showTuning(result);
  await deliver(result);
  if (answer.report.format === 'jpeg' && file !== undefined) {
    const jpegR = readJpegR(new Uint8Array(await file.arrayBuffer()));
    if (jpegR !== undefined) Object.assign(basis, { jpegR, numbers: jpegR.numbers });
  }
  const mapDecoded = mapOf(basis); // beside the picture
  let isSeen = file !== undefined && (await showPicture(file));
  const isWhole = isSeen;
  isSeen ||= await showPicture(answer.urls.preview);
  const isLeft = (): boolean => shown !== result || result.basis !== basis;
  if (isLeft()) return;
  hdrShown = file;
  openViewer(answer);
  if (!isSeen) return explainView('This browser cannot show the picture.');
  if (!isWhole) {
    const format = answer.report.format.toUpperCase();
    explainView(`This browser does not show ${format}: here is the SDR preview, with the same gain map.`);
  }
  showTuning(result);
  await nextFrame(); // seen first, then what takes longer
  const map = await mapDecoded;
  const numbers = numbersOf(result);
  if (isLeft()) return map?.close();
  if (map === undefined || numbers === undefined) return settleViewer();
  // Maps are stored turned as the base is; the service gives that of a HEIC upright.
  const orientation = answer.report.format === 'heic' ? 1 : answer.report.orientation;
  offerMap({ base: byId('sdr', HTMLImageElement), map, orientation }, numbers);
  await deliver(result);
}

/** Out of the file where it is a JPEG, else the service's picture of it. */
async function mapOf({ answer, jpegR }: Basis): Promise<ImageBitmap | undefined> {
  if (jpegR !== undefined) return decodeMap(new Blob([mapJpeg(jpegR)], { type: 'image/jpeg' }));
  const fetched = await fetchBlob(answer.urls.gainmap);
  return fetched.ok ? decodeMap(fetched.value) : undefined;
}

function nameOf({ name, wish }: Result, format: string): string {
  const extension = formatOf(served?.formats ?? [], format)?.extensions[0] ?? '';
  const boosted = wish.boost === undefined ? '' : `_${wish.boost.toFixed(2)}`;
  const weaker = wish.strength === 1 ? '' : `_${Math.round(100 * wish.strength)}pc`;
  return `${name}_hdr${boosted}${weaker}${extension}`;
}

/** The further files, in the details. */
function showFiles({ name, basis }: Result): void {
  const { urls } = basis.answer;
  listDownloads([
    ['SDR preview', { fileName: `${name}_sdr_preview.jpg`, content: urls.preview }],
    ['Gain map', { fileName: `${name}_gainmap.png`, content: urls.gainmap }],
    ['Report', { fileName: `${name}_meta.json`, content: urls.meta }],
  ]);
}

const keyOf = (wish: Wish): string => JSON.stringify(fieldsOf(wish));

/** The file that is wished for, as far as it is there. */
export function deliverable(result: Result): Deliverable | undefined {
  const { basis, wish, remade } = result;
  const fileName = nameOf(result, wish.format);
  const of = ({ answer, file }: Made): Deliverable => ({ fileName, content: file ?? answer.urls.hdr });
  if (result.bases.get(wish.style ?? '') !== basis) return undefined; // that style is not made yet
  if (wish.format === basis.answer.report.format && !isTuned(wish)) return of(basis);
  const blob = patched(result);
  if (blob !== undefined) return { fileName, content: blob };
  const made = remade.get(keyOf(wish));
  return made === undefined ? undefined : of(made);
}

function labelOf({ wish, basis }: Result, isThere: boolean): string {
  const word = formatOf(served?.formats ?? [], wish.format)?.name ?? wish.format.toUpperCase();
  const kind = wish.format === 'jpeg' ? 'HDR picture' : `HDR ${word}`;
  const { numbers } = basis;
  if (!isThere) return `Making the ${kind} …`;
  if (!isTuned(wish) || numbers === undefined) return `Download ${kind}`;
  const stops = (wish.boost ?? numbers.alternateHdrHeadroom) * wish.strength;
  return `Download with ${stops.toFixed(2)} stops`;
}

/** So long a slider has to rest before the service is asked. */
const kRestMs = 500;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Offers the file that is wished for, and has it made where only the service can. */
async function deliver(result: Result): Promise<void> {
  clearTimeout(timer);
  const file = deliverable(result);
  const isHere = file !== undefined && isTuned(result.wish) && result.remade.get(keyOf(result.wish)) === undefined;
  const note = isHere
    ? 'Made in your browser: the same picture and map, other numbers.'
    : 'As the server made and verified it.';
  offerDownload(file, labelOf(result, file !== undefined), file === undefined ? '' : note);
  if (file !== undefined) {
    // Where the display shows HDR, it shows the very file.
    const { content } = file;
    const mayShow = displayIsHdr() && isViewerShown() && result.wish.format === 'jpeg';
    if (mayShow && content instanceof Blob && content !== hdrShown) {
      hdrShown = content;
      await showPicture(content, 'hdr');
    }
    return;
  }
  timer = setTimeout(() => void remake(result), kRestMs);
}

let frameAsked = false;

async function tune(result: Result, change: Partial<Wish>): Promise<void> {
  Object.assign(result.wish, change);
  // The next picture is made as this one.
  const next = document.querySelector<HTMLSelectElement>('#sight-fields select[name=format]');
  if (next !== null) next.value = result.wish.format;
  showTuning(result);
  remaking?.abort(); // by the next wish
  onTuned();
  const known = result.bases.get(result.wish.style ?? '');
  if (known !== undefined && known !== result.basis) {
    result.basis = known;
    return showBasis(result);
  }
  // A slider moves more often than the picture can be drawn.
  if (frameAsked) return;
  frameAsked = true;
  await nextFrame();
  frameAsked = false;
  if (shown !== result) return;
  const numbers = numbersOf(result);
  if (numbers !== undefined) setNumbers(numbers);
  await deliver(result);
}

/** Has the wish made from what the server keeps, or else from the files once more. */
async function make(result: Result, fields: [string, string][], job: Job): Promise<Outcome<Answer> | undefined> {
  const form = new FormData();
  for (const [name, value] of fields) form.set(name, value);
  const again = await job.send(`result/${result.bases.get('')?.answer.id ?? ''}`, form);
  const isGone = again !== undefined && !again.ok && ['needs_upload', 'not_found'].includes(again.failure.code);
  if (!isGone || result.form === undefined) return again;
  const whole = new FormData();
  for (const [name, value] of result.form) whole.append(name, value);
  for (const [name, value] of fields) whole.set(name, value);
  return job.send('process', whole);
}

async function remake(result: Result): Promise<void> {
  const { wish } = result;
  const key = keyOf(wish);
  const isNewBasis = !result.bases.has(wish.style ?? '');
  const fields = fieldsOf(isNewBasis ? untuned(result.basis.answer.report.format, wish.style) : wish);
  const aborter = new AbortController();
  remaking = aborter;
  const ended = await runJob<Failure | 'cancelled' | undefined>(false, async (job) => {
    const outcome = await make(result, fields, job);
    if (outcome === undefined) return 'cancelled';
    if (!outcome.ok) return outcome.failure;
    if (!isNewBasis) {
      result.remade.set(key, { answer: outcome.value });
      return undefined;
    }
    if (served === undefined) return 'cancelled';
    const basis = await fetchBasis(outcome.value, served, job);
    if ('code' in basis) return job.isCancelled() ? 'cancelled' : basis;
    result.bases.set(wish.style ?? '', basis);
    result.basis = basis;
    return undefined;
  }, aborter);
  if (shown !== result) return;
  onTuned();
  if (ended === undefined) {
    await (isNewBasis ? showBasis(result) : deliver(result));
    return;
  }
  if (ended === 'cancelled' && keyOf(result.wish) !== key) return; // by the next wish
  // Back to what is there.
  result.wish = untuned(result.basis.answer.report.format, styleOf(result));
  if (ended !== 'cancelled') {
    showFailure(ended.code === 'needs_upload' || ended.code === 'not_found'
      ? failure('needs_upload') : ended);
  }
  showTuning(result);
  const numbers = numbersOf(result);
  if (numbers !== undefined) setNumbers(numbers);
  await deliver(result);
}

function styleOf({ bases, basis }: Result): string | undefined {
  const style = [...bases].find(([, each]) => each === basis)?.[0] ?? '';
  return style === '' ? undefined : style;
}

/** The display has become another one: an HDR display shows the file as it is now. */
export function showAgain(): void {
  if (shown !== undefined) void deliver(shown);
}
