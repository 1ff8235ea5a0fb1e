// The links under a result, and what is behind them: bytes that the page holds, or the server's for
// as long as it keeps them. What is on the server is fetched when it is asked for.
import { showFailure } from '../page/alert';
import { byId, element } from '../page/dom';
import { fetchBlob } from '../service/service';

/** A file to be had. */
export interface Deliverable {
  fileName: string;
  /** Here, or where it is. */
  content: Blob | string;
}

/** "beach.jpg" gives "beach". */
export function stem(fileName: string): string {
  return fileName.replace(/\.[^.]*$/, '') || 'picture';
}

let url: string | undefined;
let current: Deliverable | undefined;

const link = (): HTMLAnchorElement => byId('download', HTMLAnchorElement);

function save(content: Blob, fileName: string): void {
  const address = URL.createObjectURL(content);
  element('a', { href: address, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function fetchAndSave(address: string, fileName: string): Promise<void> {
  const fetched = await fetchBlob(address);
  if (fetched.ok) save(fetched.value, fileName);
  else showFailure(fetched.failure);
}

/**
 * Makes the link lead to a file: to the bytes that are here, whose address is given back to be
 * revoked, or to the server, whose failure is told.
 */
export function lead(anchor: HTMLAnchorElement, { fileName, content }: Deliverable): string | undefined {
  anchor.download = fileName;
  if (content instanceof Blob) {
    anchor.onclick = null;
    return (anchor.href = URL.createObjectURL(content));
  }
  anchor.href = content;
  anchor.onclick = (event) => {
    event.preventDefault();
    void fetchAndSave(content, fileName);
  };
  return undefined;
}

/** The main download; undefined while it is not there. `note` says where it comes from. */
export function offerDownload(file: Deliverable | undefined, label: string, note: string): void {
  if (url !== undefined) URL.revokeObjectURL(url);
  url = undefined;
  current = file;
  const anchor = link();
  anchor.textContent = label;
  byId('download-note', HTMLParagraphElement).textContent = note;
  byId('send', HTMLDivElement).hidden = file === undefined || (!canShare(file) && !canCopy(file));
  anchor.ariaDisabled = String(file === undefined);
  if (file === undefined) {
    anchor.onclick = null;
    anchor.removeAttribute('href');
    return;
  }
  byId('share', HTMLButtonElement).hidden = !canShare(file);
  byId('copy', HTMLButtonElement).hidden = !canCopy(file);
  url = lead(anchor, file);
}

/** A result's further files, all on the server. */
export function listDownloads(files: [string, { fileName: string; content: string }][]): void {
  byId('downloads', HTMLUListElement).replaceChildren(...files.map(([label, file]) => {
    const anchor = element('a', {}, label);
    lead(anchor, file);
    return element('li', {}, anchor);
  }));
}

function typeOf(file: Deliverable): string {
  return file.content instanceof Blob ? file.content.type : '';
}

/** Sharing and copying need the bytes at the moment of the click. */
function canShare(file: Deliverable): boolean {
  if (!(file.content instanceof Blob) || !('canShare' in navigator)) return false;
  return navigator.canShare({ files: [new File([], file.fileName, { type: typeOf(file) })] });
}

function canCopy(file: Deliverable): boolean {
  if (!(file.content instanceof Blob) || typeof ClipboardItem === 'undefined') return false;
  return 'supports' in ClipboardItem && ClipboardItem.supports(typeOf(file));
}

/** Wires the buttons beside the download, once. */
export function wireDownloads(): void {
  byId('share', HTMLButtonElement).onclick = () => {
    if (current === undefined || !(current.content instanceof Blob)) return;
    const files = [new File([current.content], current.fileName, { type: typeOf(current) })];
    navigator.share({ files }).catch(() => {}); // closed without a choice
  };
  byId('copy', HTMLButtonElement).onclick = () => {
    if (current === undefined || !(current.content instanceof Blob)) return;
    navigator.clipboard.write([new ClipboardItem({ [typeOf(current)]: current.content })]).catch(() => {});
  };
}
