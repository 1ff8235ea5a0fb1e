// Packages of web/package.json that no bundle can hold: they are found from there, wherever the tests' bundle lies.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const kRequire = createRequire(join(process.cwd(), 'web/package.json'));

/** What a package exports, as a module or in Node's older way. */
export async function npmPackage<T>(name: string): Promise<T> {
  const loaded = (await import(pathToFileURL(kRequire.resolve(name)).href)) as { default?: { __esModule?: boolean } };
  return (loaded.default?.__esModule === true ? loaded.default : loaded) as T;
}
