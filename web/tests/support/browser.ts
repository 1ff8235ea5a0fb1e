// Debian's Chromium on the page. Whatever it complains of (errors, broken policy, requests to other
// places) fails the test that caused it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

function executable(): string {
  return (
    process.env['CHROMIUM'] ??
    execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
  );
}

/** `hdrDisplay`: the page takes the display for one that shows HDR. */
export function launch({ hdrDisplay = false } = {}): Promise<Browser> {
  const args = ['--enable-blink-features=CanvasGlobalHDRHeadroom'];
  if (hdrDisplay) args.push('--force-color-profile=scrgb-linear');
  return chromium.launch({
    executablePath: executable(),
    args,
    chromiumSandbox: process.getuid?.() !== 0, // it refuses root
    timeout: 60_000,
  });
}

export const kDesktop = { width: 1440, height: 900 };
export const kPhone = { width: 390, height: 844 };

export interface OpenPage {
  page: Page;
  /** Complaints so far, each once. */
  complaints: string[];
  /** Closes it, and fails if there were complaints. */
  close(): Promise<void>;
}

/** A new page in a context of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: kDesktop, ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // Statuses of answers are told by the page itself.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (target.protocol !== 'blob:' && target.origin !== new URL(url).origin) {
      complaints.push(`request to ${target.href}`);
    }
  });
  await page.goto(url);
  return {
    page,
    complaints,
    close: async () => {
      await context.close();
      assert.deepEqual(complaints, []);
    },
  };
}
