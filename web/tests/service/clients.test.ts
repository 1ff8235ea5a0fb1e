// Typed clients: what the two common generators make of /openapi.json compiles, and works.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import ts from 'typescript';
import { sharedFixtures } from '../support/fixtures';
import { npmPackage } from '../support/npm';
import { startRealService, type RealService } from '../support/real_service';

interface OpenApiTypescript {
  default: (document: object, options: { transform: (schema: { format?: string }) => ts.TypeNode | undefined }) => Promise<ts.Node[]>;
  astToString: (nodes: ts.Node[]) => string;
}
const kFolder = resolve('build/web-tests/clients');
const fixtures = sharedFixtures();
let service: RealService;

/** As its documentation has it: bytes are Blobs. */
async function openapiTypescript(document: object): Promise<void> {
  const { default: generate, astToString } = await npmPackage<OpenApiTypescript>('openapi-typescript');
  const blob = ts.factory.createTypeReferenceNode('Blob');
  const nodes = await generate(document, {
    transform: ({ format }) => (format === 'binary' ? blob : undefined),
  });
  writeFileSync(join(kFolder, 'schema.ts'), astToString(nodes));
}

function heyApi(document: string): void {
  execFileSync(process.execPath, [
    'web/node_modules/@hey-api/openapi-ts/bin/run.js', '-i', document, '-o', join(kFolder, 'hey_api'),
    '--plugins', '@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk', '--silent', '--no-log-file',
  ], { stdio: 'inherit' });
}

describe('generated clients', () => {
  before(async () => {
    service = await startRealService();
    rmSync(kFolder, { recursive: true, force: true });
    mkdirSync(kFolder, { recursive: true });
    const document = await (await fetch(`${service.url}/openapi.json`)).text();
    await openapiTypescript(JSON.parse(document) as object);
    writeFileSync(join(kFolder, 'openapi.json'), document);
    heyApi(join(kFolder, 'openapi.json'));
  });
  after(() => service?.stop());

  it('compile with the programs that use them, and the wrong ones do not', () => {
    const compiler = ['web/node_modules/typescript/bin/tsc', '-p', 'web/tests/clients'];
    execFileSync(process.execPath, compiler, { stdio: 'inherit' });
  });
  for (const program of ['openapi_fetch', 'hey_api']) {
    it(`${program} gets every kind of answer`, async () => {
      const bundle = join(kFolder, `${program}.mjs`);
      execFileSync('esbuild', [
        `web/tests/clients/${program}.ts`, '--bundle', '--platform=node', '--format=esm',
        `--outfile=${bundle}`, '--log-level=warning',
      ], { stdio: 'inherit' });
      await promisify(execFile)(process.execPath, [
        bundle, service.url, fixtures.path('edit.jpg'), fixtures.path('original.jpg'),
      ], { timeout: 60_000 });
    });
  }
});
