// The one place where failures are shown: sentence, remedy, ways out, and what the program said.
import { byId, element } from './dom';
import { kErrorTexts, stageText, type Failure } from '../service/errors';

/** A button beside a failure. */
export interface Way {
  label: string;
  take: () => void;
}

/** A picture that a failure is about. */
export interface Shown {
  name: string;
  picture: HTMLElement;
}

/** Shows a failure, and brings it into sight and focus. */
export function showFailure(failure: Failure, ways: Way[] = [], pictures: Shown[] = []): void {
  const text = kErrorTexts[failure.code];
  const parts: HTMLElement[] = [
    element('p', { className: 'sentence' }, text.sentence),
    element('p', {}, text.remedy),
  ];
  if (pictures.length > 0) {
    parts.push(element('div', { className: 'pair' }, ...pictures.map(({ name, picture }) =>
      element('figure', {}, picture, element('figcaption', {}, name)))));
  }
  if (failure.retryAfterSeconds !== undefined) {
    const seconds = Math.ceil(failure.retryAfterSeconds);
    parts.push(element('p', {}, `It asks to wait ${seconds} s.`));
  }
  if (ways.length > 0) {
    parts.push(element('div', { className: 'ways' }, ...ways.map(({ label, take }) => {
      const button = element('button', { type: 'button' }, label);
      button.onclick = take;
      return button;
    })));
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
  const box = byId('alert', HTMLDivElement);
  box.replaceChildren(...parts);
  box.scrollIntoView({ block: 'nearest' });
  (box.querySelector('button') ?? box).focus({ preventScroll: true });
}

export function clearFailure(): void {
  byId('alert', HTMLDivElement).replaceChildren();
}

/** Tells a screen reader; nothing is seen. */
export function announce(sentence: string): void {
  byId('announcer', HTMLParagraphElement).textContent = sentence;
}
