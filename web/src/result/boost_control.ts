// The boost slider of a result: each step is a patched copy of the delivered file, made here.
import { byId } from '../page/dom';
import type { Fields } from '../service/fields';
import { withBoost, type GainMapNumbers } from '../files/gain_map_numbers';
import { kMaxBoostStops, kMinBoostStops, withBoostStops, type JpegR } from '../files/jpeg_r';

export interface Boosted {
  blob: Blob;
  numbers: GainMapNumbers;
  stops: number;
  /** Whether this is the file as the server delivered it. */
  isDelivered: boolean;
}

const slider = (): HTMLInputElement => byId('boost', HTMLInputElement);

function showStops(stops: number, isDelivered: boolean): void {
  const light = 2 ** stops;
  byId('boost-value', HTMLOutputElement).textContent = `${stops.toFixed(2)} stops`;
  byId('boost-note', HTMLSpanElement).textContent = `Highlights up to ${light.toFixed(1)} × white`;
  slider().ariaValueText = `${stops.toFixed(2)} stops`;
  byId('boost-reset', HTMLButtonElement).hidden = isDelivered;
}

/**
 * Sets the slider up for a file and calls `onChange` for each new value: never for a second one
 * before the first has been shown, and always for the last one.
 */
export function startBoost(
  file: JpegR,
  delivered: Blob,
  fields: Fields,
  onChange: (boosted: Boosted) => Promise<void>,
): void {
  const own = file.numbers.alternateHdrHeadroom;
  const input = slider();
  input.min = String(fields['boost']?.min ?? kMinBoostStops);
  input.max = String(fields['boost']?.max ?? kMaxBoostStops);
  input.value = String(own);
  byId('boost-row', HTMLDivElement).hidden = false;
  showStops(own, true);

  const deliveredState = (): Boosted => ({
    blob: delivered,
    numbers: file.numbers,
    stops: own,
    isDelivered: true,
  });
  let wanted: Boosted | undefined;
  let isShowing = false;
  const show = async (): Promise<void> => {
    if (isShowing) return;
    isShowing = true;
    while (wanted !== undefined) {
      const next = wanted;
      wanted = undefined;
      await onChange(next);
    }
    isShowing = false;
  };

  input.oninput = () => {
    const stops = Number(input.value);
    const bytes = withBoostStops(file, stops);
    if (bytes === undefined) return;
    wanted = {
      blob: new Blob([bytes], { type: 'image/jpeg' }),
      numbers: withBoost(file.numbers, stops),
      stops,
      isDelivered: false,
    };
    showStops(stops, false);
    void show();
  };
  byId('boost-reset', HTMLButtonElement).onclick = () => {
    input.value = String(own);
    wanted = deliveredState();
    showStops(own, true);
    input.focus();
    void show();
  };
}

/** HEIC and AVIF are shown as they are. */
export function hideBoost(): void {
  byId('boost-row', HTMLDivElement).hidden = true;
}
