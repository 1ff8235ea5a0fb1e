// What can be changed of a result: boost, strength, style and file format.
import { byId, element } from '../page/dom';
import type { Fields } from '../service/fields';
import { productName, type Format } from '../files/formats';
import { kMaxBoostStops, kMinBoostStops } from '../files/jpeg_r';
import { kStyleWords } from '../options/words';
import { isTuned, type Result, type Wish } from './made';

const boost = (): HTMLInputElement => byId('boost', HTMLInputElement);
const strength = (): HTMLInputElement => byId('strength', HTMLInputElement);
const style = (): HTMLSelectElement => byId('result-style', HTMLSelectElement);
const format = (): HTMLSelectElement => byId('result-format', HTMLSelectElement);

/** Values and words of the controls, after any change. */
export function showTuning({ basis: { numbers }, wish }: Result): void {
  const own = numbers?.alternateHdrHeadroom;
  const stops = wish.boost ?? own;
  byId('boost-row', HTMLDivElement).hidden = stops === undefined;
  byId('strength-row', HTMLDivElement).hidden = stops === undefined;
  if (stops !== undefined) {
    boost().value = String(stops);
    boost().ariaValueText = `${stops.toFixed(2)} stops`;
    byId('boost-value', HTMLOutputElement).textContent = `${stops.toFixed(2)} stops`;
    strength().value = String(wish.strength);
    strength().ariaValueText = `${Math.round(100 * wish.strength)} %`;
    byId('strength-value', HTMLOutputElement).textContent = `${Math.round(100 * wish.strength)} %`;
    const light = 2 ** (stops * wish.strength);
    byId('boost-note', HTMLSpanElement).textContent = `Highlights up to ${light.toFixed(1)} × white`;
  }
  byId('boost-reset', HTMLButtonElement).hidden = !isTuned(wish);
  style().value = wish.style ?? style().dataset['own'] ?? '';
  format().value = wish.format;
}

/** Sets the controls up for a result; `onChange` gets what is wished from now on. */
export function startTuning(
  result: Result, fields: Fields, formats: Format[], onChange: (change: Partial<Wish>) => void,
): void {
  boost().min = String(fields['boost']?.min ?? kMinBoostStops);
  boost().max = String(fields['boost']?.max ?? kMaxBoostStops);
  const words = fields['format']?.choices ?? [];
  const written = words.map((word) => formats.find((each) => each.word === word)).filter((each) => each !== undefined);
  format().replaceChildren(
    ...written.map((each) => element('option', { value: each.word }, productName(each))),
  );
  // A prediction's style is the predictor's name, but where a model made it.
  const { mode, predictor } = result.basis.answer.report;
  const styles = fields['style']?.choices ?? [];
  byId('style-row', HTMLDivElement).hidden = mode !== 'predict' || styles.length === 0;
  const isKnown = styles.includes(predictor);
  style().dataset['own'] = isKnown ? predictor : '';
  style().replaceChildren(
    ...(isKnown ? [] : [element('option', { value: '' }, 'As made')]),
    ...styles.map((each) => element('option', { value: each }, kStyleWords[each] ?? each)),
  );

  boost().oninput = () => onChange({ boost: Number(boost().value) });
  strength().oninput = () => onChange({ strength: Number(strength().value) });
  byId('boost-reset', HTMLButtonElement).onclick = () => {
    boost().focus();
    onChange({ boost: undefined, strength: 1 });
  };
  style().onchange = () => onChange({ style: style().value === style().dataset['own'] ? undefined : style().value });
  format().onchange = () => onChange({ format: format().value });
  showTuning(result);
}
