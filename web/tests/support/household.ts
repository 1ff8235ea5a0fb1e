// A home folder, and processes that live in it and go with it: what a browser that nobody looks after leaves behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kPatience, kWindow, until } from './driven';

export interface Running {
  /** What it said so far, on both streams. */
  said(): string;
  /** The first match of it. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

interface Member {
  child: ChildProcess;
  ended: Promise<unknown>;
}

export class Household {
  readonly home = mkdtempSync(join(tmpdir(), 'hdr-process-browser-'));
  readonly #downloads = join(this.home, 'Downloads');
  readonly #members: Member[] = [];

  constructor() {
    mkdirSync(join(this.home, '.config'));
    mkdirSync(this.#downloads);
    writeFileSync(join(this.home, '.config/user-dirs.dirs'), 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n');
    writeFileSync(join(this.home, '.config/user-dirs.conf'), 'enabled=False\n');
  }

  /** Starts a program with this home; file descriptor 3 is one of its outputs. */
  start(program: string, args: string[], environment: NodeJS.ProcessEnv = {}): Running {
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: this.home, ...environment };
    for (const name of Object.keys(env)) {
      if (/^(XDG_|WAYLAND_|DBUS_)/.test(name)) delete env[name]; // of whoever runs the tests
    }
    const stdio = ['ignore', 'pipe', 'pipe', 'pipe'] as const;
    const child = spawn(program, args, { env, cwd: this.home, stdio: [...stdio], detached: true });
    let said = '';
    for (const stream of child.stdio.slice(1)) {
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    }
    let failure: Error | undefined;
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
      child.once('error', (error) => {
        failure = error;
        resolve(error);
      });
    });
    this.#members.push({ child, ended });
    return {
      said: () => said,
      says: (pattern) =>
        until(`${program}: ${pattern}`, () => {
          const found = pattern.exec(said);
          if (found !== null) return found;
          if (failure !== undefined) throw failure;
          if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${program} ended: ${said}`);
          return undefined;
        }),
    };
  }

  /** What was downloaded, complete: it is taken out of the folder. */
  async takeDownload(): Promise<Buffer> {
    let before = -1;
    const path = await until('a download', () => {
      // Both browsers write under another name beside it and rename.
      const [name, ...others] = readdirSync(this.#downloads);
      if (name === undefined || others.length > 0 || /\.(part|wkdownload)$/.test(name)) return undefined;
      const found = join(this.#downloads, name);
      const { size } = statSync(found);
      const isWhole = size > 0 && size === before;
      before = size;
      return isWhole && found;
    });
    const bytes = readFileSync(path);
    rmSync(path);
    return bytes;
  }

  /** Ends all, the youngest first. */
  async end(): Promise<void> {
    for (const { child, ended } of this.#members.splice(0).reverse()) {
      const send = (signal: NodeJS.Signals): void => {
        try {
          if (child.pid !== undefined) process.kill(-child.pid, signal);
        } catch {
          // All of its group have ended.
        }
      };
      send('SIGTERM');
      await Promise.race([ended, sleep(kPatience / 3, undefined, { ref: false })]);
      send('SIGKILL'); // also whom it left behind
      await ended;
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** What `start` starts in a home of its own; where it fails, nothing of it is left. */
export async function inHousehold<T>(start: (household: Household) => Promise<T>): Promise<T> {
  const household = new Household();
  try {
    return await start(household);
  } catch (error) {
    await household.end();
    throw error;
  }
}

/** A display of its own that nobody sees; what a program on it needs to be told. */
export async function startDisplay(household: Household): Promise<NodeJS.ProcessEnv> {
  const screen = `${kWindow.width}x${kWindow.height}x24`;
  const display = household.start('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', screen]);
  const [, number] = await display.says(/^(\d+)\n/m);
  return { DISPLAY: `:${number}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' };
}
