// One request to the service as the user sees it: upload in percent, then the time the work takes.
import { announce } from '../page/alert';
import type { Answer } from '../service/answers';
import { byId } from '../page/dom';
import { process, type Outcome } from '../service/service';

/**
 * Sends the form and shows how it goes; undefined where the user cancels. The work's time is set
 * against the deadline at which the service would give up.
 */
export async function runJob(
  form: FormData,
  deadlineSeconds: number,
): Promise<Outcome<Answer> | undefined> {
  const box = byId('job', HTMLDivElement);
  const text = byId('job-text', HTMLParagraphElement);
  const bar = byId('job-progress', HTMLProgressElement);
  const cancel = byId('cancel', HTMLButtonElement);

  let uploadedAt: number | undefined;
  const showWork = (): void => {
    if (uploadedAt === undefined) return;
    const seconds = (performance.now() - uploadedAt) / 1000;
    bar.value = Math.min(1, seconds / deadlineSeconds);
    text.textContent = `Working: ${seconds.toFixed(0)} s of at most ${deadlineSeconds} s`;
  };
  const clock = setInterval(showWork, 250);
  text.textContent = 'Uploading: 0 %';
  bar.value = 0;
  box.hidden = false;
  announce('Uploading');

  const upload = process(form, {
    onSent: (share) => {
      bar.value = share;
      text.textContent = `Uploading: ${Math.round(100 * share)} %`;
    },
    onUploaded: () => {
      uploadedAt = performance.now();
      showWork();
      announce('Uploaded. Working.');
    },
  });
  cancel.onclick = () => upload.cancel();
  cancel.focus();
  const outcome = await upload.outcome;
  clearInterval(clock);
  box.hidden = true;
  announce(outcome === undefined ? 'Cancelled' : outcome.ok ? 'Done' : '');
  return outcome;
}
