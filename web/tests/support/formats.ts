// The table of containers as the program serves it (web/tests/service/openapi.test.ts looks whether it
// still does), a format on each line.
import { readFileSync, writeFileSync } from 'node:fs';
import { formatOf, formatsFrom, type Format } from '../../src/files/formats';
import { asArray } from '../../src/service/json';

const kFile = 'web/tests/support/formats.json';

export const kServedFormats: unknown = JSON.parse(readFileSync(kFile, 'utf8'));
export const kFormats = formatsFrom({ 'x-formats': kServedFormats });

export function format(word: string): Format {
  const found = formatOf(kFormats, word);
  if (found === undefined) throw new Error(`${kFile} has no ${word}`);
  return found;
}

export function acceptFormats(served: unknown): void {
  writeFileSync(kFile, `[\n${asArray(served).map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
}
