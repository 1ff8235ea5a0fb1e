// The advanced options, built from the service's own limits and defaults.
import { byId, element } from './dom';
import type { Field, Fields } from './fields';

const kLabels: Record<string, string> = {
  mode: 'Source of HDR',
  format: 'File format',
  exif: 'Metadata',
  style: 'Prediction style',
  boost: 'Boost',
  strength: 'Strength',
  mask: 'Mask',
};
const kChoiceLabels: Record<string, string> = {
  auto: 'Automatic',
  reference: 'The original',
  predict: 'Predicted',
  jpeg: 'JPEG (Ultra HDR)',
  heic: 'HEIC',
  avif: 'AVIF',
  phone: 'As phones do',
  acr: 'As Camera Raw does',
  allow: 'Camera and dates, no places',
  keep: 'Everything',
  strip: 'Nothing',
};
const kNotes: Record<string, string> = {
  boost: 'Headroom in stops. Left empty: as measured.',
  mask: 'PNG, white where you edited: no HDR there.',
};

interface Control {
  row: HTMLElement;
  /** Adds what was chosen, where it is not the default. */
  addTo(form: FormData): void;
}

function row(label: string, id: string, control: HTMLElement, note?: string): HTMLElement {
  const made = element(
    'div', { className: 'field' }, element('label', { htmlFor: id }, label), control,
  );
  if (note !== undefined) made.append(element('p', { className: 'note' }, note));
  return made;
}

function choice(name: string, field: Field): Control {
  const options = field.choices.map((value) =>
    element(
      'option', { value, selected: value === field.default }, kChoiceLabels[value] ?? value,
    ),
  );
  const select = element('select', { id: `option-${name}` }, ...options);
  return {
    row: row(kLabels[name] ?? name, select.id, select),
    addTo: (form) => {
      if (select.value !== field.default) form.set(name, select.value);
    },
  };
}

/** A slider from 0 to 1, say, with its value beside it. */
function slider(name: string, label: string, field: Field, send: (form: FormData, value: string) => void): Control {
  const preset = String(field.default ?? field.max ?? 1);
  const input = element('input', {
    type: 'range',
    id: `option-${name}`,
    min: String(field.min ?? 0),
    max: String(field.max ?? 1),
    step: '0.05',
  });
  input.value = preset;
  const shown = element('output', {}, Number(preset).toFixed(2));
  input.oninput = () => {
    shown.textContent = Number(input.value).toFixed(2);
  };
  return {
    row: row(label, input.id, element('div', { className: 'with-value' }, input, shown)),
    addTo: (form) => {
      if (Number(input.value) !== Number(preset)) send(form, input.value);
    },
  };
}

function boost(field: Field): Control {
  const input = element('input', {
    type: 'number',
    id: 'option-boost',
    min: String(field.min ?? ''),
    max: String(field.max ?? ''),
    step: '0.1',
    placeholder: 'as measured',
    inputMode: 'decimal',
  });
  return {
    row: row(kLabels['boost'] ?? '', input.id, input, kNotes['boost']),
    addTo: (form) => {
      if (input.value !== '') form.set('boost', input.value);
    },
  };
}

function mask(): Control {
  const input = element('input', { type: 'file', id: 'option-mask', accept: 'image/png,.png' });
  return {
    row: row(kLabels['mask'] ?? '', input.id, input, kNotes['mask']),
    addTo: (form) => {
      const file = input.files?.[0];
      if (file !== undefined) form.set('mask', file, 'mask');
    },
  };
}

/** "bright-area" as words. */
function guardLabel(name: string): string {
  const words = name.replaceAll('-', ' ');
  return `Guard: ${words}`;
}

/** Builds the rows; the result adds their values to a form. */
export function buildOptions(fields: Fields): (form: FormData) => void {
  const none: Field = { choices: [], help: '' };
  const controls = [
    ...['mode', 'format', 'exif'].map((name) => choice(name, fields[name] ?? none)),
    boost(fields['boost'] ?? none),
    slider('strength', kLabels['strength'] ?? '', fields['strength'] ?? none, (form, value) =>
      form.set('strength', value),
    ),
    choice('style', fields['style'] ?? none),
    ...(fields['guard']?.choices ?? []).map((name) =>
      slider(`guard-${name}`, guardLabel(name), { ...none, min: 0, max: 1, default: 1 }, (form, value) =>
        form.append('guard', `${name}=${value}`),
      ),
    ),
    mask(),
  ];
  byId('fields', HTMLDivElement).replaceChildren(...controls.map((control) => control.row));
  return (form) => controls.forEach((control) => control.addTo(form));
}
