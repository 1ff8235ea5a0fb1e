// One request to the service as the user sees it: bytes up, the queue, the work's stages, bytes down.
import { announce } from '../page/alert';
import type { Answer, JobState } from '../service/answers';
import { byId, sentence, sizeText } from '../page/dom';
import { stageText } from '../service/errors';
import {
  askJob, newJobName, send, type DownloadProgress, type Outcome, type UploadProgress,
} from '../service/service';

/** Small enough to be seen as it happens, and few enough requests. */
const kAskEveryMs = 300;

/** "3.1 of 9.6 MB" */
function share(done: number, total: number): string {
  if (total === 0) return sizeText(done);
  const [number, unit] = sizeText(total).split(' ');
  const scale = unit === 'MB' ? 1e6 : 1e3;
  return `${(done / scale).toFixed(unit === 'MB' && total < 1e7 ? 1 : 0)} of ${number} ${unit}`;
}

function waitingText(ahead: number): string {
  if (ahead === 0) return 'Waiting: the next one';
  return `Waiting: ${ahead} ${ahead === 1 ? 'picture' : 'pictures'} ahead`;
}

/** Where a job's text and bar are shown; what cancels it stands behind the button. */
class JobBox {
  private text = byId('job-text', HTMLParagraphElement);
  private bar = byId('job-progress', HTMLProgressElement);
  private said = '';

  open(cancel: () => void): void {
    byId('job', HTMLDivElement).hidden = false;
    byId('cancel', HTMLButtonElement).onclick = cancel;
  }

  /** `kind` is told to screen readers once, `text` is seen. Without `done` the bar runs on its own. */
  show(kind: string, text: string, done?: number): void {
    this.text.textContent = text;
    if (done === undefined) this.bar.removeAttribute('value');
    else this.bar.value = done;
    if (kind !== this.said) announce(kind);
    this.said = kind;
  }

  close(): void {
    byId('job', HTMLDivElement).hidden = true;
  }
}

export interface Job {
  /** POST to /process or /result/ID. undefined: cancelled. */
  send(path: string, form: FormData): Promise<Outcome<Answer> | undefined>;
  /** For what is fetched afterwards. */
  download: DownloadProgress;
  isCancelled(): boolean;
}

let running = 0;
/** Ends when the last one that was asked for has ended: there is one box, and one job at a time. */
let last: Promise<void> = Promise.resolve();

/** Leaving now would end a job. */
export function isJobRunning(): boolean {
  return running > 0;
}

/**
 * Shows how `work` goes, once those before it have ended, with a button that cancels it; focused where
 * `takesFocus`. What it leads to is said by whoever asked.
 */
export async function runJob<T>(
  takesFocus: boolean, work: (job: Job) => Promise<T>, aborter = new AbortController(),
): Promise<T> {
  const before = last;
  let ended = (): void => {};
  last = new Promise((resolve) => {
    ended = resolve;
  });
  await before;
  const box = new JobBox();
  box.open(() => aborter.abort());
  box.show('', '', 0);
  if (takesFocus) byId('cancel', HTMLButtonElement).focus();
  ++running;
  try {
    return await work({
      send: (path, form) => followed(box, path, form, aborter.signal),
      download: {
        signal: aborter.signal,
        onReceived: (received, total) =>
          box.show('Downloading', `Downloading: ${share(received, total)}`, total === 0 ? undefined : received / total),
      },
      isCancelled: () => aborter.signal.aborted,
    });
  } finally {
    --running;
    box.close();
    ended();
  }
}

async function followed(
  box: JobBox, path: string, form: FormData, signal: AbortSignal,
): Promise<Outcome<Answer> | undefined> {
  if (signal.aborted) return undefined;
  const name = newJobName();
  const since = performance.now();
  let isUploaded = false;
  let isDone = false;
  const showState = (state: JobState | undefined): void => {
    if (isDone || !isUploaded) return;
    if (state?.state === 'waiting') box.show('Waiting', waitingText(state.ahead));
    else if (state?.state === 'running') {
      const text = sentence(stageText(state.stage));
      box.show(text, text, state.share);
    } else if (state === undefined && performance.now() - since > 1000) {
      box.show('Working', 'Working');
    }
  };
  const follow = async (): Promise<void> => {
    while (!isDone) {
      showState(await askJob(name));
      await new Promise((resolve) => setTimeout(resolve, kAskEveryMs));
    }
  };
  const progress: UploadProgress = {
    onSent: (sent, total) => {
      if (!isUploaded) box.show('Uploading', `Uploading: ${share(sent, total)}`, sent / total);
    },
    onUploaded: () => {
      isUploaded = true;
      box.show('Uploaded', 'Uploaded');
      void follow();
    },
  };
  box.show('Uploading', 'Uploading', 0);
  const upload = send(path, form, name, progress);
  signal.addEventListener('abort', upload.cancel);
  const outcome = await upload.outcome;
  signal.removeEventListener('abort', upload.cancel);
  isDone = true;
  return outcome;
}
