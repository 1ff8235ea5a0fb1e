// What the display offers. It says nothing of a file.
import { byId } from './dom';

const kHigh = matchMedia('(dynamic-range: high)');

export function displayIsHdr(): boolean {
  return kHigh.matches;
}

/** Keeps the badge right, and calls `onChange` when the window moves to another kind of display. */
export function showBadge(onChange: () => void): void {
  const badge = byId('badge', HTMLParagraphElement);
  const show = (): void => {
    badge.textContent = kHigh.matches ? 'HDR display' : 'SDR display';
    badge.title = kHigh.matches
      ? 'This display shows highlights brighter than white'
      : 'This display cannot show HDR; the HDR view can be simulated';
    badge.classList.toggle('high', kHigh.matches);
  };
  kHigh.addEventListener('change', () => {
    show();
    onChange();
  });
  show();
}
