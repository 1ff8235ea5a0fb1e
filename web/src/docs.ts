// The API page: /openapi.json as text that can be tried out.
import { byId, element } from './dom';
import { asString, at } from './json';
import { operationsOf, type Operation, type Parameter } from './openapi';
import { fetchOpenApi } from './service';
import { tryItForm } from './try_it';

function cells(tag: 'td' | 'th', texts: (string | HTMLElement)[]): HTMLElement {
  return element('tr', {}, ...texts.map((text) => {
    const cell = element(tag, {}, text);
    if (tag === 'th') cell.setAttribute('scope', 'col');
    return cell;
  }));
}

/** A table that scrolls by itself where the window is narrow, by keyboard too. */
function table(label: string, head: string[], rows: (string | HTMLElement)[][]): HTMLElement {
  const made = element('table', {}, element('thead', {}, cells('th', head)));
  made.append(element('tbody', {}, ...rows.map((row) => cells('td', row))));
  const preset = head.indexOf('Default');
  for (const row of made.rows) row.cells[preset]?.classList.add('default');
  const scroll = element('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: label }, made);
  return scroll;
}

function code(text: string): HTMLElement {
  return element('code', {}, text);
}

function parameterRow({ name, place, required, type, field }: Parameter): (string | HTMLElement)[] {
  const notes = [required ? `Required: ${field.help}` : field.help];
  if (field.kind === 'named') notes.push(`Names: ${field.choices.join(', ')}.`);
  if (place !== 'form') notes.push(`In the ${place}.`);
  const preset = field.default ?? '';
  return [code(name), type, preset, notes.filter((note) => note !== '').join(' ')];
}

function operationView(operation: Operation, id: string): HTMLElement {
  const title = `${operation.method} ${operation.path}`;
  const body = element('div', { className: 'body' });
  if (operation.description !== '') body.append(element('p', {}, operation.description));
  if (operation.parameters.length > 0) {
    body.append(
      element('h3', {}, 'Fields'),
      table(`Fields of ${title}`, ['Name', 'Type', 'Default', 'What it is'],
        operation.parameters.map(parameterRow)),
    );
  }
  if (operation.answers.length > 0) {
    body.append(
      element('h3', {}, 'Answers'),
      table(`Answers of ${title}`, ['Status', 'Type', 'When'],
        operation.answers.map(({ status, mediaTypes, description }) => [
          code(status), mediaTypes.join(', '), description,
        ])),
    );
  }
  body.append(element('h3', {}, 'Try it'), tryItForm(operation));
  return element(
    'details',
    { className: 'operation', id },
    element(
      'summary',
      {},
      element('span', { className: 'method' }, operation.method),
      element('span', { className: 'path' }, operation.path),
      element('span', { className: 'summary' }, operation.summary),
    ),
    body,
  );
}

async function show(): Promise<void> {
  const document = await fetchOpenApi();
  const operations = operationsOf(document);
  byId('state', HTMLParagraphElement).hidden = operations.length > 0;
  byId('state', HTMLParagraphElement).textContent = 'The server’s description cannot be read. Reload the page to try again.';
  const version = asString(at(document, 'info', 'version'));
  byId('about', HTMLParagraphElement).textContent = asString(at(document, 'info', 'description')) ?? '';
  if (version !== undefined) byId('version', HTMLSpanElement).textContent = version;
  byId('operations', HTMLDivElement).replaceChildren(
    ...operations.map((operation, i) => operationView(operation, `operation-${i}`)),
  );
}

void show();
