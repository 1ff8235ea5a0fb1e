// The containers that the service knows, as its /openapi.json has them: the page has no list of its own.
import { asArray, asString, asStrings, at } from '../service/json';

/** First bytes, and those from byte 8 on where the container is shared; Latin-1. */
export interface Signature {
  at0: string;
  at8: string;
}

export interface Format {
  /** In forms and reports: "heic". */
  word: string;
  /** What the page calls it: "HEIC". */
  name: string;
  /** What people call one with a gain map, where one can be made: "Ultra HDR". */
  product: string;
  /** With a point; what is written has the first. */
  extensions: string[];
  mediaType: string;
  /** Can be an SDR edit; can be an HDR original. */
  edit: boolean;
  original: boolean;
  signatures: Signature[];
  /** Of ISO base media files. */
  brands: string[];
}

/** "ffd8ff" as bytes; undefined where it is something else. */
function bytesOf(value: unknown): string | undefined {
  const text = asString(value) ?? '';
  if (!/^([0-9a-f]{2})*$/.test(text)) return undefined;
  return text.replaceAll(/../g, (digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** None where it says nothing of the first bytes: that would match every file. */
function signatureFrom(value: unknown): Signature[] {
  const at0 = bytesOf(at(value, 'at_0')) ?? '';
  const at8 = bytesOf(at(value, 'at_8'));
  return at0 === '' || at8 === undefined ? [] : [{ at0, at8 }];
}

function formatFrom(value: unknown): Format[] {
  const word = asString(at(value, 'word')) ?? '';
  if (word === '') return [];
  // Those that are made are called as the form has them: HEIC, which the container calls HEIF.
  const isWritten = at(value, 'written') === true;
  const label = isWritten ? undefined : asString(at(value, 'label'));
  return [{
    word,
    name: label ?? word.toUpperCase(),
    product: asString(at(value, 'product')) ?? '',
    extensions: asStrings(at(value, 'extensions')),
    mediaType: asString(at(value, 'media_type')) ?? '',
    edit: at(value, 'edit') === true,
    original: at(value, 'original') === true,
    signatures: asArray(at(value, 'signatures')).flatMap(signatureFrom),
    brands: asStrings(at(value, 'brands')),
  }];
}

/** In the table's order; none where the document has no table. */
export function formatsFrom(document: unknown): Format[] {
  return asArray(at(document, 'x-formats')).flatMap(formatFrom);
}

export function formatOf(formats: Format[], word: string): Format | undefined {
  return formats.find((format) => format.word === word);
}

/** "JPEG (Ultra HDR)"; the name alone where the product's name has it: "HDR AVIF". */
export function productName({ name, product }: Format): string {
  return product.includes(name) || product === '' ? name : `${name} (${product})`;
}

/** The form's fields that take a picture. */
export type Place = 'img' | 'ref' | 'mask';

export function fits(format: Format, place: Place): boolean {
  switch (place) {
    case 'img':
      return format.edit;
    case 'ref':
      return format.original;
    case 'mask':
      return format.word === 'png';
  }
}
