// The calls to the service, all relative to the page: a proxy may have put both below a path.
// All answers are text, looked at in answers.ts.
import { answerFrom, failureFrom, jobStateFrom, type Answer, type JobState } from './answers';
import { failure, type Failure } from './errors';
import { parseJson } from './json';

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export interface Upload {
  /** undefined where it was cancelled. */
  outcome: Promise<Outcome<Answer> | undefined>;
  cancel(): void;
}

export interface UploadProgress {
  /** Bytes of the body that have been sent, and all that are to be. */
  onSent(sent: number, total: number): void;
  /** The body is with the server. */
  onUploaded(): void;
}

/** A name for a job that nobody guesses: 128 random bits. */
export function newJobName(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * POST to /process or /result/ID, as the job `name`. XMLHttpRequest, because fetch tells nothing of
 * an upload's progress.
 */
export function send(path: string, form: FormData, name: string, progress: UploadProgress): Upload {
  const request = new XMLHttpRequest();
  const outcome = new Promise<Outcome<Answer> | undefined>((resolve) => {
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress.onSent(event.loaded, event.total);
    };
    request.upload.onload = () => progress.onUploaded();
    request.onabort = () => resolve(undefined);
    request.onerror = () => resolve({ ok: false, failure: failure('offline') });
    request.onload = () => resolve(outcomeFrom(request.status, request.responseText, request.getResponseHeader('Retry-After')));
  });
  request.open('POST', path);
  request.setRequestHeader('Job-Name', name);
  request.send(form);
  return { outcome, cancel: () => request.abort() };
}

function outcomeFrom(status: number, text: string, retryAfter: string | null): Outcome<Answer> {
  if (status !== 200) return { ok: false, failure: failureFrom(status, text, retryAfter) };
  const answer = answerFrom(text);
  return answer === undefined
    ? { ok: false, failure: failure('unreadable_answer') }
    : { ok: true, value: answer };
}

async function answered(request: Promise<Response>): Promise<Outcome<Response>> {
  try {
    const response = await request;
    if (response.ok) return { ok: true, value: response };
    const told = failureFrom(response.status, await response.text(), response.headers.get('Retry-After'));
    return { ok: false, failure: told };
  } catch {
    return { ok: false, failure: failure('offline') };
  }
}

/** GET /jobs/NAME; undefined where there is no such job (any more). */
export async function askJob(name: string): Promise<JobState | undefined> {
  const response = await answered(fetch(`jobs/${name}`));
  return response.ok ? jobStateFrom(await response.value.text().catch(() => '')) : undefined;
}

export interface DownloadProgress {
  /** Bytes that have come, and all that will; 0 where that is not known. */
  onReceived(received: number, total: number): void;
  signal: AbortSignal;
}

/** The bytes below a result's link. */
export async function fetchBlob(url: string, progress?: DownloadProgress): Promise<Outcome<Blob>> {
  const response = await answered(fetch(url, progress === undefined ? {} : { signal: progress.signal }));
  if (!response.ok) return response;
  const { body, headers } = response.value;
  try {
    if (progress === undefined || body === null) return { ok: true, value: await response.value.blob() };
    const total = Number(headers.get('Content-Length') ?? 0);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let received = 0;
    const reader = body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      received += next.value.length;
      progress.onReceived(received, total);
    }
    return { ok: true, value: new Blob(chunks, { type: headers.get('Content-Type') ?? '' }) };
  } catch {
    return { ok: false, failure: failure('offline') };
  }
}

/** GET /result/ID: a result that was made before, as long as it is kept. */
export async function fetchAnswer(id: string): Promise<Outcome<Answer>> {
  const response = await answered(fetch(`result/${id}`, { headers: { Accept: 'application/json' } }));
  if (!response.ok) return response;
  return outcomeFrom(200, await response.value.text().catch(() => ''), null);
}

/** DELETE /result/ID. The result expires by itself, so that a failure does not matter. */
export function discard(id: string): void {
  void answered(fetch(`result/${id}`, { method: 'DELETE' }));
}

/** The document at /openapi.json, undefined where there is none. */
export async function fetchOpenApi(): Promise<unknown> {
  const response = await answered(fetch('openapi.json'));
  return response.ok ? parseJson(await response.value.text().catch(() => '')) : undefined;
}
