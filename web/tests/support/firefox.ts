// Debian's Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which it speaks by itself.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callText, kPatience, kWindow, pressed, type Driven } from './driven';
import { inHousehold, startDisplay, type Household } from './household';

// It asks nobody anything, and shows nothing of its own.
const kPreferences = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.download.alwaysOpenPanel': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'nimbus.rollouts.enabled': false,
  'services.settings.server': 'data:,nobody',
  'toolkit.telemetry.server': '',
};

type Message = Record<string, unknown>;

interface Answer {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Commands and events of one connection. */
class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Answer>();
  #last = 0;

  private constructor(socket: WebSocket, onEvent: (method: string, params: unknown) => void) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as {
        type: string; id: number; result: unknown; error: string; message: string; method: string; params: unknown;
      };
      if (message.type === 'event') {
        onEvent(message.method, message.params);
        return;
      }
      const answer = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.type === 'success') answer?.resolve(message.result);
      else answer?.reject(new Error(`${message.error}: ${message.message}`));
    };
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the browser hung up'));
      this.#waiting.clear();
    };
  }

  static open(url: string, onEvent: (method: string, params: unknown) => void): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.onopen = () => resolve(new Connection(socket, onEvent));
      socket.onerror = () => reject(new Error(`no connection to ${url}`));
    });
  }

  send<T>(method: string, params: Message): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      const late = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`no answer to ${method} in ${kPatience} ms`));
      }, kPatience);
      const settled = <A>(settle: (value: A) => void) => (value: A): void => {
        clearTimeout(late);
        settle(value);
      };
      this.#waiting.set(id, {
        resolve: settled((result: unknown) => resolve(result as T)),
        reject: settled(reject),
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }
}

interface LogEntry {
  type: string;
  level: string;
  text: string | null;
}

async function drive(household: Household): Promise<Driven> {
  const profile = join(household.home, 'profile');
  mkdirSync(profile);
  const lines = Object.entries(kPreferences).map(([name, value]) =>
    `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  // Headless, its clipboard would hold no pictures.
  const args = ['--no-remote', '--profile', profile, '--remote-debugging-port=0', 'about:blank'];
  const browser = household.start('firefox-esr', args, await startDisplay(household));
  const [, address] = await browser.says(/WebDriver BiDi listening on (ws:\/\/127\.0\.0\.1:\d+)/);

  const complaints: string[] = [];
  const bidi = await Connection.open(`${address}/session`, (method, params) => {
    const { type, level, text } = params as LogEntry;
    if (method === 'log.entryAdded' && level === 'error') complaints.push(`${type}: ${text ?? ''}`);
  });
  const { capabilities } = await bidi.send<{ capabilities: Record<string, unknown> }>(
    'session.new', { capabilities: { alwaysMatch: { unhandledPromptBehavior: { default: 'dismiss' } } } });
  await bidi.send('session.subscribe', { events: ['log.entryAdded'] });
  const { contexts } = await bidi.send<{ contexts: { context: string }[] }>('browsingContext.getTree', {});
  const context = contexts[0]?.context;

  const find = async (selector: string): Promise<object> => {
    const { nodes } = await bidi.send<{ nodes: { sharedId: string }[] }>(
      'browsingContext.locateNodes', { context, locator: { type: 'css', value: selector } });
    const node = nodes[0];
    if (node === undefined) throw new Error(`no ${selector}`);
    return { sharedId: node.sharedId };
  };
  const act = (source: Message): Promise<unknown> =>
    bidi.send('input.performActions', { context, actions: [{ id: source['type'], ...source }] });

  const driven: Driven = {
    name: `Firefox ${String(capabilities['browserVersion'])}`,
    goto: async (url) => {
      await bidi.send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    resize: async (viewport) => {
      await bidi.send('browsingContext.setViewport', { context, viewport });
    },
    evaluate: async (inPage, ...given) => {
      const answer = await bidi.send<{
        type: string; result: { value: string }; exceptionDetails: { text: string };
      }>('script.evaluate', { expression: callText(inPage, given), target: { context }, awaitPromise: true, userActivation: true });
      if (answer.type !== 'success') throw new Error(answer.exceptionDetails.text);
      return JSON.parse(answer.result.value) as Awaited<ReturnType<typeof inPage>>;
    },
    setFiles: async (selector, paths) => {
      await bidi.send('input.setFiles', { context, element: await find(selector), files: paths });
    },
    click: async (selector) => {
      const element = await find(selector);
      await driven.evaluate((which) => {
        document.querySelector(which)?.scrollIntoView({ block: 'center', behavior: 'instant' });
      }, selector);
      const origin = { type: 'element', element };
      await act({
        type: 'pointer',
        actions: [
          { type: 'pointerMove', x: 0, y: 0, origin },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      });
    },
    keys: async (...keys) => {
      await act({ type: 'key', actions: pressed(keys) });
    },
    download: async (selector) => {
      await driven.click(selector);
      return household.takeDownload();
    },
    screenshot: async () => {
      const { data } = await bidi.send<{ data: string }>('browsingContext.captureScreenshot', { context });
      return Buffer.from(data, 'base64');
    },
    complaints: async () => complaints,
    close: async () => {
      bidi.close();
      await household.end();
    },
  };
  await driven.resize(kWindow);
  return driven;
}

export function startFirefox(): Promise<Driven> {
  return inHousehold(drive);
}
