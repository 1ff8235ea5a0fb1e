// The service's answers as types; docs/formats.md lists their keys.
import { failure, isErrorCode, type Failure } from './errors';
import { asArray, asNumber, asObject, asString, asStrings, at, parseJson } from './json';

export interface Report {
  mode: string;
  predictor: string;
  format: string;
  orientation: number;
  width: number;
  height: number;
  /** What was done to make the base of the edit; empty where its coded picture is in the file. */
  baseSteps: string[];
  mapSteps: string[];
  mapCopied: boolean;
  alternateHdrHeadroom: number;
  checksPassed: number;
  checksWarned: number;
  checksRun: number;
  warnings: string[];
  /** Where the edit lies in the original; undefined in the same framing, and without an original. */
  alignment: Alignment | undefined;
  /** Where the edit shows something else than the original. */
  edited: { share: number; fill: string } | undefined;
}

export interface Alignment {
  /** Row-major 3 x 3, the edit's displayed coordinates to the original's, both 0 to 1. */
  toReference: number[];
  /** Share of the edit that lies in the original. */
  overlap: number;
}

export interface Answer {
  id: string;
  urls: {
    hdr: string; preview: string; gainmap: string; meta: string;
    /** Empty where the pictures were not compared. */
    overlay: string; agreement: string;
  };
  report: Report;
}

export interface Reader {
  name: string;
  /** undefined: not known. */
  hdr: boolean | undefined;
  why: string;
}

const kPlaces: Record<string, string> = { img: 'Edit', ref: 'HDR original', mask: 'Mask' };

/** The service names files by its fields, "ref: MPF entry 2 ..."; the page has other words for them. */
function inPageWords(text: string): string {
  return text.replace(/^(img|ref|mask)(?=:)/, (field) => kPlaces[field] ?? field);
}

function alignmentFrom(value: unknown): Alignment | undefined {
  const toReference = asArray(at(value, 'to_reference')).flatMap((n) => asNumber(n) ?? []);
  if (toReference.length !== 9) return undefined;
  return { toReference, overlap: asNumber(at(value, 'overlap')) ?? 1 };
}

function editedFrom(value: unknown): Report['edited'] {
  const share = asNumber(at(value, 'share'));
  return share === undefined ? undefined : { share, fill: asString(at(value, 'fill')) ?? '' };
}

function reportFrom(value: unknown): Report {
  const checks = asArray(at(value, 'verification', 'checks')).map((check) => at(check, 'result'));
  return {
    mode: asString(at(value, 'mode')) ?? '',
    predictor: asString(at(value, 'predictor')) ?? '',
    format: asString(at(value, 'format')) ?? '',
    orientation: asNumber(at(value, 'base', 'orientation')) ?? 1,
    width: asNumber(at(value, 'base', 'width')) ?? 0,
    height: asNumber(at(value, 'base', 'height')) ?? 0,
    baseSteps: asStrings(at(value, 'base', 'steps')),
    mapSteps: asStrings(at(value, 'gain_map', 'steps')),
    mapCopied: at(value, 'gain_map', 'copied') === true,
    alternateHdrHeadroom: asNumber(at(value, 'metadata', 'alternate_hdr_headroom')) ?? 0,
    checksPassed: checks.filter((result) => result === 'passed').length,
    checksWarned: checks.filter((result) => result === 'warning').length,
    checksRun: checks.filter((result) => result !== 'not_run').length,
    warnings: asStrings(at(value, 'warnings')).map(inPageWords),
    alignment: alignmentFrom(at(value, 'alignment')),
    edited: editedFrom(at(value, 'edited')),
  };
}

/**
 * undefined where it is no answer to POST /process. Links must stay below result/ID of the service, and become relative
 * to the page: a proxy may show both below a path that the service does not know of.
 */
export function answerFrom(text: string): Answer | undefined {
  const value = parseJson(text);
  const id = asString(at(value, 'id')) ?? '';
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
  const link = (name: string): string => {
    const url = asString(at(value, 'result', name)) ?? '';
    const address = `result/${id}/${name}`;
    const before = url.endsWith(`/${address}`) ? url.slice(0, -address.length - 1) : undefined;
    return before !== undefined && /^(\/[\w.-]+)*$/.test(before) ? address : '';
  };
  const urls = {
    hdr: link('hdr'),
    preview: link('preview'),
    gainmap: link('gainmap'),
    meta: link('meta'),
    overlay: link('overlay'),
    agreement: link('agreement'),
  };
  if ([urls.hdr, urls.preview, urls.gainmap, urls.meta].includes('')) return undefined;
  return { id, urls, report: reportFrom(at(value, 'report')) };
}

/** The failure in an answer that is not 200. */
export function failureFrom(text: string, retryAfter: string | null): Failure {
  const value = parseJson(text);
  const code = asString(at(value, 'code')) ?? '';
  if (!isErrorCode(code)) return failure('unreadable_answer');
  const message = asString(at(value, 'message')) ?? '';
  const where = asString(at(value, 'where')) ?? '';
  const named = asArray(at(value, 'detail')).filter((item) => at(item, 'msg') === message);
  const field = named.length === 1 ? (asStrings(at(named[0], 'loc')).at(-1) ?? '') : '';
  const places = [...new Set(where === '' ? [] : [field, where])].filter((place) => place !== '');
  const details = message === '' ? [] : [inPageWords([...places, message].join(': '))];
  for (const item of asArray(at(value, 'detail'))) {
    const field = asStrings(at(item, 'loc')).at(-1) ?? '';
    const sentence = asString(at(item, 'msg')) ?? '';
    if (sentence !== '' && sentence !== message) details.push(inPageWords(`${field}: ${sentence}`));
  }
  const result = failure(code, ...details);
  const stage = asString(at(value, 'stage')) ?? '';
  if (stage !== '') result.stage = stage;
  const requestId = asString(at(value, 'request_id'));
  if (requestId !== undefined) result.requestId = requestId;
  const seconds = Number(retryAfter ?? NaN);
  if (seconds > 0 && seconds <= 3600) result.retryAfterSeconds = seconds;
  return result;
}

const kReaderNames: Record<string, string> = {
  chrome: 'Chrome, Edge, Brave',
  android14: 'Android 14',
  android15: 'Android 15 and later',
  apple: 'iPhone, iPad, Mac',
  libavif: 'Programs with libavif',
  libultrahdr: 'Programs with libultrahdr',
};

/** Who shows a file as HDR, from the answer to POST /inspect. */
export function readersFrom(text: string): Reader[] {
  return Object.entries(asObject(at(parseJson(text), 'readers'))).map(([key, value]) => {
    const hdr = at(value, 'hdr');
    return {
      name: kReaderNames[key] ?? key,
      hdr: typeof hdr === 'boolean' ? hdr : undefined,
      why: asString(at(value, 'why')) ?? '',
    };
  });
}
