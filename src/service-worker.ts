import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { canSuspend } from './core/encoder/can-suspend';
import { takeShared } from './features/intake/share-target';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly PrecacheEntry[] };

/**
 * Keeps everything of the page on the device, so that it works without a network. It answers for the page's own
 * files and for what other apps share, and for nothing else: a request to another host never passes through it.
 */
const entries: readonly PrecacheEntry[] = self.__WB_MANIFEST;

/** ONNX Runtime's builds with WebGPU, which most devices never use: the one that was used is kept. */
const webgpu = entries.filter(isOfWebgpu).map(({ url }) => new URL(url, self.registration.scope).href);
const WEBGPU_CACHE = `porthole-webgpu-${self.registration.scope}`;
/** as the manifest's share_target says */
const SHARE_TARGET = new URL('share-target', self.registration.scope).href;

// Hosts and other apps add what they like to an address.
precacheAndRoute(
  entries.filter((entry) => !isOfWebgpu(entry)),
  { ignoreURLParametersMatching: [/./] },
);
cleanupOutdatedCaches();

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), forgetOldWebgpu()]));
});

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(self.skipWaiting());
  if (event.data === 'keep-webgpu') event.waitUntil(Promise.all(webgpu.filter(isUsed).map(keptWebgpu)));
});

// The page tells a change of the verdict through the service worker, since phones take notifications from nobody else.
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(showPage());
});

self.addEventListener('fetch', (event) => {
  const { url } = event.request;
  if (url.replace(/[?#].*/, '') === SHARE_TARGET) event.respondWith(answerShared(event.request));
  else if (webgpu.includes(url)) event.respondWith(keptWebgpu(url));
});

function isOfWebgpu({ url }: PrecacheEntry): boolean {
  return /\.(asyncify|jspi|webgpu)\b/.test(url);
}

/** As src/core/encoder/runtime-file.ts chooses. */
function isUsed(url: string): boolean {
  return url.includes('.jspi') === canSuspend;
}

async function keptWebgpu(url: string): Promise<Response> {
  const cache = await caches.open(WEBGPU_CACHE);
  const kept = await cache.match(url);
  if (kept) return kept;
  const response = await fetch(url, { cache: 'force-cache' });
  if (response.ok) await cache.put(url, response.clone());
  return response;
}

async function forgetOldWebgpu(): Promise<void> {
  const cache = await caches.open(WEBGPU_CACHE);
  const old = (await cache.keys()).filter((request) => !webgpu.includes(request.url));
  await Promise.all(old.map((request) => cache.delete(request)));
}

/** Brings the page to the front, or opens it. */
async function showPage(): Promise<void> {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  await (page ? page.focus() : self.clients.openWindow(self.registration.scope));
}

/** Leads to the page, which asks what becomes of what was shared, or says why it was not taken. */
async function answerShared(request: Request): Promise<Response> {
  const outcome = request.method === 'POST' ? await takeShared(request, self.location.origin) : 'nothing';
  return Response.redirect(new URL(`./?shared=${outcome}`, self.registration.scope).href, 303);
}
