// The service's OpenAPI document as the API page shows it: operations with their fields and answers.
import { fieldFrom, type Field } from './fields';
import { asArray, asObject, asString, asStrings, at, type Json } from './json';
import { resolved, schemaFields, type SchemaField } from './schema';

export interface Parameter {
  name: string;
  /** 'path', 'query', 'header', or 'form' for a field of the body. */
  place: string;
  required: boolean;
  /** "number, 0.1 to 6" */
  type: string;
  field: Field;
}

export interface DescribedAnswer {
  status: string;
  description: string;
  mediaTypes: string[];
  /** Of its JSON. */
  fields: SchemaField[];
}

export interface Operation {
  /** Its name in generated clients; may be empty. */
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  answers: DescribedAnswer[];
  /** Values of parameters, as text. */
  example: Record<string, string>;
}

const kMethods = ['get', 'post', 'put', 'patch', 'delete'];

function typeText(schema: unknown, field: Field): string {
  if (field.kind === 'choice') return field.choices.join(', ');
  if (field.kind === 'named') return 'name=strength, repeatable';
  if (field.kind === 'file') {
    return field.maxBytes === undefined ? 'file' : `file, up to ${field.maxBytes / 1e6} MB`;
  }
  const type = asString(at(schema, 'type')) ?? 'text';
  if (field.min !== undefined && field.max !== undefined) return `${type}, ${field.min} to ${field.max}`;
  if (field.min !== undefined) return `${type}, at least ${field.min}`;
  return field.max === undefined ? type : `${type}, at most ${field.max}`;
}

function bodyParameters(document: unknown, operation: unknown): Parameter[] {
  const body = resolved(document, at(operation, 'requestBody'));
  const schema = resolved(document, at(body, 'content', 'multipart/form-data', 'schema'));
  const required = asStrings(at(schema, 'required'));
  return Object.entries(asObject(at(schema, 'properties'))).map(([name, value]) => {
    const property = resolved(document, value);
    const field = fieldFrom(property);
    return { name, place: 'form', required: required.includes(name), type: typeText(property, field), field };
  });
}

function listedParameters(document: unknown, lists: unknown[]): Parameter[] {
  return lists.flatMap(asArray).map((item) => {
    const parameter = resolved(document, item);
    const schema = resolved(document, at(parameter, 'schema'));
    const field = fieldFrom(schema);
    field.help = asString(at(parameter, 'description')) ?? field.help;
    return {
      name: asString(at(parameter, 'name')) ?? '',
      place: asString(at(parameter, 'in')) ?? '',
      required: at(parameter, 'required') === true,
      type: typeText(schema, field),
      field,
    };
  });
}

function answersOf(document: unknown, operation: unknown): DescribedAnswer[] {
  return Object.entries(asObject(at(operation, 'responses'))).map(([status, value]) => {
    const answer = resolved(document, value);
    return {
      status,
      description: asString(at(answer, 'description')) ?? '',
      mediaTypes: Object.keys(asObject(at(answer, 'content'))),
      fields: schemaFields(document, at(answer, 'content', 'application/json', 'schema')),
    };
  });
}

/** The first example of the form, and those of parameters. */
function exampleOf(document: unknown, operation: unknown, lists: unknown[]): Record<string, string> {
  const body = resolved(document, at(operation, 'requestBody'));
  const examples = asObject(at(body, 'content', 'multipart/form-data', 'examples'));
  const first = resolved(document, Object.values(examples)[0]);
  const values: [string, unknown][] = Object.entries(asObject(at(first, 'value')));
  for (const item of lists.flatMap(asArray)) {
    const parameter = resolved(document, item);
    values.push([asString(at(parameter, 'name')) ?? '', at(parameter, 'example')]);
  }
  return Object.fromEntries(values.flatMap(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)]] : []));
}

function operationsAt(document: unknown, path: string, item: Json): Operation[] {
  return kMethods
    .filter((method) => item[method] !== undefined)
    .map((method) => {
      const operation = item[method];
      const lists = [item['parameters'], at(operation, 'parameters')];
      return {
        id: asString(at(operation, 'operationId')) ?? '',
        method: method.toUpperCase(),
        path,
        summary: asString(at(operation, 'summary')) ?? '',
        description: asString(at(operation, 'description')) ?? '',
        parameters: [
          ...listedParameters(document, lists),
          ...bodyParameters(document, operation),
        ],
        answers: answersOf(document, operation),
        example: exampleOf(document, operation, lists),
      };
    });
}

/** In the document's order. */
export function operationsOf(document: unknown): Operation[] {
  return Object.entries(asObject(at(document, 'paths'))).flatMap(([path, item]) =>
    operationsAt(document, path, asObject(resolved(document, item))),
  );
}

/** "/result/{id}" with its parameters filled in and the query behind it. */
export function addressOf(operation: Operation, values: FormData): string {
  const valueOf = ({ name }: Parameter): string => {
    const value = values.get(name);
    return typeof value === 'string' ? value : '';
  };
  let path = operation.path;
  const query = new URLSearchParams();
  for (const parameter of operation.parameters) {
    const value = valueOf(parameter);
    if (parameter.place === 'path') {
      path = path.replaceAll(`{${parameter.name}}`, encodeURIComponent(value));
    } else if (parameter.place === 'query' && value !== '') {
      query.set(parameter.name, value);
    }
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
