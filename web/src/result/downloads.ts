// The links under a result. They lead to copies that the page holds: the server keeps its own for a
// few minutes only, and names them by itself.
import type { Answer } from '../service/answers';
import type { Boosted } from './boost_control';
import { byId, element } from '../page/dom';

type Part = 'hdr' | 'preview' | 'gainmap' | 'meta';
export type Copies = Partial<Record<Part, Blob>>;

let held: string[] = [];
let boostedUrl: string | undefined;
let hrefs: Record<Part, string> = { hdr: '', preview: '', gainmap: '', meta: '' };

/** "beach.jpg" gives "beach". */
export function stem(fileName: string): string {
  return fileName.replace(/\.[^.]*$/, '') || 'picture';
}

function release(): void {
  for (const url of held) URL.revokeObjectURL(url);
  held = [];
}

/** Takes the copies of a new result; a part that could not be fetched stays the server's link. */
export function holdCopies(answer: Answer, copies: Copies): void {
  release();
  const hrefOf = (part: Part): string => {
    const copy = copies[part];
    if (copy === undefined) return answer.urls[part];
    const url = URL.createObjectURL(copy);
    held.push(url);
    return url;
  };
  hrefs = {
    hdr: hrefOf('hdr'),
    preview: hrefOf('preview'),
    gainmap: hrefOf('gainmap'),
    meta: hrefOf('meta'),
  };
}

/**
 * The main download: the server's file, or the boosted one that was made here; `extension` (".jpg")
 * is theirs.
 */
export function showDownloads(name: string, extension: string, boosted?: Boosted): void {
  const link = byId('download', HTMLAnchorElement);
  const note = byId('download-note', HTMLParagraphElement);
  if (boostedUrl !== undefined) URL.revokeObjectURL(boostedUrl);
  boostedUrl = undefined;
  const links: [string, string, string][] = [
    ['SDR preview', hrefs.preview, `${name}_sdr_preview.jpg`],
    ['Gain map', hrefs.gainmap, `${name}_gainmap.png`],
    ['Report', hrefs.meta, `${name}_meta.json`],
  ];
  if (boosted === undefined || boosted.isDelivered) {
    link.href = hrefs.hdr;
    link.download = `${name}_hdr${extension}`;
    link.textContent = 'Download HDR picture';
    note.textContent = 'As the server made and verified it.';
  } else {
    boostedUrl = URL.createObjectURL(boosted.blob);
    const stops = boosted.stops.toFixed(2);
    link.href = boostedUrl;
    link.download = `${name}_hdr_${stops}${extension}`;
    link.textContent = `Download with ${stops} stops`;
    note.textContent = 'Made in your browser: the same picture and map, other numbers for boost.';
    links.unshift(['HDR as delivered', hrefs.hdr, `${name}_hdr${extension}`]);
  }
  byId('downloads', HTMLUListElement).replaceChildren(
    ...links.map(([label, href, download]) =>
      element('li', {}, element('a', { href, download }, label)),
    ),
  );
}
