// The options of the page, built from the service's own limits and defaults: the usual ones, and
// behind a second disclosure whatever else the service takes.
import { control, strengthControls, type Control, type ControlText } from './controls';
import { byId } from './dom';
import type { Field, Fields } from './fields';

const kUsual = ['format', 'exif', 'boost', 'strength', 'mode', 'mask'];
/** They shape a prediction; with an original's map the service refuses some of them. */
const kOfPrediction = ['style', 'guard'];
/** What the slots send. */
const kOfSlots = ['img', 'ref'];

const kTexts: Record<string, ControlText> = {
  format: {
    label: 'File format',
    words: { jpeg: 'JPEG (Ultra HDR)', heic: 'HEIC', avif: 'AVIF' },
  },
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

/** "map_quality" gives "Map quality", "keep_icc" "Keep ICC". */
function words(name: string): string {
  const text = name.replaceAll(/[_-]/g, ' ').replaceAll(/\b(icc|hdr|heic|exif)\b/g, (each) => each.toUpperCase());
  return sentence(text);
}

function controlsFor(name: string, field: Field): Control[] {
  if (field.kind === 'named') {
    return strengthControls(name, field, (each) => `${words(name)}: ${each.replaceAll('-', ' ')}`);
  }
  return [control(name, field, kTexts[name] ?? { label: words(name), note: sentence(field.help) })];
}

export interface Options {
  /** Adds what was chosen to a form. */
  addTo(form: FormData): void;
  /** Shows the options that matter with, or without, an original. */
  adaptTo(hasOriginal: boolean): void;
}

/** Builds the rows anew. */
export function buildOptions(fields: Fields): Options {
  const build = (names: string[]): Control[] =>
    names.flatMap((name) => {
      const field = fields[name];
      return field === undefined ? [] : controlsFor(name, field);
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
  if (mask !== null) mask.accept = 'image/png,.png';
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
