// The API page: /openapi.json as text that can be tried out.
import { lastHash } from '../page/address';
import { byId, element } from '../page/dom';
import { asString, at } from '../service/json';
import { operationsOf, type DescribedAnswer, type Operation, type Parameter } from '../service/openapi';
import type { SchemaField } from '../service/schema';
import { fetchOpenApi } from '../service/service';
import { kLanguages, snippet, type Language } from './snippets';
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
  const help = [field.help, ...(place === 'form' ? [] : [`in the ${place}`])].filter((each) => each !== '').join('; ');
  const notes = [required ? `Required: ${help}` : help];
  if (field.kind === 'named') notes.push(`Names: ${field.choices.join(', ')}.`);
  const preset = field.default ?? '';
  return [code(name), type, preset, notes.filter((note) => note !== '').join(' ')];
}

/** A schema's fields with those below them, which are shown where they are asked for. */
function fieldTree(fields: SchemaField[]): HTMLElement {
  return element('ul', { className: 'schema' }, ...fields.map(({ name, type, required, help, fields: below }) => {
    const kind = required ? type : `${type}, optional`;
    const words: (string | HTMLElement)[] = [code(name), ' ', element('span', { className: 'type' }, kind)];
    if (help !== '') words.push(element('span', { className: 'help' }, help));
    if (below.length === 0) return element('li', {}, ...words);
    return element('li', {}, element('details', {}, element('summary', {}, ...words), fieldTree(below)));
  }));
}

/** What answers hold: those that hold the same together. */
function schemaViews(answers: DescribedAnswer[]): HTMLElement[] {
  const groups = new Map<string, { statuses: string[]; fields: SchemaField[] }>();
  for (const { status, fields } of answers) {
    if (fields.length === 0) continue;
    const key = JSON.stringify(fields);
    const group = groups.get(key) ?? { statuses: [], fields };
    group.statuses.push(status);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ statuses, fields }, i) => element(
    'details',
    { className: 'holds', open: i === 0 },
    element('summary', {}, `JSON of ${statuses.join(', ')}`),
    fieldTree(fields),
  ));
}

/** The language that was chosen, in all operations. */
let language: Language = 'curl';
const kSnippets: (() => void)[] = [];

/** The service's address, below whatever path it lies. */
const here = new URL('.', location.href).href.replace(/\/$/, '');

function snippetView(operation: Operation, id: string): HTMLElement[] {
  const text = element('code', {});
  const choices = kLanguages.map((each) => {
    const input = element('input', { type: 'radio', name: `language-${id}`, value: each });
    input.onchange = () => {
      language = each;
      for (const refresh of kSnippets) refresh();
    };
    return element('label', {}, input, element('span', {}, each));
  });
  const refresh = (): void => {
    text.textContent = snippet(operation, language, here);
    for (const choice of choices) {
      const input = choice.querySelector('input');
      if (input !== null) input.checked = input.value === language;
    }
  };
  kSnippets.push(refresh);
  refresh();
  return [
    element('fieldset', { className: 'segments' }, element('legend', { className: 'unseen' }, 'Language'), ...choices),
    element('pre', { className: 'snippet', tabIndex: 0, ariaLabel: 'In a program' }, text),
  ];
}

function readingView(operation: Operation, title: string): HTMLElement {
  const view = element('div', { className: 'reading' });
  if (operation.description !== '') view.append(element('p', {}, operation.description));
  if (operation.parameters.length > 0) {
    view.append(
      element('h3', {}, 'Fields'),
      table(`Fields of ${title}`, ['Name', 'Type', 'Default', 'What it is'],
        operation.parameters.map(parameterRow)),
    );
  }
  if (operation.answers.length > 0) {
    view.append(
      element('h3', {}, 'Answers'),
      table(`Answers of ${title}`, ['Status', 'Type', 'When'],
        operation.answers.map(({ status, mediaTypes, description }) => [
          code(status), mediaTypes.join(', '), description,
        ])),
      ...schemaViews(operation.answers),
    );
  }
  return view;
}

function operationView(operation: Operation, id: string): HTMLElement {
  const title = `${operation.method} ${operation.path}`;
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
    element(
      'div',
      { className: 'body' },
      readingView(operation, title),
      element(
        'div',
        { className: 'doing' },
        element('h3', {}, 'In a program'),
        ...snippetView(operation, id),
        element('h3', {}, 'Try it'),
        tryItForm(operation),
      ),
    ),
  );
}

/** "/docs#process" is that operation, opened. */
function openLinked(): void {
  const linked = document.getElementById(location.hash.slice(1));
  if (!(linked instanceof HTMLDetailsElement)) return;
  linked.open = true;
  linked.scrollIntoView();
}

async function show(): Promise<void> {
  const described = await fetchOpenApi();
  const operations = operationsOf(described);
  byId('state', HTMLParagraphElement).hidden = operations.length > 0;
  byId('state', HTMLParagraphElement).textContent = 'The server’s description cannot be read. Reload the page to try again.';
  const version = asString(at(described, 'info', 'version'));
  byId('about', HTMLParagraphElement).textContent = asString(at(described, 'info', 'description')) ?? '';
  if (version !== undefined) byId('version', HTMLSpanElement).textContent = version;
  byId('operations', HTMLDivElement).replaceChildren(
    ...operations.map((operation, i) => operationView(operation, operation.id || `operation-${i}`)),
  );
  openLinked();
}

window.onhashchange = openLinked;
byId('back', HTMLAnchorElement).href = `./${lastHash()}`;
void show();
