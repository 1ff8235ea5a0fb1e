// The real service, on a free port of the loopback interface and with a folder of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programPath } from './program';

export interface RealService {
  url: string;
  /** Ends it; its exit status, and what it left in its folder. */
  stop(): Promise<{ status: number | null; left: string[] }>;
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /listening on (http:\S+)\n/.exec(said);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.once('exit', (status) => reject(new Error(`the service ended with ${status}: ${said}`)));
  });
}

export async function startRealService(...flags: string[]): Promise<RealService> {
  const folder = mkdtempSync(join(tmpdir(), 'hdr-process-service-'));
  const args = ['serve', '--bind', '127.0.0.1:0', '--folder', folder, ...flags];
  const child = spawn(programPath(), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await addressOf(child);
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      const lost = setTimeout(() => child.kill('SIGKILL'), 15_000);
      const status = await ended;
      clearTimeout(lost);
      const left = readdirSync(folder);
      rmSync(folder, { recursive: true });
      return { status, left };
    },
  };
}
