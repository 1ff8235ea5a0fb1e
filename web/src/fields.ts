// Limits and defaults of the fields of POST /process: the service's own, from /openapi.json, or
// built-in ones where that cannot be read.
import { asNumber, asObject, asString, asStrings, at } from './json';

export interface Field {
  min?: number;
  max?: number;
  default?: number | string;
  choices: string[];
  maxBytes?: number;
  help: string;
}

export type Fields = Record<string, Field>;

const kMegabyte = 1_000_000;

export const kFallbackFields: Fields = {
  img: { choices: [], maxBytes: 40 * kMegabyte, help: '' },
  ref: { choices: [], maxBytes: 80 * kMegabyte, help: '' },
  mask: { choices: [], maxBytes: 40 * kMegabyte, help: '' },
  boost: { min: 0.1, max: 6, choices: [], help: '' },
  strength: { min: 0, max: 1, default: 1, choices: [], help: '' },
  mode: { choices: ['auto', 'reference', 'predict'], default: 'auto', help: '' },
  format: { choices: ['jpeg', 'heic', 'avif'], default: 'jpeg', help: '' },
  style: { choices: ['phone', 'acr'], default: 'phone', help: '' },
  exif: { choices: ['allow', 'keep', 'strip'], default: 'allow', help: '' },
  guard: { choices: ['bright-area'], help: '' },
};

/** Request deadline in seconds, of which the page counts. */
export const kFallbackDeadlineSeconds = 20;

function fieldFrom(schema: unknown, fallback: Field | undefined): Field {
  const items = at(schema, 'items');
  const choices = asStrings(at(schema, 'enum'));
  const field: Field = {
    choices: choices.length > 0 ? choices : (fallback?.choices ?? []),
    help: asString(at(schema, 'description')) ?? '',
  };
  const names = asStrings(at(items, 'x-names'));
  if (names.length > 0) field.choices = names;
  const min = asNumber(at(schema, 'minimum')) ?? fallback?.min;
  const max = asNumber(at(schema, 'maximum')) ?? fallback?.max;
  const maxBytes = asNumber(at(schema, 'maxLength')) ?? fallback?.maxBytes;
  const preset = asNumber(at(schema, 'default')) ?? asString(at(schema, 'default'));
  if (min !== undefined) field.min = min;
  if (max !== undefined) field.max = max;
  if (maxBytes !== undefined) field.maxBytes = maxBytes;
  const chosen = preset ?? fallback?.default;
  if (chosen !== undefined) field.default = chosen;
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
