// What the page has to know of its service before it can work, from /openapi.json.
import { clearFailure, showFailure } from '../page/alert';
import { failure } from './errors';
import { deadlineFrom, fieldsFrom, type Fields } from './fields';
import { formatsFrom, type Format } from '../files/formats';
import { fetchOpenApi } from './service';

export interface Served {
  fields: Fields;
  formats: Format[];
  /** After which the service gives a request up. */
  deadlineSeconds: number;
}

/** undefined where the document leaves something out that the page cannot do without. */
export function servedFrom(document: unknown): Served | undefined {
  const fields = fieldsFrom(document);
  const formats = formatsFrom(document);
  const deadlineSeconds = deadlineFrom(document);
  if (fields['img'] === undefined || formats.length === 0) return undefined;
  return deadlineSeconds === undefined ? undefined : { fields, formats, deadlineSeconds };
}

/** Asks the service; where it does not say, as often as the user wants. */
export async function learn(): Promise<Served> {
  for (;;) {
    const served = servedFrom(await fetchOpenApi());
    if (served !== undefined) return served;
    await new Promise<void>((retry) => showFailure(failure('untold'), [{ label: 'Try again', take: retry }]));
    clearFailure();
  }
}
