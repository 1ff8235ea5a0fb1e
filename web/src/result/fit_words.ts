// How edit and original were put together, in words.
import type { Report } from '../service/answers';

const percent = (share: number): string => `${share >= 0.1 ? Math.round(100 * share) : (100 * share).toFixed(1)} %`;

/** Where a point of the edit lies in the original; both 0 to 1. */
function moved(h: number[], x: number, y: number): [number, number] {
  const row = (i: number): number => (h[i] ?? 0) * x + (h[i + 1] ?? 0) * y + (h[i + 2] ?? 0);
  return [row(0) / row(6), row(3) / row(6)];
}

/** Signed area that the edit has in the original, whose own is 1; negative where it is mirrored. */
function areaOf(h: number[]): number {
  const corners = [moved(h, 0, 0), moved(h, 1, 0), moved(h, 1, 1), moved(h, 0, 1)];
  return corners.reduce((sum, [x, y], i) => {
    const [u, v] = corners[(i + 1) % 4] ?? [0, 0];
    return sum + (x * v - u * y) / 2;
  }, 0);
}

/**
 * By how many degrees the original is turned in the edit, clockwise; undefined where it cannot be
 * told. An edit is a similar picture, which also gives the original's aspect: its steps along x and y
 * have one length.
 */
function angleOf(h: number[], width: number, height: number, mirrored: boolean): number | undefined {
  const [x0, y0] = moved(h, 0.5, 0.5);
  const step = 1e-3;
  const [xx, yx] = moved(h, 0.5 + step / width, 0.5);
  const [xy, yy] = moved(h, 0.5, 0.5 + step / height);
  const a = mirrored ? x0 - xx : xx - x0;
  const b = mirrored ? y0 - yx : yx - y0;
  const c = xy - x0;
  const d = yy - y0;
  const aspect = Math.sqrt((d * d - b * b) / (a * a - c * c));
  if (!Number.isFinite(aspect) || aspect === 0) return undefined;
  return (-Math.atan2(b, a * aspect) * 180) / Math.PI;
}

/** Sentences on the fit, from the report. */
export function fitWords(report: Report): string[] {
  const words: string[] = [];
  const { alignment, edited } = report;
  if (alignment === undefined) {
    words.push('Same framing as the original.');
  } else {
    const h = alignment.toReference;
    const area = areaOf(h);
    const [width, height] = report.orientation >= 5 ? [report.height, report.width] : [report.width, report.height];
    const angle = angleOf(h, width, height, area < 0);
    const details = [`the edit shows ${percent(Math.min(1, Math.abs(area) * alignment.overlap))} of it`];
    if (angle !== undefined && Math.abs(angle) >= 0.05) {
      details.push(`turned by ${Math.abs(angle).toFixed(1)}° ${angle > 0 ? 'clockwise' : 'counterclockwise'}`);
    }
    if (area < 0) details.push('mirrored');
    words.push(`Found in the original: ${details.join(', ')}.`);
  }
  if (edited !== undefined) {
    const filled = edited.fill === 'neutral' ? 'there is no gain there' : 'the gain there is predicted';
    words.push(`${percent(edited.share)} of the edit shows something else than the original; ${filled}.`);
  }
  return words;
}
