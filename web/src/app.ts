// The page: slots, one job at a time, its result.
import { announce, clearFailure, showFailure } from './alert';
import type { Answer } from './answers';
import { showBadge } from './badge';
import { hideBoost, startBoost, type Boosted } from './boost_control';
import { byId, sizeText } from './dom';
import { holdCopies, showDownloads, stem, type Copies } from './downloads';
import { isWorthRepeating, type Failure } from './errors';
import { deadlineFrom, fieldsFrom, kFallbackDeadlineSeconds, kFallbackFields } from './fields';
import { acceptDrops, acceptPastes, lookInto, lookIntoAll } from './intake';
import { runJob } from './job';
import { readJpegR, type JpegR } from './jpeg_r';
import { buildOptions } from './options';
import { showPicture } from './picture';
import { decodePixels } from './pixels';
import { placed, type Slot, type Slots } from './placement';
import { showFacts, showReaders } from './result_panel';
import { discard, fetchBlob, fetchOpenApi, inspect } from './service';
import { showSlots, wireSlots } from './slots';
import { showEdit } from './stage';
import { adaptToDisplay, closeViewer, offerSdrOnly, openViewer, setNumbers, wireViewer } from './viewer';

let fields = kFallbackFields;
let deadlineSeconds = kFallbackDeadlineSeconds;
let options = buildOptions(fields);
let slots: Slots = {};
let isBusy = false;
let answer: Answer | undefined;

function setSlots(next: Slots): void {
  slots = next;
  showSlots(slots);
  options.adaptTo(slots.ref !== undefined);
  if (answer === undefined) showEdit(slots.img);
  const start = byId('start', HTMLButtonElement);
  start.disabled = isBusy || slots.img === undefined;
  start.textContent = slots.ref === undefined && slots.img !== undefined
    ? 'Predict the HDR'
    : 'Put the HDR back';
}

async function addFiles(files: File[]): Promise<void> {
  if (isBusy) return;
  clearFailure();
  const pictures = await lookIntoAll(files, fields);
  if (pictures.length === 0) return;
  setSlots(placed(slots, pictures));
  announce(`${pictures.map((p) => p.file.name).join(', ')} added`);
}

async function fillSlot(slot: Slot, file: File): Promise<void> {
  if (isBusy) return;
  clearFailure();
  const looked = await lookInto(file, fields, slot);
  if ('code' in looked) {
    showFailure(looked);
    return;
  }
  setSlots({ ...slots, [slot]: looked });
}

function formOf({ img, ref }: Slots): FormData | undefined {
  if (img === undefined) return undefined;
  const form = new FormData();
  // What the user's files are called is none of the server's business.
  form.set('img', img.file, 'img');
  if (ref !== undefined) form.set('ref', ref.file, 'ref');
  options.addTo(form);
  return form;
}

function setBusy(busy: boolean): void {
  isBusy = busy;
  byId('form', HTMLFormElement).inert = busy;
  setSlots(slots);
}

function fail(failure: Failure): void {
  showFailure(failure, isWorthRepeating(failure) ? () => void start() : undefined);
  byId('alert', HTMLDivElement).scrollIntoView({ block: 'nearest' });
}

async function refusedMask(form: FormData): Promise<Failure | undefined> {
  const mask = form.get('mask');
  if (!(mask instanceof File)) return undefined;
  const looked = await lookInto(mask, fields, 'mask');
  return 'code' in looked ? looked : undefined;
}

async function start(): Promise<void> {
  const form = formOf(slots);
  if (form === undefined || isBusy) return;
  clearFailure();
  const refusal = await refusedMask(form);
  if (refusal !== undefined) return showFailure(refusal);
  forgetResult();
  setBusy(true);
  const outcome = await runJob(form, deadlineSeconds);
  if (outcome?.ok) await showResult(outcome.value);
  setBusy(false);
  if (outcome === undefined) byId('start', HTMLButtonElement).focus();
  else if (!outcome.ok) fail(outcome.failure);
}

/** With a result, the form is for another one. */
function revealResult(shown: boolean): void {
  byId('result', HTMLElement).hidden = !shown;
  byId('panel', HTMLElement).classList.toggle('has-result', shown);
}

function forgetResult(): void {
  if (answer !== undefined) discard(answer.id);
  answer = undefined;
  closeViewer();
  showEdit(slots.img);
  revealResult(false);
}

async function askReaders(file: Blob): Promise<void> {
  showReaders(undefined);
  const readers = await inspect(file);
  showReaders(readers.ok ? readers.value : []);
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

async function showResult(made: Answer): Promise<void> {
  const copies = await fetchCopies(made);
  if ('code' in copies) return fail(copies);
  const hdr = copies.hdr ?? new Blob();
  answer = made;
  const name = stem(slots.img?.file.name ?? '');
  holdCopies(made, copies);
  showDownloads(made, name);
  showFacts(made.report);
  revealResult(true);
  byId('download', HTMLAnchorElement).focus({ preventScroll: true });
  byId('stage', HTMLElement).scrollIntoView({ block: 'nearest' });
  void askReaders(hdr);

  const file = readJpegR(new Uint8Array(await hdr.arrayBuffer()));
  if (file === undefined) return showWhole(made, hdr, copies.preview ?? hdr);
  await showJpegR(made, file, hdr, name);
}

/** HEIC and AVIF: whatever of them the browser can show; no live boost. */
async function showWhole(made: Answer, hdr: Blob, preview: Blob): Promise<void> {
  hideBoost();
  openViewer(undefined);
  if (await showPicture(hdr, preview)) return;
  const format = made.report.format.toUpperCase();
  offerSdrOnly(`This browser does not show ${format}. Here is the SDR preview.`);
}

async function showJpegR(made: Answer, file: JpegR, hdr: Blob, name: string): Promise<void> {
  const pixels = await decodePixels(file, made.report.orientation);
  if (answer !== made) return; // started over meanwhile
  openViewer(pixels);
  setNumbers(file.numbers);
  startBoost(file, hdr, fields, async (boosted: Boosted) => {
    if (answer !== made) return;
    showDownloads(made, name, boosted);
    setNumbers(boosted.numbers);
    await showPicture(boosted.blob);
  });
  await showPicture(hdr);
}

function startOver(): void {
  clearFailure();
  forgetResult();
  setSlots({});
  byId('browse', HTMLButtonElement).focus();
}

async function learnLimits(): Promise<void> {
  const document = await fetchOpenApi();
  if (document !== undefined) {
    fields = fieldsFrom(document);
    deadlineSeconds = deadlineFrom(document);
    options = buildOptions(fields);
    options.adaptTo(slots.ref !== undefined);
  }
  const limit = fields['img']?.maxBytes;
  byId('limits', HTMLSpanElement).textContent = limit === undefined ? '' : `up to ${sizeText(limit)}`;
}

function wire(): void {
  showBadge(adaptToDisplay);
  wireViewer();
  wireSlots(() => slots, {
    onFile: (slot, file) => void fillSlot(slot, file),
    onChange: setSlots,
  });
  acceptDrops((files) => void addFiles(files));
  acceptPastes((files) => void addFiles(files));
  const files = byId('browse-files', HTMLInputElement);
  files.accept = byId('ref-file', HTMLInputElement).accept;
  byId('browse', HTMLButtonElement).onclick = () => files.click();
  files.onchange = () => {
    const chosen = [...(files.files ?? [])];
    files.value = '';
    void addFiles(chosen);
  };
  byId('form', HTMLFormElement).onsubmit = (event) => {
    event.preventDefault();
    void start();
  };
  byId('again', HTMLButtonElement).onclick = startOver;
  setSlots({});
  void learnLimits();
}

wire();
