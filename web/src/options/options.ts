// The options of a new picture, built from the service's own limits and defaults: style and format
// in sight, the usual ones behind a disclosure, and behind a second one whatever else the service takes.
import { control, type Control, type ControlText } from './controls';
import { byId, sentence } from '../page/dom';
import type { Field } from '../service/fields';
import { fits, formatOf, productName, type Format } from '../files/formats';
import { guardControls } from './guards';
import type { Served } from '../service/served';
import { kTexts } from './words';

const kInSight = ['format'];
const kUsual = ['exif', 'mode', 'mask'];
/** What the slots send, and what is set where one sees what it does: on the result. */
const kElsewhere = ['img', 'ref', 'boost', 'strength'];

/** "map_quality" gives "Map quality", "keep_icc" "Keep ICC", "heic_form" "HEIC form". */
function words(name: string, formats: Format[]): string {
  const each = name.split(/[_-]/).map((word) =>
    /^(icc|hdr|exif)$/.test(word) ? word.toUpperCase() : (formatOf(formats, word)?.name ?? word));
  return sentence(each.join(' '));
}

function textOf(name: string, field: Field, formats: Format[]): ControlText {
  const text = kTexts[name] ?? { label: words(name, formats), note: sentence(field.help) };
  if (name !== 'format') return text;
  return { ...text, words: Object.fromEntries(formats.map((each) => [each.word, productName(each)])) };
}

export interface Options {
  /** Adds what was chosen to a form. */
  addTo(form: FormData): void;
  /** Shows the options of a prediction, or not: there is an edit, and nothing that brings its HDR. */
  adaptTo(mayPredict: boolean): void;
}

export function buildOptions({ fields, formats }: Served): Options {
  const build = (names: string[]): Control[] =>
    names.flatMap((name) => {
      const field = fields[name];
      if (field === undefined) return [];
      return field.kind === 'named'
        ? guardControls(name, field.guards)
        : [control(name, field, textOf(name, field, formats))];
    });
  const named = Object.keys(fields).filter((name) => fields[name]?.kind === 'named');
  const styled = build(['style']);
  const inSight = build(kInSight);
  const guards = build(named);
  const usual = build(kUsual);
  const known = ['style', ...kInSight, ...named, ...kUsual, ...kElsewhere];
  const others = build(Object.keys(fields).filter((name) => !known.includes(name)));

  const show = (id: string, controls: Control[]): void =>
    byId(id, HTMLDivElement).replaceChildren(...controls.map(({ row }) => row));
  show('sight-fields', [...styled, ...inSight]);
  show('fields', usual);
  show('guards', guards);
  show('more-fields', others);

  const mask = byId('fields', HTMLDivElement).querySelector<HTMLInputElement>('input[name=mask]');
  if (mask !== null) {
    const taken = formats.filter((format) => fits(format, 'mask'));
    mask.accept = taken.flatMap(({ mediaType, extensions }) => [mediaType, ...extensions]).join(',');
  }
  const mode = byId('fields', HTMLDivElement).querySelector<HTMLSelectElement>('select[name=mode]');
  let mayPredict = false;
  const predicts = (): boolean => mode?.value === 'predict' || (mayPredict && mode?.value !== 'reference');
  const adapt = (): void => {
    for (const { row } of styled) row.hidden = !predicts();
    byId('guards-row', HTMLFieldSetElement).hidden = !predicts() || guards.length === 0;
  };
  mode?.addEventListener('change', adapt);
  adapt();
  return {
    addTo: (form) => {
      const active = predicts() ? [...styled, ...guards] : [];
      for (const each of [...inSight, ...usual, ...active, ...others]) each.addTo(form);
    },
    adaptTo: (next) => {
      mayPredict = next;
      adapt();
    },
  };
}
