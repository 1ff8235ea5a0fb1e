// The one place where failures are shown: sentence, remedy, and what the program said.
import { byId, element } from './dom';
import { kErrorTexts, stageText, type Failure } from '../service/errors';

/** Shows a failure; with `retry`, a button for it. */
export function showFailure(failure: Failure, retry?: () => void): void {
  const text = kErrorTexts[failure.code];
  const parts: HTMLElement[] = [
    element('p', { className: 'sentence' }, text.sentence),
    element('p', {}, text.remedy),
  ];
  if (failure.retryAfterSeconds !== undefined) {
    const seconds = Math.ceil(failure.retryAfterSeconds);
    parts.push(element('p', {}, `It asks to wait ${seconds} s.`));
  }
  if (failure.stage !== undefined) {
    parts.push(element('p', { className: 'details' }, `It was ${stageText(failure.stage)}.`));
  }
  for (const detail of failure.details) {
    parts.push(element('p', { className: 'details' }, detail));
  }
  if (failure.requestId !== undefined) {
    parts.push(element('p', { className: 'details' }, `Request ${failure.requestId}`));
  }
  if (retry !== undefined) {
    const button = element('button', { type: 'button' }, 'Try again');
    button.onclick = retry;
    parts.push(button);
  }
  byId('alert', HTMLDivElement).replaceChildren(...parts);
}

export function clearFailure(): void {
  byId('alert', HTMLDivElement).replaceChildren();
}

/** Tells a screen reader; nothing is seen. */
export function announce(sentence: string): void {
  byId('announcer', HTMLParagraphElement).textContent = sentence;
}
