// What the tests in one file share: pictures, a service and a browser, gone when they are done.
import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launch, openPage, type OpenPage } from './browser';
import { makeFixtures, type Fixtures } from './fixtures';
import { answerWell } from './results';
import { startService, type Service } from './service';

export interface Setting {
  fixtures: Fixtures;
  service: Service;
  /** The page, on a service that answers well and has been asked nothing yet. */
  open(options?: BrowserContextOptions): Promise<OpenPage>;
}

/** To be called once, at the top of a file of tests. */
export function setUp({ hdrDisplay = false, width = 640, height = 480 } = {}): Setting {
  const fixtures = makeFixtures(width, height);
  let browser: Browser | undefined;
  const setting = { fixtures } as Setting;
  before(async () => {
    setting.service = await startService('build/web-tests/site');
    browser = await launch({ hdrDisplay });
  });
  after(async () => {
    await browser?.close();
    await setting.service?.close();
    fixtures.remove();
  });
  setting.open = (options) => {
    if (browser === undefined) throw new Error('no browser');
    const { service } = setting;
    service.sent.length = 0;
    service.deleted.length = 0;
    service.answers.clear();
    answerWell(service, fixtures);
    return openPage(browser, service.url, options);
  };
  return setting;
}
