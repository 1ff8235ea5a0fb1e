// The calls to the service, all relative to the page: a proxy may have put both below a path.
// All answers are text, looked at in answers.ts.
import { answerFrom, failureFrom, readersFrom, type Answer, type Reader } from './answers';
import { failure, type Failure } from './errors';
import { parseJson } from './json';

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export interface Upload {
  /** undefined where it was cancelled. */
  outcome: Promise<Outcome<Answer> | undefined>;
  cancel(): void;
}

export interface UploadProgress {
  /** Share of the body that has been sent, 0..1. */
  onSent(share: number): void;
  /** The body is with the server. */
  onUploaded(): void;
}

/** POST /process. XMLHttpRequest, because fetch tells nothing of an upload's progress. */
export function process(form: FormData, progress: UploadProgress): Upload {
  const request = new XMLHttpRequest();
  const outcome = new Promise<Outcome<Answer> | undefined>((resolve) => {
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress.onSent(event.loaded / event.total);
    };
    request.upload.onload = () => progress.onUploaded();
    request.onabort = () => resolve(undefined);
    request.onerror = () => resolve({ ok: false, failure: failure('offline') });
    request.onload = () => {
      const text = request.responseText;
      if (request.status !== 200) {
        const told = failureFrom(text, request.getResponseHeader('Retry-After'));
        resolve({ ok: false, failure: told });
        return;
      }
      const answer = answerFrom(text);
      resolve(
        answer === undefined
          ? { ok: false, failure: failure('unreadable_answer') }
          : { ok: true, value: answer },
      );
    };
  });
  request.open('POST', 'process');
  request.send(form);
  return { outcome, cancel: () => request.abort() };
}

async function answered(request: Promise<Response>): Promise<Outcome<Response>> {
  try {
    const response = await request;
    if (response.ok) return { ok: true, value: response };
    const told = failureFrom(await response.text(), response.headers.get('Retry-After'));
    return { ok: false, failure: told };
  } catch {
    return { ok: false, failure: failure('offline') };
  }
}

/** The bytes below a result's link. */
export async function fetchBlob(url: string): Promise<Outcome<Blob>> {
  const response = await answered(fetch(url));
  if (!response.ok) return response;
  try {
    return { ok: true, value: await response.value.blob() };
  } catch {
    return { ok: false, failure: failure('offline') };
  }
}

/** POST /inspect: who shows this file as HDR. */
export async function inspect(file: Blob): Promise<Outcome<Reader[]>> {
  const form = new FormData();
  form.set('img', file, 'img');
  const response = await answered(fetch('inspect', { method: 'POST', body: form }));
  if (!response.ok) return response;
  return { ok: true, value: readersFrom(await response.value.text().catch(() => '')) };
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
