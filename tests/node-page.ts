/** All that modules which draw nothing ask of a browser, for specs in Node. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';

const ADDRESS = 'http://localhost/';

/** From now on modules run as in a page of its own browser, which is seen, is online and has stored nothing. */
export function newPage(): void {
  const window = new EventTarget();
  Object.assign(globalThis, {
    indexedDB: new IDBFactory(),
    location: new URL(ADDRESS),
    document: Object.assign(new EventTarget(), { baseURI: ADDRESS, hidden: false }),
    addEventListener: window.addEventListener.bind(window),
  });
  // Node has one of its own since version 21, without a word on the network.
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
}
