// What the panel says of a result: what was done, who shows it.
import type { Reader, Report } from '../service/answers';
import { byId, element } from '../page/dom';

function originText(report: Report): string {
  if (report.mode === 'predict') return `HDR predicted (${report.predictor})`;
  return report.mapCopied ? 'HDR of the original, unchanged' : 'HDR taken from the original';
}

function checksText({ checksPassed, checksWarned, checksRun }: Report): string {
  const passed = `${checksPassed} of ${checksRun} checks passed`;
  if (checksWarned === 0) return passed;
  return `${passed}, ${checksWarned} with a warning (see the report)`;
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
    checksText(report),
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
