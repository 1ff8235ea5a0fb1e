// The page's address names the results that it shows: a reload, or a second tab, finds them for as
// long as the server keeps them. What they are called stays in the tab's own storage: names of files
// are none of the server's business.
import { asString, at, parseJson } from '../service/json';

const kKey = 'results';

function kept(): unknown {
  return parseJson(sessionStorage.getItem(kKey) ?? '');
}

/** Ids in the address, and the names that this tab has for them. */
export function resultsInAddress(): { id: string; name: string }[] {
  const ids = location.hash.slice(1).split(',').filter((id) => /^[0-9a-f]{32}$/.test(id)).slice(0, 100);
  return ids.map((id) => ({ id, name: asString(at(kept(), 'names', id)) ?? 'picture' }));
}

export function putInAddress(results: { id: string; name: string }[]): void {
  const ids = results.map(({ id }) => id).join();
  const hash = ids === '' ? '' : `#${ids}`;
  const names = Object.fromEntries(results.map(({ id, name }) => [id, name]));
  sessionStorage.setItem(kKey, JSON.stringify({ hash, names }));
  if (location.hash !== hash) history.replaceState(null, '', hash === '' ? location.pathname + location.search : hash);
}

/** The way back to them from the tab's other pages. */
export function lastHash(): string {
  return asString(at(kept(), 'hash')) ?? '';
}
