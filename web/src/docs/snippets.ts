// An operation as a few lines of other people's languages, with the values of its example.
import type { Operation, Parameter } from '../service/openapi';

export const kLanguages = ['curl', 'Python', 'JavaScript'] as const;
export type Language = (typeof kLanguages)[number];

interface Call {
  method: string;
  url: string;
  /** Names of files by field. */
  files: [string, string][];
  texts: [string, string][];
  /** How the answer is kept: as JSON, as text, in a file of this name, or not at all. */
  answer: 'json' | 'text' | 'none' | { file: string };
}

function exampleOf(operation: Operation, { name, field }: Parameter): string {
  return operation.example[name] ?? field.choices[0] ?? name;
}

function answerOf(operation: Operation): Call['answer'] {
  const types = operation.answers.find(({ status }) => status.startsWith('2'))?.mediaTypes ?? [];
  const [first] = types;
  if (first === undefined) return 'none';
  if (first === 'application/json') return 'json';
  if (!first.startsWith('image/')) return 'text';
  const name = operation.path.split('/').at(-1) ?? 'answer';
  return { file: `${/^[a-z]+$/.test(name) ? name : 'answer'}.${first === 'image/png' ? 'png' : 'jpg'}` };
}

function callOf(operation: Operation, origin: string): Call {
  let path = operation.path;
  const query = new URLSearchParams();
  const call: Call = { method: operation.method, url: '', files: [], texts: [], answer: answerOf(operation) };
  for (const parameter of operation.parameters) {
    const value = exampleOf(operation, parameter);
    const { name, place, required } = parameter;
    if (place === 'path') path = path.replaceAll(`{${name}}`, encodeURIComponent(value));
    if (place === 'query' && required) query.set(name, value);
    if (place !== 'form' || (!required && operation.example[name] === undefined)) continue;
    (parameter.field.kind === 'file' ? call.files : call.texts).push([name, value]);
  }
  const text = query.toString();
  call.url = origin + (text === '' ? path : `${path}?${text}`);
  return call;
}

/** As one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w./:@=%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A string literal of both Python and JavaScript. */
const quoted = (text: string): string => JSON.stringify(text);

function curl({ method, url, files, texts, answer }: Call): string {
  const words = ['curl'];
  if (method === 'DELETE') words.push('-X DELETE');
  for (const [name, file] of files) words.push(`-F ${shellWord(`${name}=@${file}`)}`);
  for (const [name, text] of texts) words.push(`-F ${shellWord(`${name}=${text}`)}`);
  if (typeof answer === 'object') words.push(`-o ${shellWord(answer.file)}`);
  return [...words, shellWord(url)].join(' \\\n  ').replace(/^curl \\\n  /, 'curl ');
}

function python({ method, url, files, texts, answer }: Call): string {
  const given = [quoted(url)];
  const dictionary = (pairs: string[]): string => `{${pairs.join(', ')}}`;
  if (files.length > 0) {
    given.push(`files=${dictionary(files.map(([name, file]) => `${quoted(name)}: open(${quoted(file)}, "rb")`))}`);
  }
  if (texts.length > 0) {
    given.push(`data=${dictionary(texts.map(([name, text]) => `${quoted(name)}: ${quoted(text)}`))}`);
  }
  const lines = [
    'import requests',
    '',
    given.length === 1
      ? `answer = requests.${method.toLowerCase()}(${given[0] ?? ''})`
      : `answer = requests.${method.toLowerCase()}(\n    ${given.join(',\n    ')},\n)`,
    'answer.raise_for_status()',
  ];
  if (answer === 'json') lines.push('print(answer.json())');
  if (answer === 'text') lines.push('print(answer.text)');
  if (typeof answer === 'object') lines.push(`open(${quoted(answer.file)}, "wb").write(answer.content)`);
  return lines.join('\n');
}

function javaScript({ method, url, files, texts, answer }: Call): string {
  const lines: string[] = [];
  const hasForm = files.length + texts.length > 0;
  if (hasForm) {
    lines.push('const form = new FormData();');
    // A page has them from <input type="file">.
    for (const [name] of files) lines.push(`form.set(${quoted(name)}, files[${quoted(name)}]); // a File or Blob`);
    for (const [name, text] of texts) lines.push(`form.append(${quoted(name)}, ${quoted(text)});`);
  }
  const options: string[] = [];
  if (method !== 'GET') options.push(`method: ${quoted(method)}`);
  if (hasForm) options.push('body: form');
  lines.push(
    `const answer = await fetch(${[quoted(url), ...(options.length > 0 ? [`{ ${options.join(', ')} }`] : [])].join(', ')});`,
    'if (!answer.ok) throw new Error((await answer.json()).message);',
  );
  if (answer === 'json') lines.push('const result = await answer.json();');
  if (answer === 'text') lines.push('const result = await answer.text();');
  if (typeof answer === 'object') lines.push('const result = await answer.blob();');
  return lines.join('\n');
}

/** `origin` is where the service was found: "http://127.0.0.1:8080". */
export function snippet(operation: Operation, language: Language, origin: string): string {
  const make = { curl, Python: python, JavaScript: javaScript }[language];
  return make(callOf(operation, origin));
}
