// What the panel says of a result: what was done, who shows it.
import type { Answer, Reader, Report } from '../service/answers';
import { byId, element } from '../page/dom';
import { fitWords } from './fit_words';

function originText(report: Report): string {
  if (report.mode === 'predict') return `HDR predicted (${report.predictor})`;
  if (!report.hasOriginal) return 'HDR that the edit brought';
  return report.mapCopied ? 'HDR of the original, unchanged' : 'HDR taken from the original';
}

function checksText({ checksPassed, checksWarned, checksRun }: Report): string {
  const passed = `${checksPassed} of ${checksRun} checks passed`;
  if (checksWarned === 0) return passed;
  return `${passed}, ${checksWarned} with a warning (see the report)`;
}

/** The verdict on the SDR picture, and the facts below it. */
export function showFacts({ report, urls }: Answer): void {
  const untouched = report.format === 'jpeg' && report.baseSteps.length === 0;
  byId('verdict', HTMLParagraphElement).textContent = untouched
    ? 'The pixels of your edit are untouched, byte for byte.'
    : 'Your edit was encoded once.';
  const facts = [
    ...report.baseSteps,
    originText(report),
    ...(urls.overlay !== '' ? fitWords(report) : []),
    ...(report.mode === 'predict' ? [] : report.mapSteps.map((step) => `Gain map: ${step}`)),
    checksText(report),
  ];
  if (!untouched && report.baseSteps.length === 0) facts.unshift(`As ${report.format.toUpperCase()}.`);
  byId('facts', HTMLUListElement).replaceChildren(
    ...facts.map((fact) => element('li', {}, fact)),
    ...report.oddities.map((oddity) => element('li', {}, `Note: ${oddity}`)),
  );
  const count = report.oddities.length;
  byId('details-summary', HTMLElement).textContent =
    count === 0 ? 'Details' : `Details, ${count} ${count === 1 ? 'note' : 'notes'}`;
  byId('warnings', HTMLUListElement).replaceChildren(
    ...report.warnings.map((warning) => element('li', {}, `Note: ${warning}`)),
  );
}

function verdictOf(reader: Reader): [string, string] {
  if (reader.hdr === undefined) return ['unknown', 'not known'];
  return reader.hdr ? ['yes', '✓ HDR'] : ['no', 'SDR'];
}

/** One line for each family of viewers, with the reason below it. */
export function showReaders(readers: Reader[]): void {
  byId('readers-title', HTMLHeadingElement).hidden = readers.length === 0;
  const rows = readers.map((reader) => {
    const [className, text] = verdictOf(reader);
    const summary = element(
      'summary', {}, element('span', {}, reader.name), element('span', { className }, text),
    );
    const why = element('p', { className: 'note' }, reader.why);
    return element('li', {}, element('details', {}, summary, why));
  });
  byId('readers', HTMLUListElement).replaceChildren(...rows);
}
