// What Chromium makes of an image element at a given headroom: it draws gain maps into float
// canvases, which is the one place where a page can see HDR (with CanvasGlobalHDRHeadroom).
import type { Page } from 'playwright-core';

export interface Seen {
  /** Largest luminance, linear, 1 is SDR white. */
  max: number;
  /** Luminance at the middle of the sun, and in the dark corner below on the left. */
  sun: number;
  dark: number;
}

interface HdrContext extends OffscreenCanvasRenderingContext2D {
  globalHDRHeadroom: number;
}

export function canProbe(page: Page): Promise<boolean> {
  return page.evaluate(() => 'globalHDRHeadroom' in CanvasRenderingContext2D.prototype);
}

/** Draws the element that `selector` names at each headroom (log2). */
export function probe(page: Page, selector: string, headrooms: number[]): Promise<Seen[]> {
  return page.evaluate(
    async ([which, levels]) => {
      const image = document.querySelector<HTMLImageElement>(which);
      if (image === null) throw new Error(`no ${which}`);
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const linear = (v: number): number => {
        const a = Math.abs(v);
        return Math.sign(v) * (a <= 0.04045 ? a / 12.92 : ((a + 0.055) / 1.055) ** 2.4);
      };
      return levels.map((headroom) => {
        // Display P3, so that saturated colours stay inside; the weights are its luminance's.
        const settings = { colorSpace: 'display-p3', colorType: 'float16' } as object;
        const context = new OffscreenCanvas(width, height).getContext('2d', settings) as HdrContext;
        context.globalHDRHeadroom = headroom;
        context.drawImage(image, 0, 0);
        const format = { colorSpace: 'display-p3', pixelFormat: 'rgba-float16' } as object;
        const { data } = context.getImageData(0, 0, width, height, format);
        const at = (i: number): number =>
          0.22897 * linear(data[i] ?? 0) + 0.69174 * linear(data[i + 1] ?? 0) + 0.07929 * linear(data[i + 2] ?? 0);
        let max = 0;
        for (let i = 0; i < data.length; i += 4) max = Math.max(max, at(i));
        const point = (u: number, v: number): number =>
          at(4 * (Math.floor(v * height) * width + Math.floor(u * width)));
        return { max, sun: point(0.68, 0.47), dark: point(0.05, 0.95) };
      });
    },
    [selector, headrooms] as const,
  );
}
