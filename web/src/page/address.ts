// The page's address names the results that it shows: a reload, or a second tab, finds them for as
// long as the server keeps them.

interface Kept {
  /** What downloads are called. */
  names: string[];
}

/** Ids in the address, and the names that came with them where this tab has them. */
export function resultsInAddress(): { id: string; name: string }[] {
  const ids = location.hash.slice(1).split(',').filter((id) => /^[0-9a-f]{32}$/.test(id)).slice(0, 100);
  const state = history.state as Partial<Kept> | null;
  const names = Array.isArray(state?.names) ? state.names : [];
  return ids.map((id, i) => ({ id, name: typeof names[i] === 'string' ? names[i] : 'picture' }));
}

/** Names stay in this tab: they are none of the server's business. */
export function putInAddress(results: { id: string; name: string }[]): void {
  const kept: Kept = { names: results.map(({ name }) => name) };
  const hash = results.map(({ id }) => id).join(',');
  if (location.hash.slice(1) === hash && JSON.stringify(history.state) === JSON.stringify(kept)) return;
  history.replaceState(kept, '', hash === '' ? location.pathname + location.search : `#${hash}`);
}
