// What stands in the large area: the invitation, the chosen edit, or a result in the viewer.
import { byId } from '../page/dom';
import type { Picture } from '../intake/placement';

let shownFile: File | undefined;
let url: string | undefined;

function showOnly(id: 'welcome' | 'edit' | 'viewer'): void {
  for (const each of ['welcome', 'edit', 'viewer'] as const) {
    byId(each, HTMLDivElement).hidden = each !== id;
  }
}

export function isViewerShown(): boolean {
  return !byId('viewer', HTMLDivElement).hidden;
}

export function showViewer(): void {
  showOnly('viewer');
}

/** The edit as it came, or the invitation where there is none. */
export function showEdit(edit: Picture | undefined): void {
  showOnly(edit === undefined ? 'welcome' : 'edit');
  if (edit?.file === shownFile) return;
  shownFile = edit?.file;
  if (url !== undefined) URL.revokeObjectURL(url);
  url = undefined;
  const image = byId('edit-picture', HTMLImageElement);
  const note = byId('edit-note', HTMLParagraphElement);
  image.hidden = edit === undefined;
  note.hidden = true;
  if (edit === undefined) {
    image.removeAttribute('src');
    return;
  }
  url = URL.createObjectURL(edit.file);
  image.src = url;
  const shown = url;
  // Decoded, not only loaded: a header that can be read is no picture yet.
  image.decode().catch(() => {
    if (url !== shown) return;
    image.hidden = true;
    note.hidden = false;
    note.textContent = `This browser does not show this ${edit.format.name}; the result it will.`;
  });
}
