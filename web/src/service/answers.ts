// The service's answers as types; docs/formats.md lists their keys.
import { kChannelFields, type ChannelField, type GainMapNumbers } from '../files/gain_map_numbers';
import { failure, isErrorCode, type Failure } from './errors';
import { asArray, asNumber, asObject, asString, asStrings, at, parseJson } from './json';

export interface Report {
  mode: string;
  /** An original was used, or was given at least. */
  hasOriginal: boolean;
  predictor: string;
  format: string;
  orientation: number;
  width: number;
  height: number;
  /** What was done to make the base of the edit; empty where its coded picture is in the file. */
  baseSteps: string[];
  mapSteps: string[];
  mapCopied: boolean;
  /** undefined where they are not all there. */
  numbers: GainMapNumbers | undefined;
  checksPassed: number;
  checksWarned: number;
  checksRun: number;
  warnings: string[];
  /** What is odd about the files themselves, and was coped with. */
  oddities: string[];
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
  /** Who shows the file as HDR. */
  readers: Reader[];
}

export interface Reader {
  name: string;
  /** undefined: not known. */
  hdr: boolean | undefined;
  why: string;
}

const kPlaces: Record<string, string> = { img: 'Edit', ref: 'HDR original', mask: 'Mask' };

/** The service names files by its fields, "ref: MPF entry 2 ...". */
const kOfAFile = /^(img|ref|mask)(?=:)/;

function isOfAFile(warning: string): boolean {
  return kOfAFile.test(warning);
}

/** The page has other words for the fields. */
function inPageWords(text: string): string {
  return text.replace(kOfAFile, (field) => kPlaces[field] ?? field);
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

/** Lists hold one number, or one for each of three channels. */
function numbersFrom(metadata: unknown): GainMapNumbers | undefined {
  const list = (name: string): number[] => asArray(at(metadata, name)).flatMap((n) => asNumber(n) ?? []);
  const lists = {
    gainMapMin: list('gain_map_min'),
    gainMapMax: list('gain_map_max'),
    gamma: list('gamma'),
    baseOffset: list('base_offset'),
    alternateOffset: list('alternate_offset'),
  };
  const count = Math.max(...kChannelFields.map((field) => lists[field].length));
  const baseHdrHeadroom = asNumber(at(metadata, 'base_hdr_headroom'));
  const alternateHdrHeadroom = asNumber(at(metadata, 'alternate_hdr_headroom'));
  if (baseHdrHeadroom === undefined || alternateHdrHeadroom === undefined) return undefined;
  if (kChannelFields.some((field) => lists[field].length === 0)) return undefined;
  const of = (field: ChannelField, c: number): number => lists[field][c] ?? lists[field][0] ?? 0;
  const channels = Array.from({ length: count }, (_, c) => ({
    gainMapMin: of('gainMapMin', c),
    gainMapMax: of('gainMapMax', c),
    gamma: of('gamma', c),
    baseOffset: of('baseOffset', c),
    alternateOffset: of('alternateOffset', c),
  }));
  return { baseHdrHeadroom, alternateHdrHeadroom, channels };
}

function reportFrom(value: unknown): Report {
  const warnings = asStrings(at(value, 'warnings'));
  const checks = asArray(at(value, 'verification', 'checks')).map((check) => at(check, 'result'));
  return {
    mode: asString(at(value, 'mode')) ?? '',
    hasOriginal: asArray(at(value, 'inputs')).some((input) => at(input, 'role') === 'reference'),
    predictor: asString(at(value, 'predictor')) ?? '',
    format: asString(at(value, 'format')) ?? '',
    orientation: asNumber(at(value, 'base', 'orientation')) ?? 1,
    width: asNumber(at(value, 'base', 'width')) ?? 0,
    height: asNumber(at(value, 'base', 'height')) ?? 0,
    baseSteps: asStrings(at(value, 'base', 'steps')),
    mapSteps: asStrings(at(value, 'gain_map', 'steps')),
    mapCopied: at(value, 'gain_map', 'copied') === true,
    numbers: numbersFrom(at(value, 'metadata')),
    checksPassed: checks.filter((result) => result === 'passed').length,
    checksWarned: checks.filter((result) => result === 'warning').length,
    checksRun: checks.filter((result) => result !== 'not_run').length,
    warnings: warnings.filter((warning) => !isOfAFile(warning)),
    oddities: warnings.filter(isOfAFile).map(inPageWords),
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
  return { id, urls, report: reportFrom(at(value, 'report')), readers: readersFrom(at(value, 'readers')) };
}

/** What an answer that is not the service's own means: a proxy stands between. */
function foreignFailure(status: number): Failure {
  switch (status) {
    case 413:
      return failure('proxy_too_large');
    case 401:
    case 403:
    case 407:
      return failure('proxy_denied');
    case 502:
    case 503:
      return failure('proxy_unreached');
    case 408:
    case 504:
      return failure('proxy_timeout');
    default:
      return failure('unreadable_answer');
  }
}

/** The failure in an answer that is not 200. */
export function failureFrom(status: number, text: string, retryAfter: string | null): Failure {
  const value = parseJson(text);
  const code = asString(at(value, 'code')) ?? '';
  if (!isErrorCode(code)) return foreignFailure(status);
  const message = asString(at(value, 'message')) ?? '';
  const where = asString(at(value, 'where')) ?? '';
  const items = asArray(at(value, 'detail'));
  const fieldOf = (item: unknown): string => asStrings(at(item, 'loc')).at(-1) ?? '';
  const named = items.filter((item) => at(item, 'msg') === message);
  const field = named.length === 1 ? fieldOf(named[0]) : '';
  const places = [...new Set(where === '' ? [] : [field, where])].filter((place) => place !== '');
  const details = message === '' ? [] : [inPageWords([...places, message].join(': '))];
  for (const item of items) {
    const sentence = asString(at(item, 'msg')) ?? '';
    const isGuard = asString(at(item, 'ctx', 'guard')) !== undefined;
    if (sentence !== '' && sentence !== message) {
      details.push(isGuard ? sentence : inPageWords(`${fieldOf(item)}: ${sentence}`));
    }
  }
  const result = failure(code === 'busy' && where === 'stopping' ? 'stopping' : code, ...details);
  if (field !== '') result.field = field;
  const guards = items.flatMap((item) => asString(at(item, 'ctx', 'guard')) ?? []);
  if (guards.length > 0) result.guards = guards;
  const stage = asString(at(value, 'stage')) ?? '';
  if (stage !== '') result.stage = stage;
  const requestId = asString(at(value, 'request_id'));
  if (requestId !== undefined) result.requestId = requestId;
  const seconds = Number(retryAfter ?? NaN);
  if (seconds > 0 && seconds <= 3600) result.retryAfterSeconds = seconds;
  return result;
}

/** How far a job is. */
export type JobState =
  | { state: 'uploading'; receivedBytes: number }
  | { state: 'waiting'; ahead: number }
  | { state: 'running'; stage: string; share: number };

/** The answer of GET /jobs/NAME. */
export function jobStateFrom(text: string): JobState | undefined {
  const value = parseJson(text);
  const state = asString(at(value, 'state'));
  const number = (name: string): number => asNumber(at(value, name)) ?? 0;
  if (state === 'uploading') return { state, receivedBytes: number('received_bytes') };
  if (state === 'waiting') return { state, ahead: number('ahead') };
  if (state !== 'running') return undefined;
  return { state, stage: asString(at(value, 'stage')) ?? '', share: number('share') };
}

const kReaderNames: Record<string, string> = {
  chrome: 'Chrome, Edge, Brave',
  android14: 'Android 14',
  android15: 'Android 15 and later',
  apple: 'iPhone, iPad, Mac',
  libavif: 'Programs with libavif',
  libultrahdr: 'Programs with libultrahdr',
};

/** Who shows a file as HDR. */
function readersFrom(readers: unknown): Reader[] {
  return Object.entries(asObject(readers)).map(([key, value]) => {
    const hdr = at(value, 'hdr');
    return {
      name: kReaderNames[key] ?? key,
      hdr: typeof hdr === 'boolean' ? hdr : undefined,
      why: asString(at(value, 'why')) ?? '',
    };
  });
}
