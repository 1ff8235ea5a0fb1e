// The page: files into slots, one job at a time.
import { announce, clearFailure, showFailure } from './page/alert';
import { showBadge } from './page/badge';
import { byId, sizeText } from './page/dom';
import { stem } from './result/downloads';
import { isWorthRepeating, type Failure } from './service/errors';
import { acceptDrops, acceptPastes, lookInto, lookIntoAll } from './intake/intake';
import { runJob } from './job/job';
import { buildOptions, type Options } from './options/options';
import { placed, type Slot, type Slots } from './intake/placement';
import { forgetResult, hasResult, showResult } from './result/result';
import { learn, type Served } from './service/served';
import { offerFormats, showSlots, wireSlots } from './intake/slots';
import { showEdit } from './stage/stage';
import { adaptToDisplay, wireViewer } from './stage/viewer';

/** What needs it waits for it: no file is lost that comes sooner. */
const whenServed: Promise<Served> = learn();
/** There once the service has said what it takes. */
let options: Options | undefined;
let slots: Slots = {};
let isBusy = false;

function setSlots(next: Slots): void {
  slots = next;
  showSlots(slots);
  options?.adaptTo(slots.ref !== undefined);
  if (!hasResult()) showEdit(slots.img);
  const start = byId('start', HTMLButtonElement);
  start.disabled = isBusy || slots.img === undefined;
  start.textContent = slots.ref === undefined && slots.img !== undefined
    ? 'Predict the HDR'
    : 'Put the HDR back';
}

async function addFiles(files: File[]): Promise<void> {
  const served = await whenServed;
  if (isBusy) return;
  clearFailure();
  const pictures = await lookIntoAll(files, served);
  if (pictures.length === 0) return;
  setSlots(placed(slots, pictures));
  announce(`${pictures.map((p) => p.file.name).join(', ')} added`);
}

async function fillSlot(slot: Slot, file: File): Promise<void> {
  const served = await whenServed;
  if (isBusy) return;
  clearFailure();
  const looked = await lookInto(file, served, slot);
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
  options?.addTo(form);
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

async function refusedMask(form: FormData, served: Served): Promise<Failure | undefined> {
  const mask = form.get('mask');
  if (!(mask instanceof File)) return undefined;
  const looked = await lookInto(mask, served, 'mask');
  return 'code' in looked ? looked : undefined;
}

async function start(): Promise<void> {
  const form = formOf(slots);
  if (form === undefined || isBusy) return;
  clearFailure();
  setBusy(true);
  const failed = await run(form);
  setBusy(false);
  if (failed === 'cancelled') byId('start', HTMLButtonElement).focus();
  else if (failed !== undefined) fail(failed);
}

/** From the form to the result that is shown; or what came between. */
async function run(form: FormData): Promise<Failure | 'cancelled' | undefined> {
  const served = await whenServed;
  const refusal = await refusedMask(form, served);
  if (refusal !== undefined) return refusal;
  forgetResult();
  showEdit(slots.img);
  const outcome = await runJob(form, served.deadlineSeconds);
  if (outcome === undefined) return 'cancelled';
  if (!outcome.ok) return outcome.failure;
  return showResult(outcome.value, stem(slots.img?.file.name ?? ''), served);
}

function startOver(): void {
  clearFailure();
  forgetResult();
  setSlots({});
  byId('browse', HTMLButtonElement).focus();
}

/** The controls that are made of what the service says. */
function showServed(served: Served): void {
  options = buildOptions(served);
  options.adaptTo(slots.ref !== undefined);
  offerFormats(served.formats);
  byId('browse-files', HTMLInputElement).accept = byId('ref-file', HTMLInputElement).accept;
  const limit = served.fields['img']?.maxBytes;
  byId('limits', HTMLSpanElement).textContent = limit === undefined ? '' : `· up to ${sizeText(limit)}`;
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
  void whenServed.then(showServed);
}

wire();
