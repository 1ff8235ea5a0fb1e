// A browser that a test drives by the standard protocols, for engines that Playwright's own builds alone would
// reach: what the tests ask of it, in the words of neither protocol.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Size {
  width: number;
  height: number;
}

export interface Driven {
  /** As it names itself: "Firefox 140.0". */
  name: string;
  goto(url: string): Promise<void>;
  resize(size: Size): Promise<void>;
  /** What the function gives in the page, by JSON; it sees its arguments and the page's globals alone. */
  evaluate<A extends unknown[], R>(inPage: (...given: A) => R | Promise<R>, ...given: A): Promise<R>;
  setFiles(selector: string, paths: string[]): Promise<void>;
  click(selector: string): Promise<void>;
  /** Presses them together. */
  keys(...keys: string[]): Promise<void>;
  /** Clicks it, and reads what it downloads. */
  download(selector: string): Promise<Buffer>;
  screenshot(): Promise<Buffer>;
  /** Errors, refusals of the page's policy and console.error, of all pages so far. */
  complaints(): Promise<string[]>;
  /** Ends it and whatever it started; its profile goes. */
  close(): Promise<void>;
}

export const kWindow: Size = { width: 1440, height: 900 };

/** How long one step may take: a machine with other work on it, and no graphics card. */
export const kPatience = 30_000;

/** What `ask` gives once that is neither undefined nor false. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (const end = Date.now() + kPatience; ; await sleep(50)) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`still not there after ${kPatience} ms: ${what}`);
  }
}

/** Source text of a call that gives JSON. */
export function callText(inPage: (...given: never[]) => unknown, given: unknown[]): string {
  return `Promise.resolve((${inPage})(...${JSON.stringify(given)})).then((value) => JSON.stringify(value ?? null))`;
}

/** Of the standards: how the key is called in both protocols. */
export const kControl = '\uE009';

/** The actions of an input source that presses keys together. */
export function pressed(keys: string[]): object[] {
  return [
    ...keys.map((value) => ({ type: 'keyDown', value })),
    ...[...keys].reverse().map((value) => ({ type: 'keyUp', value })),
  ];
}
