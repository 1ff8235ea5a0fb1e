// Answers of the service made of the program's own results.
import { basename } from 'node:path';
import type { Fixtures } from './fixtures';
import { makePng } from './png';
import { errorAnswer, json, type Canned, type Sent, type Service } from './service';
import { kOpenApi } from './openapi';

export const kId = '0123456789abcdef0123456789abcdef';

/** As the service has them of a JPEG_R. */
const kReaders = {
  chrome: { hdr: true, why: 'MPF leads to an ISO 21496-1 map' },
  apple: { hdr: true, why: 'ISO 21496-1 in the map' },
  android14: { hdr: null, why: 'not tried' },
};

const kTypes: Record<string, string> = { jpg: 'image/jpeg', heic: 'image/heic', avif: 'image/avif' };

/** Answers with the program's result `stem`.EXTENSION and the report beside it. */
export function resultAnswer(service: Service, fixtures: Fixtures, stem = 'result', extension = 'jpg', id = kId): Canned {
  const made = JSON.parse(new TextDecoder().decode(fixtures.read(`${stem}.json`))) as {
    files: Record<string, string>;
    report: unknown;
    timings_ms: unknown;
  };
  const below = `/result/${id}`;
  const bytes = (name: string, type: string): Canned => ({ status: 200, type, body: fixtures.read(name) });
  service.answers.set(`${below}/hdr`, bytes(`${stem}.${extension}`, kTypes[extension] ?? ''));
  service.answers.set(`${below}/preview`, bytes('edit.jpg', 'image/jpeg'));
  service.answers.set(`${below}/gainmap`, {
    status: 200,
    type: 'image/png',
    body: makePng(160, 120, (x) => [x / 159, x / 159, x / 159]),
  });
  service.answers.set(`${below}/meta`, json(made.report));
  const explaining = ['overlay', 'agreement'].filter((name) => name in made.files);
  for (const name of explaining) {
    service.answers.set(`${below}/${name}`, bytes(basename(made.files[name] ?? ''), 'image/png'));
  }
  const answer = json({
    id,
    result: {
      hdr: `${below}/hdr`,
      preview: `${below}/preview`,
      gainmap: `${below}/gainmap`,
      meta: `${below}/meta`,
      ...Object.fromEntries(explaining.map((name) => [name, `${below}/${name}`])),
    },
    report: made.report,
    readers: kReaders,
    timings_ms: made.timings_ms,
  });
  service.answers.set(below, answer);
  return answer;
}

/** A service as it is when all goes well: a transplant where there is an original, else a prediction. */
export function answerWell(service: Service, fixtures: Fixtures): void {
  service.answers.set('/openapi.json', json(kOpenApi));
  service.onAgain = () => errorAnswer(409, 'needs_upload', 'not enough is kept');
  service.onProcess = (sent: Sent) =>
    resultAnswer(service, fixtures, sent.files['ref'] === undefined ? 'predicted' : 'result');
}
