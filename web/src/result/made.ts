// What the service has made of a picture, and what the user wants of it now.
import type { Answer } from '../service/answers';
import { withBoost, withStrength, type GainMapNumbers } from '../files/gain_map_numbers';
import { withNumbers, type JpegR } from '../files/jpeg_r';

/** A result on the server. */
export interface Made {
  answer: Answer;
  /** Its file, where the page has it. */
  file?: Blob;
}

/** A result that is neither boosted nor weakened: every wish starts from one. */
export interface Basis extends Made {
  /** Where its numbers can be changed here. */
  jpegR?: JpegR;
  numbers: GainMapNumbers | undefined;
}

export interface Wish {
  format: string;
  /** Headroom in stops; undefined: the map's own. */
  boost: number | undefined;
  /** Share of the gain, above 0 to 1. */
  strength: number;
  /** Of a prediction; undefined: as it was made. */
  style: string | undefined;
}

export interface Result {
  /** "beach" of beach.jpg: what downloads are called. */
  name: string;
  basis: Basis;
  wish: Wish;
  /** What was sent for it; undefined once the page was loaded again. */
  form: FormData | undefined;
  /** By style, and whatever else was made: the server forgets them with the result. */
  bases: Map<string, Basis>;
  remade: Map<string, Made>;
}

/** The map's own numbers. */
export function untuned(format: string, style?: string): Wish {
  return { format, boost: undefined, strength: 1, style };
}

export function newResult(name: string, basis: Basis, form: FormData | undefined): Result {
  return { name, basis, wish: untuned(basis.answer.report.format), form, bases: new Map([['', basis]]), remade: new Map() };
}

/** Whether a wish has other numbers than the map's own. */
export function isTuned({ boost, strength }: Wish): boolean {
  return boost !== undefined || strength !== 1;
}

/** As --boost and then --strength would have them. */
export function numbersOf({ basis: { numbers }, wish: { boost, strength } }: Result): GainMapNumbers | undefined {
  if (numbers === undefined) return undefined;
  const boosted = boost === undefined ? numbers : withBoost(numbers, boost);
  return strength === 1 ? boosted : withStrength(boosted, strength);
}

/** The basis with other numbers, made here; undefined where only the service can. */
export function patched(result: Result): Blob | undefined {
  const { basis: { jpegR }, wish } = result;
  const numbers = numbersOf(result);
  if (jpegR === undefined || numbers === undefined || wish.format !== 'jpeg') return undefined;
  const bytes = withNumbers(jpegR, numbers);
  return bytes === undefined ? undefined : new Blob([bytes], { type: 'image/jpeg' });
}

/** What a wish is asked for by, of POST /result/ID. */
export function fieldsOf({ format, boost, strength, style }: Wish): [string, string][] {
  const fields: [string, string][] = [['format', format]];
  if (boost !== undefined) fields.push(['boost', String(boost)]);
  if (strength !== 1) fields.push(['strength', String(strength)]);
  if (style !== undefined) fields.push(['style', style]);
  return fields;
}

/** Everything of it that the server keeps. */
export function idsOf({ bases, remade }: Result): string[] {
  return [...bases.values(), ...remade.values()].map(({ answer }) => answer.id);
}
