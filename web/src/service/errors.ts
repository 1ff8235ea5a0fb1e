// What the page says for each error code: one sentence, and what to do about it.

export interface ErrorText {
  sentence: string;
  remedy: string;
}

/** Codes of the program, of the service, and below `offline` the page's own. */
export const kErrorTexts = {
  bad_argument: {
    sentence: 'One of the settings is not possible.',
    remedy: 'Change the setting named below and try again.',
  },
  too_large: {
    sentence: 'The picture is too large.',
    remedy: 'Export it with fewer pixels or at a lower quality and try again.',
  },
  unsupported: {
    sentence: 'This kind of file cannot be used here.',
    remedy: 'Export the edit as JPEG, PNG, TIFF, WebP, HEIC or AVIF in 8-bit RGB.',
  },
  bad_input: {
    sentence: 'The file is damaged.',
    remedy: 'Export or copy it again; the transfer may have been cut short.',
  },
  mismatch: {
    sentence: 'The two pictures do not belong together.',
    remedy: 'Choose the original of this edit (crops are found by themselves), or remove it to have the HDR predicted.',
  },
  no_gain_map: {
    sentence: 'There is no HDR to take from this file, or nothing in the picture to lift.',
    remedy: 'Choose an original that shows as HDR, or remove it to have the HDR predicted.',
  },
  model_failed: {
    sentence: 'The prediction model could not be used.',
    remedy: 'Try again, or add the HDR original.',
  },
  export_failed: {
    sentence: 'The result did not pass its checks, so it was not delivered.',
    remedy: 'Try another output format, and report the picture if it happens again.',
  },
  timeout: {
    sentence: 'The picture took too long.',
    remedy: 'Try again, or use a smaller picture.',
  },
  interrupted: {
    sentence: 'The work was stopped before it was done.',
    remedy: 'Start it again.',
  },
  io_failed: {
    sentence: 'The server could not store the result.',
    remedy: 'Try again later; whoever runs the server should look at its disk.',
  },
  internal: {
    sentence: 'Something went wrong in the program.',
    remedy: 'Try again, and report it with the number below if it happens again.',
  },
  busy: {
    sentence: 'The server has all hands full.',
    remedy: 'Try again in a moment.',
  },
  upload_timeout: {
    sentence: 'The upload was too slow and the server gave up on it.',
    remedy: 'Try again on a faster connection or with a smaller file.',
  },
  not_found: {
    sentence: 'The result is gone: results are kept for a few minutes only.',
    remedy: 'Make it again.',
  },
  forbidden_origin: {
    sentence: 'The server does not accept requests from this address.',
    remedy: 'Open the page under the address the server was started with.',
  },
  bad_request: {
    sentence: 'The server did not understand the upload.',
    remedy: 'Reload the page and try again.',
  },
  method_not_allowed: {
    sentence: 'The server does not offer this.',
    remedy: 'Reload the page: it may be older than the server.',
  },
  name_taken: {
    sentence: 'Another job has the name that this one was to have.',
    remedy: 'Try again.',
  },
  needs_upload: {
    sentence: 'The server has kept too little of this picture to make it anew.',
    remedy: 'Choose the files again.',
  },
  not_acceptable: {
    sentence: 'The server has no answer of the kind that was asked for.',
    remedy: 'Reload the page: it may be older than the server.',
  },
  offline: {
    sentence: 'The server cannot be reached.',
    remedy: 'Check the connection and that the server is running, then try again.',
  },
  unreadable_answer: {
    sentence: 'The server answered in a way this page does not understand.',
    remedy: 'Reload the page: it may be older than the server.',
  },
  wrong_file: {
    sentence: 'This file cannot be used here.',
    remedy: 'Choose a photograph: JPEG, PNG, TIFF, WebP, HEIC, AVIF or JPEG XL.',
  },
  no_hdr_in_original: {
    sentence: 'The picture in the slot “HDR original” holds no HDR.',
    remedy: 'Put the picture there that shows as HDR on your phone or in your raw converter, or remove it to have the HDR predicted.',
  },
  swapped_pictures: {
    sentence: 'The two pictures may have changed places.',
    remedy: 'The slot “HDR original” holds no HDR, but the slot “Edit” does. Swap the two and try again.',
  },
  nothing_bright: {
    sentence: 'Nothing in this picture is bright enough to shine.',
    remedy: 'Without an HDR original the HDR is predicted from the bright places. Add the original, or try another style.',
  },
  page_of_text: {
    sentence: 'This looks like a page of text.',
    remedy: 'Paper is no light, so nothing was lifted. If it is a photograph after all, make it anyway.',
  },
  held_back: {
    sentence: 'A guard took all the HDR that was predicted.',
    remedy: 'Guards keep skin, paper and whole pictures from glowing. You can make it without them.',
  },
  stopping: {
    sentence: 'The server is being stopped.',
    remedy: 'Nothing was lost here: try again when it is back.',
  },
  proxy_too_large: {
    sentence: 'The pictures are larger than the way to the server allows.',
    remedy: 'A proxy before it refused the upload. Export smaller files, or ask whoever runs it to raise its limit.',
  },
  proxy_denied: {
    sentence: 'The way to the server is closed.',
    remedy: 'A proxy before it asks for a login or refuses you. Reload the page, and log in where it asks.',
  },
  proxy_unreached: {
    sentence: 'The server does not answer at the moment.',
    remedy: 'The proxy before it is there, the service is not. Try again in a moment.',
  },
  proxy_timeout: {
    sentence: 'The way to the server took too long.',
    remedy: 'A proxy before it gave up waiting. Try again, or use a smaller picture.',
  },
  untold: {
    sentence: 'The page cannot start: the server did not say what it takes.',
    remedy: 'Check the connection and that the server is running, then try again.',
  },
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof kErrorTexts;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(kErrorTexts, text);
}

/** The service's stages: what is being done. "It was ..." in front makes a sentence. */
const kStageTexts: Record<string, string> = {
  receive: 'receiving the upload',
  queue: 'still waiting for its turn',
  start: 'starting',
  read: 'reading the pictures',
  obtain: 'finding the HDR',
  guard: 'looking after skin and paper',
  encode: 'encoding',
  package: 'putting the file together',
  verify: 'checking the result',
  store: 'handing the result over',
};

/** "It was ...", of one of the service's stages. */
export function stageText(stage: string): string {
  return kStageTexts[stage] ?? `at the stage “${stage}”`;
}

/** A failure as the page shows it. */
export interface Failure {
  code: ErrorCode;
  /** What the program said of this case; may be empty. */
  details: string[];
  /** What was being done when the time was up. */
  stage?: string;
  /** Names the request in the server's log. */
  requestId?: string;
  /** Of the form, that is to blame. */
  field?: string;
  /** Those that took the gain. */
  guards?: string[];
  /** After which the server asks to be tried again. */
  retryAfterSeconds?: number;
}

/** These may go well the next time, with nothing changed. */
const kPassing: readonly ErrorCode[] = [
  'busy', 'offline', 'timeout', 'interrupted', 'upload_timeout', 'io_failed', 'internal',
  'model_failed', 'not_found', 'bad_request', 'stopping', 'proxy_unreached', 'proxy_timeout', 'proxy_denied',
];

export function isWorthRepeating({ code }: Failure): boolean {
  return kPassing.includes(code);
}

export function failure(code: ErrorCode, ...details: string[]): Failure {
  return { code, details };
}

/** What the page knows of the pictures that failed. */
export interface Attempt {
  hasOriginal: boolean;
  editBringsHdr: boolean;
}

/** The same failure under the words that fit its cause. */
export function fitting(failed: Failure, { hasOriginal, editBringsHdr }: Attempt): Failure {
  if (failed.code !== 'no_gain_map') return failed;
  if (failed.guards !== undefined) {
    return { ...failed, code: failed.guards.includes('text') ? 'page_of_text' : 'held_back' };
  }
  if (failed.field === 'ref') {
    return { ...failed, code: editBringsHdr ? 'swapped_pictures' : 'no_hdr_in_original' };
  }
  return failed.field === 'img' && !hasOriginal ? { ...failed, code: 'nothing_bright' } : failed;
}
