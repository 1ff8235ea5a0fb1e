// What the panel says of a result: downloads, what was done, who shows it.
import type { Answer, Reader, Report } from './answers';
import type { Boosted } from './boost_control';
import { byId, element } from './dom';

const kExtensions: Record<string, string> = { jpeg: 'jpg', heic: 'heic', avif: 'avif' };

/** "beach.jpg" gives "beach". */
export function stem(fileName: string): string {
  return fileName.replace(/\.[^.]*$/, '') || 'picture';
}

let localUrl: string | undefined;

/** The main download: the server's file, or the boosted one that was made here. */
export function showDownload(answer: Answer, name: string, boosted: Boosted | undefined): void {
  const link = byId('download', HTMLAnchorElement);
  const note = byId('download-note', HTMLParagraphElement);
  const extension = kExtensions[answer.report.format] ?? 'jpg';
  if (localUrl !== undefined) URL.revokeObjectURL(localUrl);
  localUrl = undefined;
  if (boosted === undefined || boosted.isDelivered) {
    link.href = answer.urls.hdr;
    link.download = `${name}_hdr.${extension}`;
    link.textContent = 'Download HDR picture';
    note.textContent = 'As the server made and verified it.';
  } else {
    localUrl = URL.createObjectURL(boosted.blob);
    const stops = boosted.stops.toFixed(2);
    link.href = localUrl;
    link.download = `${name}_hdr_${stops}.${extension}`;
    link.textContent = `Download with ${stops} stops`;
    note.textContent =
      'Made in your browser: the server’s file with other numbers for boost; the picture is the same.';
  }
  const links: [string, string, string][] = [
    ['SDR preview', answer.urls.preview, `${name}_sdr_preview.jpg`],
    ['Gain map', answer.urls.gainmap, `${name}_gainmap`],
    ['Report', answer.urls.meta, `${name}_meta.json`],
  ];
  if (localUrl !== undefined) {
    links.unshift(['HDR as delivered', answer.urls.hdr, `${name}_hdr.${extension}`]);
  }
  byId('downloads', HTMLUListElement).replaceChildren(
    ...links.map(([label, href, download]) =>
      element('li', {}, element('a', { href, download }, label)),
    ),
  );
}

function originText(report: Report): string {
  if (report.mode === 'predict') return `HDR predicted (${report.predictor})`;
  return report.mapCopied ? 'HDR of the original, unchanged' : 'HDR taken from the original';
}

/** The verdict on the SDR picture, and the facts below it. */
export function showFacts(report: Report): void {
  const untouched = report.format === 'jpeg' && report.baseSteps.length === 0;
  byId('verdict', HTMLHeadingElement).textContent = untouched
    ? 'Your SDR picture is untouched'
    : 'Your SDR picture was encoded once';
  const facts = [
    ...(untouched ? ['Its coded data are in the file byte for byte.'] : report.baseSteps),
    originText(report),
    ...(report.mode === 'predict' ? [] : report.mapSteps.map((step) => `Gain map: ${step}`)),
    `${report.checksPassed} of ${report.checksRun} checks passed`,
  ];
  if (!untouched && report.baseSteps.length === 0) facts.unshift(`As ${report.format.toUpperCase()}.`);
  byId('facts', HTMLUListElement).replaceChildren(
    ...facts.map((fact) => element('li', {}, fact)),
    ...report.warnings.map((warning) => element('li', { className: 'warning' }, `Note: ${warning}`)),
  );
}

function verdictOf(reader: Reader): [string, string] {
  if (reader.hdr === undefined) return ['unknown', 'not known'];
  return reader.hdr ? ['yes', '✓ HDR'] : ['no', 'SDR'];
}

/** One line for each family of viewers, with the reason below it; undefined while it is asked for. */
export function showReaders(readers: Reader[] | undefined): void {
  const list = byId('readers', HTMLUListElement);
  if (readers === undefined) {
    list.replaceChildren(element('li', { className: 'note' }, 'Asking the server …'));
    return;
  }
  if (readers.length === 0) {
    list.replaceChildren(element('li', { className: 'note' }, 'The server could not say.'));
    return;
  }
  const rows = readers.map((reader) => {
    const [className, text] = verdictOf(reader);
    const summary = element(
      'summary', {}, element('span', {}, reader.name), element('span', { className }, text),
    );
    const why = element('p', { className: 'note' }, reader.why);
    return element('li', {}, element('details', {}, summary, why));
  });
  list.replaceChildren(...rows);
}
