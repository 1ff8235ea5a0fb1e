// Debian's WebKit: its MiniBrowser, driven by WebKitWebDriver (https://www.w3.org/TR/webdriver2/).
import { readdirSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { callText, kPatience, kWindow, pressed, until, type Driven } from './driven';
import { inHousehold, startDisplay, type Household } from './household';

const kLibraries = '/usr/lib/x86_64-linux-gnu';
/** Of the standard: what an element is called in JSON. */
const kElement = 'element-6066-11e4-a52e-4f735466cecf';

/** Debian keeps it beside the library, of whichever version that is. */
function miniBrowser(): string {
  const found = readdirSync(kLibraries)
    .filter((name) => name.startsWith('webkit'))
    .map((name) => `${kLibraries}/${name}/MiniBrowser`)
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (found === undefined) throw new Error(`no MiniBrowser in ${kLibraries}`);
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function ask<T>(method: string, url: string, body?: object): Promise<T> {
  const answer = await fetch(url, {
    method,
    signal: AbortSignal.timeout(kPatience),
    ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const { value } = (await answer.json()) as { value: unknown };
  if (answer.ok) return value as T;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`${method} ${url}: ${error}: ${message}`);
}

interface Listening {
  complaintsHeard?: string[];
}

/**
 * The protocol has no way to the console, and an automated MiniBrowser prints none of it: the page itself has to
 * listen. What it complains of before it has loaded goes unheard.
 */
function listenInPage(): void {
  const heard: string[] = ((window as Listening).complaintsHeard = []);
  addEventListener('error', ({ message }) => heard.push(`error: ${message}`));
  addEventListener('unhandledrejection', ({ reason }) => heard.push(`rejection: ${reason}`));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    heard.push(`policy: ${violatedDirective} refuses ${blockedURI}`));
  const say = console.error;
  console.error = (...words: unknown[]) => {
    heard.push(`console: ${words.join(' ')}`);
    say(...words);
  };
}

function heardInPage(): string[] {
  return (window as Listening).complaintsHeard ?? [];
}

async function drive(household: Household): Promise<Driven> {
  const port = await freePort();
  household.start('WebKitWebDriver', [`--port=${port}`], await startDisplay(household));
  const base = `http://127.0.0.1:${port}`;
  await until('WebKitWebDriver', () => ask('GET', `${base}/status`).then(() => true, () => false));
  const { sessionId, capabilities } = await ask<{ sessionId: string; capabilities: Record<string, unknown> }>(
    'POST', `${base}/session`, {
      capabilities: {
        alwaysMatch: {
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': {
            binary: miniBrowser(),
            // So that a test has something to paste.
            args: ['--automation', '--javascript-can-access-clipboard=true'],
          },
        },
      },
    });
  const session = `${base}/session/${sessionId}`;
  const post = <T>(below: string, body: object = {}): Promise<T> => ask<T>('POST', `${session}/${below}`, body);
  await post('timeouts', { script: kPatience, pageLoad: kPatience });

  const find = async (selector: string): Promise<string> => {
    const found = await post<Record<string, string>>('element', { using: 'css selector', value: selector });
    return `element/${found[kElement] ?? ''}`;
  };
  const complaints: string[] = []; // of pages that are gone
  const driven: Driven = {
    name: `WebKitGTK ${String(capabilities['browserVersion'])}`,
    goto: async (url) => {
      complaints.push(...(await driven.evaluate(heardInPage)));
      await post('url', { url });
      await driven.evaluate(listenInPage);
    },
    resize: async (size) => {
      await post('window/rect', size);
    },
    evaluate: async (inPage, ...given) => {
      const script = `const done = arguments[0];
        ${callText(inPage, given)}.then((json) => done({ json }), (error) => done({ error: String(error) }));`;
      const answer = await post<{ json: string; error?: string }>('execute/async', { script, args: [] });
      if (answer.error !== undefined) throw new Error(answer.error);
      return JSON.parse(answer.json) as Awaited<ReturnType<typeof inPage>>;
    },
    setFiles: async (selector, paths) => {
      await post(`${await find(selector)}/value`, { text: paths.join('\n') });
    },
    click: async (selector) => {
      await post(`${await find(selector)}/click`);
    },
    keys: async (...keys) => {
      await post('actions', { actions: [{ type: 'key', id: 'key', actions: pressed(keys) }] });
    },
    download: async (selector) => {
      await driven.click(selector);
      return household.takeDownload();
    },
    screenshot: async () => Buffer.from(await ask<string>('GET', `${session}/screenshot`), 'base64'),
    complaints: async () => [...complaints, ...(await driven.evaluate(heardInPage))],
    close: async () => {
      await ask('DELETE', session).catch(() => undefined);
      await household.end();
    },
  };
  await driven.resize(kWindow);
  return driven;
}

export function startWebKit(): Promise<Driven> {
  return inHousehold(drive);
}
