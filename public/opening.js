/**
 * Says what to do where the page does not open: its scripts may be cut off or garbled in a cache. Nothing else has to run
 * for it.
 */
{
  /** After so long without a word of the page's scripts something is wrong, in milliseconds. */
  const LONG = 15_000;

  const app = document.getElementById('app');
  const opening = app.querySelector('.opening');
  const told = [...document.getElementById('damaged').content.children];
  const inLanguage = (language) => told.find(({ lang }) => language.startsWith(lang));
  const [own = told[0]] = navigator.languages.map(inLanguage).filter(Boolean);

  const tell = () => {
    // Opened as a file, the page says already what to do.
    const isServed = location.protocol !== 'file:';
    if (isServed && (opening.isConnected || app.childElementCount === 0)) app.replaceChildren(own);
  };
  addEventListener('error', tell, true);
  addEventListener('unhandledrejection', tell);
  addEventListener('load', () => setTimeout(tell, LONG));

  const [button] = own.getElementsByTagName('button');
  button.addEventListener('click', () => {
    button.disabled = true;
    fetchAgain().catch(() => (button.disabled = false));
  });

  async function fetchAgain() {
    // It fails without a network; then all that is kept stays. The service worker answers to no HEAD.
    await fetch(document.baseURI, { method: 'HEAD' });
    const registration = await navigator.serviceWorker?.getRegistration();
    for (const name of registration ? await caches.keys() : []) {
      if (name.startsWith('workbox-precache') && name.endsWith(registration.scope)) await caches.delete(name);
    }
    await registration?.unregister();
    // The browser's own cache may hold them too.
    await Promise.all(Array.from(document.scripts, ({ src }) => fetch(src, { cache: 'reload' })));
    location.reload();
  }
}
