/** The tab that the address names after a place: a link, or a reload, finds it again. */
export function tabInAddress<Tab extends string>(place: string, tabs: readonly Tab[]): Tab | null {
  const [inPlace, named] = location.hash.slice(1).split('/');
  return (inPlace === place && tabs.find((tab) => tab === named)) || null;
}

/** Names a tab in the address, in place: whoever goes back goes to the place before. */
export function putTabInAddress(place: string, tab: string): void {
  history.replaceState(history.state, '', `#${place}/${tab}`);
}
