// The real program: results in these tests are files that it wrote.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const kCandidates = [
  process.env['HDR_PROCESS_BINARY'],
  'build/release/hdr-process',
  'build/dev/hdr-process',
];

export function programPath(): string {
  const found = kCandidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new Error('no hdr-process: build it (make build) or set HDR_PROCESS_BINARY');
  }
  return resolve(found);
}

/** Runs it; its stdout. Throws with its stderr where it fails. */
export function runProgram(...args: string[]): string {
  return execFileSync(programPath(), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
