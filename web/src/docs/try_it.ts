// One operation's form on the API page, and the answer to it.
import { control, strengthControls, type Control } from '../options/controls';
import { element, sizeText } from '../page/dom';
import { parseJson } from '../service/json';
import { addressOf, type Operation, type Parameter } from '../service/openapi';

function controlsFor({ name, required, field }: Parameter): Control[] {
  if (field.kind === 'named') return strengthControls(name, field, (each) => `${name}: ${each}`);
  const made = control(name, field, { label: required ? `${name} *` : name });
  const input = made.row.querySelector('input');
  if (input !== null && required) input.required = true;
  if (required) made.row.querySelector('option[value=""]')?.remove();
  return [made];
}

/** Text and JSON as text, pictures as pictures, all else by its size. */
async function bodyOf(response: Response, hold: (blob: Blob) => string): Promise<HTMLElement[]> {
  const type = response.headers.get('Content-Type') ?? '';
  if (/^(text\/|application\/([a-z.]+\+)?json)/.test(type)) {
    const text = await response.text();
    const value = parseJson(text);
    const shown = value === undefined ? text : JSON.stringify(value, null, 2);
    return [element('pre', { tabIndex: 0, ariaLabel: 'Body of the answer' }, shown)];
  }
  const blob = await response.blob();
  if (blob.size === 0) return [];
  const save = element('a', { href: hold(blob), download: 'answer' }, `Save ${sizeText(blob.size)}`);
  const parts: HTMLElement[] = [element('p', {}, save)];
  if (type.startsWith('image/')) parts.unshift(element('img', { src: save.href, alt: 'Picture in the answer' }));
  return parts;
}

function headersText(response: Response): string {
  return [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
}

/** The form; each sending replaces the answer below it. */
export function tryItForm(operation: Operation): HTMLElement {
  const controls = operation.parameters
    .filter(({ place }) => place !== 'header')
    .flatMap(controlsFor);
  const send = element('button', { type: 'submit' }, 'Send');
  const answer = element('div', { className: 'answer' });
  answer.setAttribute('aria-live', 'polite');
  const form = element('form', {}, ...controls.map(({ row }) => row), send);

  let url: string | undefined;
  const hold = (blob: Blob): string => {
    url = URL.createObjectURL(blob);
    return url;
  };
  const ask = async (): Promise<void> => {
    const values = new FormData();
    for (const each of controls) each.addTo(values);
    const request: RequestInit = { method: operation.method };
    if (operation.parameters.some(({ place }) => place === 'form')) request.body = values;
    const address = addressOf(operation, values);
    answer.replaceChildren(element('p', { className: 'note' }, `${operation.method} ${address} …`));
    if (url !== undefined) URL.revokeObjectURL(url);
    url = undefined;
    // Relative, as the page's other calls are.
    const response = await fetch(address.slice(1), request);
    const status = `${response.status} ${response.statusText}`.trim();
    answer.replaceChildren(
      element('p', { className: 'status' }, `${operation.method} ${address}: ${status}`),
      element('pre', { className: 'headers', tabIndex: 0, ariaLabel: 'Headers of the answer' }, headersText(response)),
      ...(await bodyOf(response, hold)),
    );
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    send.disabled = true;
    ask()
      .catch(() => {
        answer.replaceChildren(element('p', { className: 'status' }, 'The server cannot be reached.'));
      })
      .finally(() => {
        send.disabled = false;
      });
  };
  return element('div', { className: 'try' }, form, answer);
}
