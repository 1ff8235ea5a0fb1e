// Debian's Chromium on the page. Whatever it complains of (errors, broken policy, requests to other
// places) fails the test that caused it.
//
// Starting a browser costs five times what loading the page does, a context three times: all tests of a
// process share one browser, and a page that ended a test well serves the next of the same options.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

function executable(): string {
  return (
    process.env['CHROMIUM'] ??
    execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
  );
}

function launch(hdrDisplay: boolean): Promise<Browser> {
  const args = ['--enable-blink-features=CanvasGlobalHDRHeadroom'];
  if (hdrDisplay) args.push('--force-color-profile=scrgb-linear');
  return chromium.launch({
    executablePath: executable(),
    args,
    chromiumSandbox: process.getuid?.() !== 0, // it refuses root
    timeout: 60_000,
  });
}

const running = new Map<boolean, Promise<Browser>>();
after(async () => {
  for (const browser of running.values()) await (await browser).close();
});

/** `hdrDisplay`: the page takes the display for one that shows HDR. */
export function sharedBrowser({ hdrDisplay = false } = {}): Promise<Browser> {
  const browser = running.get(hdrDisplay) ?? launch(hdrDisplay);
  running.set(hdrDisplay, browser);
  return browser;
}

export const kDesktop = { width: 1440, height: 900 };
export const kPhone = { width: 390, height: 844 };

export interface OpenPage {
  page: Page;
  /** Ends the test's use of it, and fails if there were complaints. */
  close(): Promise<void>;
}

interface KeptPage {
  browser: Browser;
  options: string;
  page: Page;
  /** The one place it may ask. */
  origin: string;
  /** Of the present test. */
  complaints: string[];
}

const idle: KeptPage[] = [];

async function newPage(browser: Browser, options: BrowserContextOptions): Promise<KeptPage> {
  const context = await browser.newContext({ viewport: kDesktop, ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const kept: KeptPage = { browser, options: JSON.stringify(options), page, origin: '', complaints: [] };
  page.on('pageerror', (error) => kept.complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // Statuses of answers are told by the page itself.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
      kept.complaints.push(`console: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (target.protocol !== 'blob:' && target.origin !== kept.origin) {
      kept.complaints.push(`request to ${target.href}`);
    }
  });
  return kept;
}

/** The page as it is when nothing has happened yet; only one whose test came to its end is used again. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const wanted = JSON.stringify(options);
  const found = idle.findIndex((each) => each.browser === browser && each.options === wanted);
  const kept = idle.splice(found, found < 0 ? 0 : 1)[0] ?? (await newPage(browser, options));
  const { page } = kept;
  kept.origin = new URL(url).origin;
  kept.complaints = [];
  await page.goto(url);
  return {
    page,
    close: async () => {
      await page.unrouteAll();
      await page.context().setOffline(false);
      await page.goto('about:blank'); // ends whatever it was still asking for
      await page.mouse.move(0, 0);
      assert.deepEqual(kept.complaints, []);
      idle.push(kept);
    },
  };
}
