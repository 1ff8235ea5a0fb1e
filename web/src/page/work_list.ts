// Several pictures: a row for each, with its thumbnail, what became of it, and its file.
import { byId, element } from './dom';
import { kErrorTexts } from '../service/errors';
import { thumbnail } from '../intake/slots';
import { lead } from '../result/downloads';
import { deliverable } from '../result/result';
import { isReady, nameOf, type Work } from '../work';

export interface WorkEvents {
  onSelect(work: Work): void;
  onRemove(work: Work): void;
}

function stateText(work: Work): string {
  const { state, placing: { slots }, failure } = work;
  switch (state) {
    case 'open':
      if (!isReady(work)) return slots.img === undefined ? 'needs its edit' : 'which one is the edit?';
      return slots.ref === undefined ? 'HDR will be predicted' : `with ${slots.ref.file.name}`;
    case 'waiting':
      return 'waiting';
    case 'running':
      return 'at work';
    case 'done':
      return 'done';
    case 'failed':
      return failure === undefined ? 'failed' : kErrorTexts[failure.code].sentence;
  }
}

const kUrls: string[] = [];

function downloadLink(work: Work): HTMLElement[] {
  const file = work.result === undefined ? undefined : deliverable(work.result);
  if (file === undefined) return [];
  const link = element('a', { className: 'button' }, '↓');
  const url = lead(link, file);
  if (url !== undefined) kUrls.push(url);
  link.ariaLabel = `Download ${file.fileName}`;
  return [link];
}

const kThumbs = new WeakMap<File, HTMLElement>();

function thumbOf({ placing: { slots } }: Work): HTMLElement {
  const picture = slots.img ?? slots.ref;
  if (picture === undefined) return element('span', { className: 'thumb', ariaHidden: 'true' });
  const known = kThumbs.get(picture.file) ?? thumbnail(picture);
  kThumbs.set(picture.file, known);
  return known;
}

/** Hidden where there is but one. */
export function showWorks(works: Work[], current: Work, events: WorkEvents): void {
  const box = byId('works', HTMLElement);
  box.hidden = works.length < 2;
  for (const url of kUrls.splice(0)) URL.revokeObjectURL(url);
  const list = byId('work-list', HTMLUListElement);
  if (works.length < 2) {
    list.replaceChildren();
    return;
  }
  const done = works.filter(({ state }) => state === 'done').length;
  byId('works-title', HTMLHeadingElement).textContent = `${works.length} pictures, ${done} done`;
  const focused = [...list.querySelectorAll('button, a')].indexOf(document.activeElement ?? list);
  list.replaceChildren(...works.map((work) => {
    const name = element('span', { className: 'name' }, nameOf(work));
    const state = element('span', { className: `state ${work.state}` }, stateText(work));
    const choose = element('button', { type: 'button', className: 'row' }, thumbOf(work),
      element('span', { className: 'texts' }, name, state));
    choose.ariaCurrent = String(work === current);
    choose.onclick = () => events.onSelect(work);
    const remove = element('button', { type: 'button', className: 'remove', ariaLabel: `Remove ${nameOf(work)}` }, '×');
    remove.disabled = work.state === 'running' || work.state === 'waiting';
    remove.onclick = () => events.onRemove(work);
    return element('li', {}, choose, ...downloadLink(work), remove);
  }));
  const again = [...list.querySelectorAll<HTMLElement>('button, a')][focused];
  if (focused >= 0) again?.focus();
}
