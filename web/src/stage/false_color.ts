// The palette of the gain map's view: black where nothing is lifted, then through violet and orange
// to pale yellow; blue where a gain is negative. Lightness rises steadily, so that it reads without
// colour vision too.

type Rgb = readonly [number, number, number];

const kLifted: readonly Rgb[] = [
  [14, 14, 16],
  [52, 28, 92],
  [116, 38, 116],
  [180, 58, 96],
  [226, 102, 58],
  [246, 166, 54],
  [252, 226, 128],
  [255, 252, 224],
];
const kLowered: readonly Rgb[] = [
  [14, 14, 16],
  [28, 62, 120],
  [70, 140, 200],
  [180, 220, 245],
];

function along(stops: readonly Rgb[], share: number): Rgb {
  const position = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(Math.floor(position), stops.length - 2);
  const low = stops[index] ?? [0, 0, 0];
  const high = stops[index + 1] ?? low;
  const mix = (c: 0 | 1 | 2): number =>
    Math.round(low[c] + (high[c] - low[c]) * (position - index));
  return [mix(0), mix(1), mix(2)];
}

/** The colour of a gain where `limitStops` (above 0) is the end of the scale on either side. */
export function falseColor(gainStops: number, limitStops: number): Rgb {
  return along(gainStops < 0 ? kLowered : kLifted, Math.abs(gainStops) / limitStops);
}

/** "+1.25", "−0.40", "0.00": a gain in stops for people. */
export function stopsText(stops: number): string {
  const text = Math.abs(stops).toFixed(2);
  if (text === '0.00') return text;
  return `${stops < 0 ? '−' : '+'}${text}`;
}
