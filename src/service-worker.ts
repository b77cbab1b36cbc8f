import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { canSuspend } from './core/encoder/can-suspend';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly PrecacheEntry[] };

/**
 * Keeps everything of the page on the device, so that it works without a network. It answers for the page's own
 * files and for nothing else: a request to another host never passes through it.
 */
const entries: readonly PrecacheEntry[] = self.__WB_MANIFEST;

/** ONNX Runtime's builds with WebGPU, which most devices never use: the one that was used is kept. */
const webgpu = entries.filter(isOfWebgpu).map(({ url }) => new URL(url, self.registration.scope).href);
const WEBGPU_CACHE = `porthole-webgpu-${self.registration.scope}`;
/** Folder of the page's models; those that earlier versions shipped are not among `entries`. */
const MODELS = new URL('models/', self.registration.scope).href;
const precached = new Set(entries.map(({ url }) => new URL(url, self.registration.scope).href));
const MODEL_CACHE = `porthole-models-${self.registration.scope}`;

// Hosts and other apps add what they like to an address.
precacheAndRoute(
  entries.filter((entry) => !isOfWebgpu(entry)),
  { ignoreURLParametersMatching: [/./] },
);
cleanupOutdatedCaches();

self.addEventListener('install', (event) => {
  event.waitUntil(keepEarlierModels());
});

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
  if (webgpu.includes(url)) event.respondWith(keptWebgpu(url));
  else if (isEarlierModel(url)) event.respondWith(keptIn(MODEL_CACHE, url));
});

function isOfWebgpu({ url }: PrecacheEntry): boolean {
  return /\.(asyncify|jspi|webgpu)\b/.test(url);
}

/** As src/core/encoder/runtime-file.ts chooses. */
function isUsed(url: string): boolean {
  return url.includes('.jspi') === canSuspend;
}

/** Only cameras of before need these: most devices never fetch one, and a device that has used it keeps it. */
function isEarlierModel(url: string): boolean {
  return url.startsWith(MODELS) && url.endsWith('.onnx') && !precached.has(url);
}

/** The version before has kept it for every device: it goes on without a network where cameras do. */
async function keepEarlierModels(): Promise<void> {
  const models = await caches.open(MODEL_CACHE);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const url = request.url.replace(/[?#].*/, '');
      if (!isEarlierModel(url) || (await models.match(url))) continue;
      const response = await cache.match(request);
      if (response) await models.put(url, response);
    }
  }
}

async function keptWebgpu(url: string): Promise<Response> {
  return keptIn(WEBGPU_CACHE, url);
}

async function keptIn(cacheName: string, url: string): Promise<Response> {
  const cache = await caches.open(cacheName);
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
