// Limits and defaults of the fields of POST /process: the service's own, from /openapi.json.
import { asArray, asNumber, asObject, asString, asStrings, at } from './json';

/** `named` stands for "name=strength", as often as needed. */
export type FieldKind = 'file' | 'choice' | 'number' | 'switch' | 'named' | 'text';

/** Of a `named` field. */
export interface Guard {
  name: string;
  /** Where the form says nothing. */
  isOn: boolean;
  help: string;
}

export interface Field {
  kind: FieldKind;
  min?: number;
  max?: number;
  /** The service's own default; words for all kinds. */
  default?: string;
  /** Words of a choice, names of a `named` field. */
  choices: string[];
  /** What there is to know of the names. */
  guards: Guard[];
  maxBytes?: number;
  help: string;
}

export type Fields = Record<string, Field>;

/** A default or a word as text, whichever JSON type it has. */
function word(value: unknown): string | undefined {
  return asString(value) ?? asNumber(value)?.toString() ?? (typeof value === 'boolean' ? String(value) : undefined);
}

function kindFrom(schema: unknown, words: string[], names: string[]): FieldKind {
  if (names.length > 0) return 'named';
  if (words.length > 0) return 'choice';
  const type = asString(at(schema, 'type')) ?? '';
  if (type === 'boolean') return 'switch';
  if (type === 'number' || type === 'integer') return 'number';
  const isBinary =
    at(schema, 'contentMediaType') !== undefined || at(schema, 'format') === 'binary';
  return isBinary ? 'file' : 'text';
}

function guardsFrom(value: unknown): Guard[] {
  return asArray(value).flatMap((item) => {
    const name = asString(at(item, 'name')) ?? '';
    const isOn = (asNumber(at(item, 'default')) ?? 0) > 0;
    return name === '' ? [] : [{ name, isOn, help: asString(at(item, 'help')) ?? '' }];
  });
}

/** A field as its JSON Schema has it. */
export function fieldFrom(schema: unknown): Field {
  const words = asArray(at(schema, 'enum')).flatMap((value) => word(value) ?? []);
  const names = asStrings(at(schema, 'items', 'x-names'));
  const field: Field = {
    kind: kindFrom(schema, words, names),
    choices: names.length > 0 ? names : words,
    guards: guardsFrom(at(schema, 'items', 'x-guards') ?? at(schema, 'x-guards')),
    help: asString(at(schema, 'description')) ?? '',
  };
  const min = asNumber(at(schema, 'minimum'));
  const max = asNumber(at(schema, 'maximum'));
  const maxBytes = asNumber(at(schema, 'maxLength'));
  const preset = word(at(schema, 'default'));
  if (min !== undefined) field.min = min;
  if (max !== undefined) field.max = max;
  if (maxBytes !== undefined) field.maxBytes = maxBytes;
  if (preset !== undefined) field.default = preset;
  return field;
}

/** The fields of a document; none where it says nothing of them. */
export function fieldsFrom(document: unknown): Fields {
  const schema = at(
    document, 'paths', '/process', 'post', 'requestBody', 'content', 'multipart/form-data', 'schema',
  );
  const properties = Object.entries(asObject(at(schema, 'properties')));
  return Object.fromEntries(properties.map(([name, property]) => [name, fieldFrom(property)]));
}

/** Request deadline in seconds. */
export function deadlineFrom(document: unknown): number | undefined {
  return asNumber(at(document, 'x-deadline-seconds'));
}
