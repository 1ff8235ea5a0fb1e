// The page: slots, one job at a time, its result.
import { announce, clearFailure, showFailure } from './alert';
import type { Answer } from './answers';
import { showBadge } from './badge';
import { hideBoost, startBoost, type Boosted } from './boost_control';
import { byId, sizeText } from './dom';
import type { Failure } from './errors';
import { deadlineFrom, fieldsFrom, kFallbackDeadlineSeconds, kFallbackFields } from './fields';
import { acceptDrops, acceptPastes, lookInto, lookIntoAll } from './intake';
import { runJob } from './job';
import { readJpegR, type JpegR } from './jpeg_r';
import { buildOptions } from './options';
import { showPicture } from './picture';
import { decodePixels } from './pixels';
import { placed, type Slot, type Slots } from './placement';
import { showDownload, showFacts, showReaders, stem } from './result_panel';
import { discard, fetchBlob, fetchOpenApi, inspect } from './service';
import { showSlots, wireSlots } from './slots';
import { adaptToDisplay, closeViewer, openViewer, setNumbers, wireViewer } from './viewer';

let fields = kFallbackFields;
let deadlineSeconds = kFallbackDeadlineSeconds;
let addOptions = buildOptions(fields);
let slots: Slots = {};
let isBusy = false;
let answer: Answer | undefined;

function setSlots(next: Slots): void {
  slots = next;
  showSlots(slots);
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
  // The report repeats the names; the server never opens them.
  form.set('img', img.file, img.file.name);
  if (ref !== undefined) form.set('ref', ref.file, ref.file.name);
  addOptions(form);
  return form;
}

function setBusy(busy: boolean): void {
  isBusy = busy;
  byId('form', HTMLFormElement).inert = busy;
  setSlots(slots);
}

function fail(failure: Failure): void {
  showFailure(failure, () => void start());
  byId('alert', HTMLDivElement).scrollIntoView({ block: 'nearest' });
}

async function start(): Promise<void> {
  const form = formOf(slots);
  if (form === undefined || isBusy) return;
  clearFailure();
  forgetResult();
  setBusy(true);
  const outcome = await runJob(form, deadlineSeconds);
  setBusy(false);
  if (outcome === undefined) {
    byId('start', HTMLButtonElement).focus();
  } else if (!outcome.ok) {
    fail(outcome.failure);
  } else {
    await showResult(outcome.value);
  }
}

function forgetResult(): void {
  if (answer !== undefined) discard(answer.id);
  answer = undefined;
  byId('result', HTMLElement).hidden = true;
}

async function askReaders(file: Blob): Promise<void> {
  showReaders(undefined);
  const readers = await inspect(file);
  showReaders(readers.ok ? readers.value : []);
}

async function showResult(made: Answer): Promise<void> {
  const [hdr, preview] = await Promise.all([
    fetchBlob(made.urls.hdr),
    fetchBlob(made.urls.preview),
  ]);
  if (!hdr.ok) return fail(hdr.failure);
  if (!preview.ok) return fail(preview.failure);
  answer = made;
  const name = stem(slots.img?.file.name ?? '');
  showDownload(made, name, undefined);
  showFacts(made.report);
  byId('result', HTMLElement).hidden = false;
  byId('download', HTMLAnchorElement).focus({ preventScroll: true });
  void askReaders(hdr.value);

  const file = readJpegR(new Uint8Array(await hdr.value.arrayBuffer()));
  if (file === undefined) return showWhole(hdr.value, preview.value);
  await showJpegR(made, file, hdr.value, name);
}

/** HEIC and AVIF: whatever of them the browser can show; no live boost. */
async function showWhole(hdr: Blob, preview: Blob): Promise<void> {
  hideBoost();
  openViewer(undefined);
  await showPicture(hdr, preview);
}

async function showJpegR(made: Answer, file: JpegR, hdr: Blob, name: string): Promise<void> {
  const pixels = await decodePixels(file, made.report.orientation);
  if (answer !== made) return; // started over meanwhile
  openViewer(pixels);
  setNumbers(file.numbers);
  startBoost(file, hdr, fields, async (boosted: Boosted) => {
    if (answer !== made) return;
    showDownload(made, name, boosted);
    setNumbers(boosted.numbers);
    await showPicture(boosted.blob);
  });
  await showPicture(hdr);
}

function startOver(): void {
  forgetResult();
  closeViewer();
  clearFailure();
  setSlots({});
  byId('browse', HTMLButtonElement).focus();
}

async function learnLimits(): Promise<void> {
  const document = await fetchOpenApi();
  if (document !== undefined) {
    fields = fieldsFrom(document);
    deadlineSeconds = deadlineFrom(document);
    addOptions = buildOptions(fields);
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
