// What tests in the browser share: pictures, a service and a browser.
import { after } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { openPage, sharedBrowser, type OpenPage } from './browser';
import { sharedFixtures, type Fixtures } from './fixtures';
import { answerWell } from './results';
import { startService, type Service } from './service';

export interface Setting {
  fixtures: Fixtures;
  /** There once a page has been opened. */
  service: Service;
  /** The page, on a service that answers well and has been asked nothing yet. */
  open(options?: BrowserContextOptions): Promise<OpenPage>;
}

/** To be called once, at the top of a file of tests. */
export function setUp({ hdrDisplay = false, width = 640, height = 480 } = {}): Setting {
  const fixtures = sharedFixtures(width, height);
  const setting = { fixtures } as Setting;
  after(() => setting.service?.close());
  setting.open = async (options) => {
    const service = (setting.service ??= await startService('build/web-tests/site'));
    service.sent.length = 0;
    service.deleted.length = 0;
    service.answers.clear();
    service.onJob = () => undefined;
    answerWell(service, fixtures);
    return openPage(await sharedBrowser({ hdrDisplay }), service.url, options);
  };
  return setting;
}
