// The options of the page, built from the service's own limits and defaults: the usual ones, and
// behind a second disclosure whatever else the service takes.
import { control, strengthControls, type Control, type ControlText } from './controls';
import { byId } from '../page/dom';
import type { Field } from '../service/fields';
import { fits, formatOf, productName, type Format } from '../files/formats';
import type { Served } from '../service/served';

const kUsual = ['format', 'exif', 'boost', 'strength', 'mode', 'mask'];
/** They shape a prediction; with an original's map the service refuses some of them. */
const kOfPrediction = ['style', 'guard'];
/** What the slots send. */
const kOfSlots = ['img', 'ref'];

const kTexts: Record<string, ControlText> = {
  format: { label: 'File format' },
  exif: {
    label: 'Metadata',
    words: { allow: 'Camera and dates, no places', keep: 'Everything', strip: 'Nothing' },
  },
  boost: { label: 'Boost', note: 'Headroom in stops. Empty: as measured. It can be changed later too.' },
  strength: { label: 'Strength', note: 'Share of the gain that is kept.' },
  mode: {
    label: 'HDR from',
    words: { auto: 'Original, else predicted', reference: 'The original', predict: 'A prediction' },
  },
  mask: { label: 'Mask', note: 'PNG, white where you edited: no gain there.' },
  style: {
    label: 'Style',
    words: { phone: 'As phones do', highlights: 'Only what shines', acr: 'As Camera Raw does' },
  },
};

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

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

function controlsFor(name: string, field: Field, formats: Format[]): Control[] {
  if (field.kind === 'named') {
    const label = words(name, formats);
    return strengthControls(name, field, (each) => `${label}: ${each.replaceAll('-', ' ')}`);
  }
  return [control(name, field, textOf(name, field, formats))];
}

export interface Options {
  /** Adds what was chosen to a form. */
  addTo(form: FormData): void;
  /** Shows the options that matter with, or without, an original. */
  adaptTo(hasOriginal: boolean): void;
}

export function buildOptions({ fields, formats }: Served): Options {
  const build = (names: string[]): Control[] =>
    names.flatMap((name) => {
      const field = fields[name];
      return field === undefined ? [] : controlsFor(name, field, formats);
    });
  const known = [...kUsual, ...kOfPrediction, ...kOfSlots];
  const usual = build(kUsual);
  const ofPrediction = build(kOfPrediction);
  const others = build(Object.keys(fields).filter((name) => !known.includes(name)));

  byId('fields', HTMLDivElement).replaceChildren(...usual.map(({ row }) => row));
  byId('more-fields', HTMLDivElement).replaceChildren(
    ...[...ofPrediction, ...others].map(({ row }) => row),
  );

  const mask = byId('fields', HTMLDivElement).querySelector<HTMLInputElement>('input[name=mask]');
  if (mask !== null) {
    const taken = formats.filter((format) => fits(format, 'mask'));
    mask.accept = taken.flatMap(({ mediaType, extensions }) => [mediaType, ...extensions]).join(',');
  }
  const mode = byId('fields', HTMLDivElement).querySelector<HTMLSelectElement>('select[name=mode]');
  let hasOriginal = false;
  const predicts = (): boolean => mode?.value === 'predict' || (!hasOriginal && mode?.value !== 'reference');
  const adapt = (): void => {
    for (const { row } of ofPrediction) row.hidden = !predicts();
  };
  mode?.addEventListener('change', adapt);
  return {
    addTo: (form) => {
      const active = predicts() ? ofPrediction : [];
      for (const each of [...usual, ...active, ...others]) each.addTo(form);
    },
    adaptTo: (next) => {
      hasOriginal = next;
      adapt();
    },
  };
}
