// Form controls for the service's fields. Each sends its field only where the user chose something
// else than the service's default, so that a default is stated in one place: the service.
import { element } from '../page/dom';
import type { Field } from '../service/fields';

export interface Control {
  row: HTMLElement;
  addTo(form: FormData): void;
}

export interface ControlText {
  label: string;
  note?: string;
  /** What the words of a choice are called. */
  words?: Record<string, string>;
}

let serial = 0;

/** An id of its own for each control: one page may have several forms with the same field. */
function newId(name: string): string {
  return `field-${name}-${++serial}`;
}

function row(text: ControlText, control: HTMLElement, shown: HTMLElement = control): HTMLElement {
  const label = element('label', { htmlFor: control.id }, text.label);
  const made = element('div', { className: 'field' }, label, shown);
  if (text.note !== undefined && text.note !== '') {
    const note = element('p', { className: 'note', id: `${control.id}-note` }, text.note);
    control.setAttribute('aria-describedby', note.id);
    made.append(note);
  }
  return made;
}

function choiceControl(name: string, field: Field, text: ControlText): Control {
  const words = field.default === undefined ? ['', ...field.choices] : field.choices;
  const options = words.map((value) => {
    const label = value === '' ? 'Automatic' : (text.words?.[value] ?? value);
    const isDefault = value === (field.default ?? '');
    return element('option', { value, selected: isDefault, defaultSelected: isDefault }, label);
  });
  const select = element('select', { id: newId(name), name }, ...options);
  return {
    row: row(text, select),
    addTo: (form) => {
      if (select.value !== (field.default ?? '')) form.set(name, select.value);
    },
  };
}

/** From 0 to 1, say: a slider with its value beside it. */
function sliderControl(name: string, field: Field, preset: string, text: ControlText): Control {
  const input = element('input', {
    type: 'range',
    id: newId(name),
    name,
    min: String(field.min),
    max: String(field.max),
    step: '0.05',
  });
  input.value = preset;
  const shown = element('output', {}, Number(preset).toFixed(2));
  shown.htmlFor.add(input.id);
  input.oninput = () => {
    shown.textContent = Number(input.value).toFixed(2);
  };
  return {
    row: row(text, input, element('div', { className: 'with-value' }, input, shown)),
    addTo: (form) => {
      if (Number(input.value) !== Number(preset)) form.set(name, input.value);
    },
  };
}

function numberControl(name: string, field: Field, text: ControlText): Control {
  const input = element('input', {
    type: 'number',
    id: newId(name),
    name,
    min: String(field.min ?? ''),
    max: String(field.max ?? ''),
    step: 'any',
    placeholder: field.default ?? 'automatic',
    inputMode: 'decimal',
  });
  return {
    row: row(text, input),
    addTo: (form) => {
      if (input.value !== '') form.set(name, input.value);
    },
  };
}

function switchControl(name: string, field: Field, text: ControlText): Control {
  const preset = field.default === 'true';
  const input = element('input', { type: 'checkbox', id: newId(name), name, checked: preset });
  return {
    row: row(text, input, element('div', { className: 'with-value' }, input)),
    addTo: (form) => {
      if (input.checked !== preset) form.set(name, String(input.checked));
    },
  };
}

function textControl(name: string, field: Field, text: ControlText): Control {
  const input = element('input', {
    type: 'text',
    id: newId(name),
    name,
    placeholder: field.default ?? '',
    spellcheck: false,
    autocomplete: 'off',
  });
  return {
    row: row(text, input),
    addTo: (form) => {
      if (input.value !== '') form.set(name, input.value);
    },
  };
}

/** The file goes by the field's name: the service has no use for the user's. */
function fileControl(name: string, text: ControlText): Control {
  const input = element('input', { type: 'file', id: newId(name), name });
  return {
    row: row(text, input),
    addTo: (form) => {
      const file = input.files?.[0];
      if (file !== undefined) form.set(name, file, name);
    },
  };
}

const kStrengths: readonly (readonly [string, string])[] = [
  ['', 'As usual'],
  ['off', 'Off'],
  ['0.25', '25 %'],
  ['0.5', '50 %'],
  ['0.75', '75 %'],
  ['on', 'Full'],
];

/** One row for each name of a `named` field; which of them are on by themselves the service knows. */
export function strengthControls(name: string, field: Field, label: (name: string) => string): Control[] {
  return field.choices.map((each) => {
    const options = kStrengths.map(([value, words]) => element('option', { value }, words));
    const select = element('select', { id: newId(`${name}-${each}`), name: `${name}-${each}` }, ...options);
    return {
      row: row({ label: label(each) }, select),
      addTo: (form) => {
        if (select.value !== '') form.append(name, `${each}=${select.value}`);
      },
    };
  });
}

/** The control for a field of any kind but `named`. */
export function control(name: string, field: Field, text: ControlText): Control {
  switch (field.kind) {
    case 'choice':
      return choiceControl(name, field, text);
    case 'number': {
      const hasShortRange = field.min !== undefined && field.max !== undefined && field.max - field.min <= 2;
      return hasShortRange && field.default !== undefined
        ? sliderControl(name, field, field.default, text)
        : numberControl(name, field, text);
    }
    case 'switch':
      return switchControl(name, field, text);
    case 'file':
      return fileControl(name, text);
    case 'named':
    case 'text':
      return textControl(name, field, text);
  }
}
