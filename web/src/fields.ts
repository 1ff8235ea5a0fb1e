// Limits and defaults of the fields of POST /process: the service's own, from /openapi.json, or
// built-in ones where that cannot be read.
import { asArray, asNumber, asObject, asString, asStrings, at } from './json';

/** `named` stands for "name=strength", as often as needed. */
export type FieldKind = 'file' | 'choice' | 'number' | 'switch' | 'named' | 'text';

export interface Field {
  kind: FieldKind;
  min?: number;
  max?: number;
  /** The service's own default; words for all kinds. */
  default?: string;
  /** Words of a choice, names of a `named` field. */
  choices: string[];
  maxBytes?: number;
  help: string;
}

export type Fields = Record<string, Field>;

const kMegabyte = 1_000_000;

function choice(choices: string[]): Field {
  const field: Field = { kind: 'choice', choices, help: '' };
  if (choices[0] !== undefined) field.default = choices[0];
  return field;
}

function file(megabytes: number): Field {
  return { kind: 'file', choices: [], maxBytes: megabytes * kMegabyte, help: '' };
}

export const kFallbackFields: Fields = {
  img: file(40),
  ref: file(80),
  mask: file(40),
  boost: { kind: 'number', min: 0.1, max: 6, choices: [], help: '' },
  strength: { kind: 'number', min: 0, max: 1, default: '1', choices: [], help: '' },
  mode: choice(['auto', 'reference', 'predict']),
  format: choice(['jpeg', 'heic', 'avif']),
  style: choice(['phone', 'highlights', 'acr']),
  exif: choice(['allow', 'keep', 'strip']),
  guard: {
    kind: 'named',
    choices: [
      'smooth', 'highlight-cap', 'floor', 'saturation', 'skin', 'text', 'bright-area', 'clamp',
    ],
    help: '',
  },
};

/** Request deadline in seconds, of which the page counts. */
export const kFallbackDeadlineSeconds = 20;

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

/** A field as its JSON Schema has it; `fallback` fills what the schema leaves out. */
export function fieldFrom(schema: unknown, fallback?: Field): Field {
  const words = asArray(at(schema, 'enum')).flatMap((value) => word(value) ?? []);
  const names = asStrings(at(schema, 'items', 'x-names'));
  const choices = names.length > 0 ? names : words;
  const field: Field = {
    kind: fallback?.kind ?? kindFrom(schema, words, names),
    choices: choices.length > 0 ? choices : (fallback?.choices ?? []),
    help: asString(at(schema, 'description')) ?? '',
  };
  const min = asNumber(at(schema, 'minimum')) ?? fallback?.min;
  const max = asNumber(at(schema, 'maximum')) ?? fallback?.max;
  const maxBytes = asNumber(at(schema, 'maxLength')) ?? fallback?.maxBytes;
  const preset = word(at(schema, 'default')) ?? fallback?.default;
  if (min !== undefined) field.min = min;
  if (max !== undefined) field.max = max;
  if (maxBytes !== undefined) field.maxBytes = maxBytes;
  if (preset !== undefined) field.default = preset;
  return field;
}

/** The fields of a document; the built-in ones where it says nothing of them. */
export function fieldsFrom(document: unknown): Fields {
  const schema = at(
    document, 'paths', '/process', 'post', 'requestBody', 'content', 'multipart/form-data', 'schema',
  );
  const fields: Fields = { ...kFallbackFields };
  for (const [name, property] of Object.entries(asObject(at(schema, 'properties')))) {
    fields[name] = fieldFrom(property, kFallbackFields[name]);
  }
  return fields;
}

export function deadlineFrom(document: unknown): number {
  return asNumber(at(document, 'x-deadline-seconds')) ?? kFallbackDeadlineSeconds;
}
