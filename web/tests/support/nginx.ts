// Debian's nginx with deploy/nginx.conf, on free ports of the loopback interface, in a folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export interface Nginx {
  /** Of the host, without a slash at its end. */
  url: string;
  plainUrl: string;
  stop(): Promise<void>;
}

/** Why its tests cannot run; undefined where they can. Fails where HDR_PROCESS_REQUIRE names it. */
export function nginxMissing(): string | undefined {
  for (const program of ['nginx', 'openssl']) {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    } catch {
      const required = (process.env['HDR_PROCESS_REQUIRE'] ?? '').split(',');
      if (required.includes('nginx')) throw new Error(`${program} is required but absent`);
      return `no ${program}`;
    }
  }
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Each text stands in it exactly once, so that no change of the file goes by unnoticed. */
export function replaced(text: string, changes: [string, string][]): string {
  for (const [from, to] of changes) {
    if (text.split(from).length !== 2) throw new Error(`deploy/nginx.conf: not once: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

function makeCertificate(folder: string): void {
  writeFileSync(join(folder, 'openssl.cnf'), '[req]\ndistinguished_name = dn\n[dn]\n');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', [
    'req', '-x509', ...key, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1',
    '-config', join(folder, 'openssl.cnf'), '-keyout', join(folder, 'key'), '-out', join(folder, 'certificate'),
  ], { stdio: 'ignore' });
}

function mainConfig(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((what) => `${what}_temp_path ${folder}/${what};`);
  return `user ${userInfo().username};
daemon off;
worker_processes 1;
pid ${folder}/pid;
events {}
http { access_log off; ${temporary.join(' ')} include ${folder}/hdr-process.conf; }
`;
}

async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** In front of the service at `service`; `changes` to the example come after those of places. */
export async function startNginx(service: string, changes: [string, string][] = []): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'hdr-process-nginx-'));
  const [plain, secure] = [await freePort(), await freePort()];
  makeCertificate(folder);
  const config = replaced(readFileSync('deploy/nginx.conf', 'utf8'), [
    ['server 127.0.0.1:8080;', `server ${new URL(service).host};`],
    ['listen 80;', `listen 127.0.0.1:${plain};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${secure} ssl;`],
    ['/etc/ssl/hdr.example.org.pem', join(folder, 'certificate')],
    ['/etc/ssl/hdr.example.org.key', join(folder, 'key')],
    ...changes,
  ]);
  writeFileSync(join(folder, 'hdr-process.conf'), config);
  writeFileSync(join(folder, 'nginx.conf'), mainConfig(folder));
  const log = join(folder, 'log');
  const child = spawn('nginx', ['-e', log, '-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  let status: number | null | undefined;
  const ended = new Promise<void>((resolve) => child.once('exit', (code) => {
    status = code;
    resolve();
  }));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const lost = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(lost);
    rmSync(folder, { recursive: true });
  };
  const end = Date.now() + 20_000;
  while (!(await listens(secure))) {
    if (status === undefined && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    const said = readFileSync(log, 'utf8');
    await stop();
    throw new Error(`nginx does not listen: ${said}`);
  }
  return { url: `https://127.0.0.1:${secure}`, plainUrl: `http://127.0.0.1:${plain}`, stop };
}

export interface Told {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Question {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

/** One request, whoever signed the certificate; an answer that comes before the body is through counts. */
export function ask(url: string, { method = 'GET', headers = {}, body }: Question = {}): Promise<Told> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false as const, rejectUnauthorized: false, timeout: 60_000 };
    const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        request.destroy();
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    if (body !== undefined) request.end(body);
    else if (headers['Content-Length'] === undefined) request.end();
    else request.flushHeaders();
  });
}

/** A form as fetch would send it. */
export async function postForm(url: string, fields: Record<string, string | Blob>, headers = {}): Promise<Told> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const encoded = new Response(form);
  const body = new Uint8Array(await encoded.arrayBuffer());
  const type = encoded.headers.get('Content-Type') ?? '';
  const length = String(body.length);
  return ask(url, { method: 'POST', headers: { 'Content-Type': type, 'Content-Length': length, ...headers }, body });
}
