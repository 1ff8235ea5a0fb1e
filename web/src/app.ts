// The page: files into slots, jobs one after the other, results.
import { announce, clearFailure, showFailure, type Way } from './page/alert';
import { putInAddress, resultsInAddress } from './page/address';
import { showBadge } from './page/badge';
import { byId, sizeText } from './page/dom';
import { showWorks } from './page/work_list';
import { fitting, isWorthRepeating, type Failure } from './service/errors';
import { drawExample } from './intake/example';
import { acceptDrops, acceptPastes, lookInto, lookIntoAll } from './intake/intake';
import { pairUp } from './intake/pairing';
import { placed, putOn, swapped, type Picture, type Placing, type Slot, type Slots } from './intake/placement';
import { likenessBySight } from './intake/seen';
import { offerFormats, showSlots, thumbnail, wireSlots } from './intake/slots';
import { isJobRunning, runJob, type Job } from './job/job';
import { buildOptions, type Options } from './options/options';
import { wireDownloads } from './result/downloads';
import type { Result } from './result/made';
import { fetchResult, forgetResult, hideResult, showAgain, showResult } from './result/result';
import { learn, type Served } from './service/served';
import { fetchAnswer } from './service/service';
import { showEdit } from './stage/stage';
import { adaptToDisplay, wireViewer } from './stage/viewer';
import { hasHdr, isEmpty, isReady, nameOf, newWork, type Work } from './work';

/** What needs it waits for it: no file is lost that comes sooner. */
const whenServed: Promise<Served> = learn();
/** There once the service has said what it takes. */
let options: Options | undefined;
let works: Work[] = [newWork()];
let current: Work = works[0] ?? newWork();
let isBusy = false;
/** Until then the address is to be read, not written. */
let isRestored = false;

const start = (): HTMLButtonElement => byId('start', HTMLButtonElement);

/** Those that can be made and are not. */
function openWorks(): Work[] {
  return works.filter((work) => work.state !== 'done' && isReady(work));
}

function startText(): string {
  const open = openWorks().length;
  if (works.length > 1 && open > 1) return `Make all ${open}`;
  return current.placing.slots.img === undefined || hasHdr(current) ? 'Put the HDR back' : 'Predict the HDR';
}

/** Puts everything right that shows what there is to be made. */
function refresh(): void {
  showSlots(current.placing);
  options?.adaptTo(current.placing.slots.img !== undefined && !hasHdr(current));
  showWorks(works, current, { onSelect: (work) => void select(work), onRemove: remove });
  start().disabled = isBusy || (openWorks().length === 0 && !isReady(current));
  start().textContent = startText();
  if (!isRestored) return;
  const results = works.flatMap(({ result }) => result ?? []);
  putInAddress(results.map(({ basis, name }) => ({ id: basis.answer.id, name })));
}

function setPlacing(placing: Placing): void {
  current.placing = placing;
  if (current.state === 'failed') current.state = 'open';
  delete current.failure;
  refresh();
  if (current.result === undefined) showEdit(placing.slots.img);
}

/** Another one of several. */
async function select(work: Work): Promise<void> {
  if (work === current) return;
  const served = await whenServed;
  current = work;
  clearFailure();
  hideResult();
  refresh();
  showEdit(work.placing.slots.img);
  if (work.result !== undefined) await showResult(work.result, served, refresh);
  else if (work.failure !== undefined) fail(work, work.failure);
}

function remove(work: Work): void {
  if (work.result !== undefined) forgetResult(work.result);
  works = works.filter((each) => each !== work);
  const [first] = works;
  if (first === undefined) works = [newWork()];
  if (work === current) void select(works[0] ?? newWork());
  else refresh();
}

async function addFiles(files: File[], slot?: Slot): Promise<void> {
  const served = await whenServed;
  if (isBusy) return;
  const [first] = files;
  if (slot !== undefined && files.length === 1 && first !== undefined) return fillSlot(slot, first);
  clearFailure();
  const pictures = await lookIntoAll(files, served);
  if (pictures.length === 0) return;
  if (pictures.length > 2) return addMany(pictures);
  setPlacing(placed(current.placing.slots, pictures));
  announce(`${pictures.map((p) => p.file.name).join(', ')} added`);
}

async function addMany(pictures: Picture[]): Promise<void> {
  const placings = await pairUp(pictures, likenessBySight());
  // What is there already stays; an empty beginning does not.
  const kept = works.filter((work) => !isEmpty(work));
  const added = placings.map(newWork);
  works = [...kept, ...added];
  announce(`${placings.length} pictures added`);
  const [first] = added;
  if (first !== undefined) await select(first);
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
  setPlacing(putOn(current.placing.slots, slot, looked));
}

function formOf({ placing: { slots: { img, ref } } }: Work): FormData | undefined {
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
  refresh();
}

/** What can be done about a failure besides changing something. */
function waysOut(work: Work, failed: Failure): Way[] {
  const again = (change: (form: FormData) => void) => () => void makeAll([work], change);
  if (failed.code === 'swapped_pictures' && swapped(work.placing.slots) !== undefined) {
    return [{ label: 'Swap the two', take: swapBack }];
  }
  if (failed.guards !== undefined) {
    const off = failed.guards.map((name) => `${name}=off`);
    return [{ label: 'Make it anyway', take: again((form) => off.forEach((each) => form.append('guard', each))) }];
  }
  if (isWorthRepeating(failed)) return [{ label: 'Try again', take: again(() => {}) }];
  return [];
}

function swapBack(): void {
  clearFailure();
  const slots = swapped(current.placing.slots);
  if (slots !== undefined) setPlacing({ slots, why: '', asks: false });
  start().focus();
}

function fail(work: Work, failed: Failure): void {
  const { img, ref } = work.placing.slots;
  const words = fitting(failed, { hasOriginal: ref !== undefined, editBringsHdr: img?.bringsHdr === true });
  const isWrongPair = words.code === 'mismatch' && img !== undefined && ref !== undefined;
  showFailure(words, waysOut(work, words), isWrongPair ? [
    { name: 'Edit', picture: thumbnail(img) }, { name: 'HDR original', picture: thumbnail(ref) },
  ] : []);
}

async function refusedMask(form: FormData, served: Served): Promise<Failure | undefined> {
  const mask = form.get('mask');
  if (!(mask instanceof File)) return undefined;
  const looked = await lookInto(mask, served, 'mask');
  return 'code' in looked ? looked : undefined;
}

/** Makes what is ready, one after the other; a cancelled one ends it. */
async function makeAll(wanted: Work[], change: (form: FormData) => void = () => {}): Promise<void> {
  if (isBusy) return;
  clearFailure();
  const ready = wanted.filter(isReady);
  for (const work of ready) work.state = 'waiting';
  setBusy(true);
  for (const work of ready) {
    if ((await make(work, change)) === 'cancelled') break;
  }
  for (const work of ready) {
    if (work.state === 'waiting') work.state = 'open';
  }
  setBusy(false);
  if (current.state === 'open') start().focus();
}

async function make(work: Work, change: (form: FormData) => void): Promise<'made' | 'cancelled' | 'failed'> {
  const served = await whenServed;
  const form = formOf(work);
  if (form === undefined) return 'failed';
  change(form);
  if (work.result !== undefined) forgetResult(work.result);
  delete work.result;
  delete work.failure;
  work.state = 'running';
  refresh();
  if (work === current) showEdit(work.placing.slots.img);
  const ended = await runJob(work === current, async (job) => {
    const made = (await refusedMask(form, served)) ?? (await request(form, nameOf(work), served, job));
    return job.isCancelled() ? 'cancelled' : made;
  });
  if (ended === undefined || ended === 'cancelled') {
    work.state = 'open';
    announce('Cancelled');
    return 'cancelled';
  }
  if ('code' in ended) {
    work.state = 'failed';
    work.failure = ended;
    if (work === current) fail(work, ended);
    return 'failed';
  }
  work.state = 'done';
  work.result = ended;
  refresh();
  announce('Done');
  if (work === current) {
    const shown = showResult(ended, served, refresh);
    // The download is there before the picture: nobody's focus is taken later.
    byId('download', HTMLAnchorElement).focus({ preventScroll: true });
    byId('stage', HTMLElement).scrollIntoView({ block: 'nearest' });
    await shown;
  }
  return 'made';
}

/** From the form to what is shown of its result. */
async function request(form: FormData, name: string, served: Served, job: Job): Promise<Result | Failure | undefined> {
  const outcome = await job.send('process', form);
  if (outcome === undefined) return undefined;
  return outcome.ok ? fetchResult(outcome.value, name, form, served, job) : outcome.failure;
}

/** Results that the page's address names. */
async function restore(): Promise<void> {
  const named = resultsInAddress();
  if (named.length > 0) await restoreThose(named);
  isRestored = true;
  refresh();
}

async function restoreThose(named: { id: string; name: string }[]): Promise<void> {
  const served = await whenServed;
  const found: Work[] = [];
  let lost: Failure | undefined;
  for (const { id, name } of named) {
    const answer = await fetchAnswer(id);
    if (!answer.ok) {
      lost = answer.failure;
      continue;
    }
    const result = await runJob(false, (job) => fetchResult(answer.value, name, undefined, served, job));
    if ('code' in result) lost = result;
    else found.push({ ...newWork(), state: 'done', result });
  }
  // Whoever was quicker with files goes on with them.
  if (works.length > 1 || !isEmpty(current)) return;
  if (lost !== undefined) showFailure(lost);
  const [first] = found;
  if (first === undefined) return;
  works = found;
  current = first;
  isRestored = true;
  refresh();
  if (first.result !== undefined) await showResult(first.result, served, refresh);
}

function startOver(): void {
  clearFailure();
  hideResult();
  for (const { result } of works) {
    if (result !== undefined) forgetResult(result);
  }
  works = [newWork()];
  current = works[0] ?? newWork();
  refresh();
  showEdit(undefined);
  byId('browse', HTMLButtonElement).focus();
}

/** The controls that are made of what the service says. */
function showServed(served: Served): void {
  options = buildOptions(served);
  offerFormats(served.formats);
  refresh();
  byId('browse-files', HTMLInputElement).accept = byId('ref-file', HTMLInputElement).accept;
  const limit = served.fields['img']?.maxBytes;
  byId('limits', HTMLSpanElement).textContent = limit === undefined ? '' : `up to ${sizeText(limit)}`;
}

async function tryExample(): Promise<void> {
  byId('example', HTMLButtonElement).disabled = true;
  await addFiles(await drawExample());
  byId('example', HTMLButtonElement).disabled = false;
  start().focus();
}

function wire(): void {
  showBadge(() => {
    adaptToDisplay();
    showAgain();
  });
  wireViewer();
  wireDownloads();
  wireSlots(() => current.placing.slots, {
    onFile: (slot, file) => void fillSlot(slot, file),
    onChange: (slots: Slots) => {
      clearFailure();
      setPlacing({ slots, why: '', asks: false });
    },
  });
  acceptDrops((files, slot) => void addFiles(files, slot));
  acceptPastes((files) => void addFiles(files));
  const files = byId('browse-files', HTMLInputElement);
  byId('browse', HTMLButtonElement).onclick = () => files.click();
  byId('example', HTMLButtonElement).onclick = () => void tryExample();
  files.onchange = () => {
    const chosen = [...(files.files ?? [])];
    files.value = '';
    void addFiles(chosen);
  };
  byId('form', HTMLFormElement).onsubmit = (event) => {
    event.preventDefault();
    const open = openWorks();
    void makeAll(works.length > 1 && open.length > 0 ? open : [current]);
  };
  byId('again', HTMLButtonElement).onclick = startOver;
  // A job ends with the page: its connection is closed.
  addEventListener('beforeunload', (event) => {
    if (isJobRunning()) event.preventDefault();
  });
  refresh();
  void whenServed.then(showServed);
  void restore();
}

wire();
