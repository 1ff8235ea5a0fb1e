// A stand-in for the service: serves the page as the real one does, with its policy, and answers
// with files that the real program made. What it is asked is kept for the tests to look at.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export const kPolicy =
  "default-src 'none'; img-src 'self' blob:; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

export interface Canned {
  status: number;
  headers?: Record<string, string>;
  type?: string;
  body: string | Uint8Array;
}

/** One request's multipart fields: words, and the bytes of files with the names they came under. */
export interface Sent {
  path: string;
  words: [string, string][];
  files: Record<string, { name: string; bytes: Uint8Array }>;
}

export interface Service {
  url: string;
  sent: Sent[];
  deleted: string[];
  /** Requests to /process that the client gave up. */
  aborted: number;
  /** What POST /process answers; 'never' leaves the client waiting. */
  onProcess: (sent: Sent) => Canned | 'never';
  /** The same of POST /result/ID. */
  onAgain: (sent: Sent) => Canned | 'never';
  /** What GET /jobs/NAME answers while a request of that name waits; undefined: 404. */
  onJob: () => Canned | undefined;
  /** By address, below the page's own: /openapi.json, /inspect, /result/... */
  answers: Map<string, Canned>;
  close(): Promise<void>;
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Canned {
  return { status, headers, type: 'application/json', body: JSON.stringify(value) };
}

export function errorAnswer(
  status: number,
  code: string,
  message: string,
  more: { where?: string; detail?: unknown[]; stage?: string } = {},
  headers: Record<string, string> = {},
): Canned {
  const body = { code, message, where: '', detail: [], request_id: 'a1b2c3d4', ...more };
  return json(body, status, headers);
}

/** The page's files by address, as web/build lists them. */
function siteFiles(folder: string): Map<string, Canned> {
  const lines = readFileSync(join(folder, 'manifest.tsv'), 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [address = '', file = '', type = ''] = line.split('\t');
      return [address, { status: 200, type, body: readFileSync(join(folder, file)) }];
    }),
  );
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function sentIn(request: IncomingMessage): Promise<Sent> {
  const body = new Uint8Array(await bodyOf(request));
  const type = request.headers['content-type'] ?? '';
  const form = await new Response(body, { headers: { 'Content-Type': type } }).formData();
  const sent: Sent = { path: request.url ?? '', words: [], files: {} };
  for (const [name, value] of form) {
    if (typeof value === 'string') sent.words.push([name, value]);
    else sent.files[name] = { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  return sent;
}

function write(response: ServerResponse, canned: Canned): void {
  response.writeHead(canned.status, {
    'Content-Security-Policy': kPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(canned.type === undefined ? {} : { 'Content-Type': canned.type }),
    'Content-Length': String(Buffer.byteLength(canned.body)),
    ...canned.headers,
  });
  response.end(canned.body);
}

const kNotFound = errorAnswer(404, 'not_found', 'there is nothing here');

/** Listens on a free port of the loopback interface. */
export async function startService(siteFolder: string): Promise<Service> {
  const site = siteFiles(siteFolder);
  const state: Omit<Service, 'url' | 'close'> = {
    sent: [],
    deleted: [],
    aborted: 0,
    onProcess: () => kNotFound,
    onAgain: () => kNotFound,
    onJob: () => undefined,
    answers: new Map(),
  };
  const running = new Set<string>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    const isAgain = path.startsWith('/result/');
    if (request.method === 'POST' && (path === '/process' || isAgain)) {
      const name = String(request.headers['job-name']);
      running.add(name);
      response.on('close', () => {
        running.delete(name);
        if (!response.writableEnded) ++state.aborted;
      });
      const sent = await sentIn(request);
      state.sent.push(sent);
      const canned = isAgain ? state.onAgain(sent) : state.onProcess(sent);
      if (canned !== 'never') write(response, canned);
      return;
    }
    if (request.method === 'POST') state.sent.push(await sentIn(request));
    if (path.startsWith('/jobs/')) {
      const isRunning = running.has(path.slice('/jobs/'.length));
      write(response, (isRunning ? state.onJob() : undefined) ?? kNotFound);
      return;
    }
    if (request.method === 'DELETE') {
      state.deleted.push(path);
      write(response, { status: 204, body: '' });
      return;
    }
    write(response, state.answers.get(path) ?? site.get(path) ?? kNotFound);
  };
  const server: Server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
