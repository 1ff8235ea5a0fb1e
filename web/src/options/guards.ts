// The guards of a prediction as switches. What each does and whether it is on by itself the service says.
import { element, sentence } from '../page/dom';
import type { Guard } from '../service/fields';
import type { Control } from './controls';

/** A switch with a sentence for each guard; sends those that are not as by themselves. */
export function guardControls(field: string, guards: Guard[]): Control[] {
  return guards.map(({ name, isOn, help }) => {
    const id = `guard-${name}`;
    const input = element('input', { type: 'checkbox', id, name: id, checked: isOn });
    const note = element('p', { className: 'note', id: `${id}-note` }, help);
    input.setAttribute('aria-describedby', note.id);
    const label = element('label', { className: 'check' }, input, sentence(name.replaceAll('-', ' ')));
    return {
      row: element('div', { className: 'guard' }, label, note),
      addTo: (form) => {
        if (input.checked !== isOn) form.append(field, `${name}=${input.checked ? 'on' : 'off'}`);
      },
    };
  });
}
