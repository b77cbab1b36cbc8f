/** The tab that the address names after a place, and what it names after that: a link, or a reload, finds it again. */
export function tabInAddress<Tab extends string>(
  place: string,
  tabs: readonly Tab[],
): { readonly tab: Tab; readonly tool: string | undefined } | null {
  const [inPlace, named, tool] = location.hash.slice(1).split('/');
  const tab = tabs.find((tab) => tab === named);
  return inPlace === place && tab ? { tab, tool } : null;
}

/** Names a tab in the address, in place: whoever goes back goes to the place before. */
export function putTabInAddress(place: string, tab: string): void {
  history.replaceState(history.state, '', `#${place}/${tab}`);
}
