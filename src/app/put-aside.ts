/**
 * Files that came while no page could take them: shared by another app, or opened with Porthole while it was at work
 * or at work in another tab. The service worker puts them aside too, so this uses nothing that only a page has.
 */
const NAME = 'porthole-put-aside';
/** Held by the page that takes them: much longer than what is put aside meanwhile should wait. */
const TAKING = `${NAME}-taking`;

/** Keeps files on this device until a page takes them. @throws QuotaExceededError; then none of them is kept */
export async function putAside(files: readonly File[]): Promise<void> {
  await navigator.locks.request(NAME, () => write(files));
  const channel = new BroadcastChannel(NAME);
  channel.postMessage(null);
  channel.close();
}

async function write(files: readonly File[]): Promise<void> {
  const cache = await caches.open(NAME);
  const batch = crypto.randomUUID();
  const kept: string[] = [];
  try {
    for (const [i, file] of files.entries()) {
      const headers = {
        'content-type': file.type,
        'x-name': encodeURIComponent(file.name),
        'x-last-modified': String(file.lastModified),
      };
      const key = `put-aside/${batch}/${String(i)}`;
      await cache.put(key, new Response(file, { headers }));
      kept.push(key);
    }
  } catch (error) {
    for (const key of kept) await cache.delete(key);
    throw error;
  }
}

/**
 * Gives what was put aside to one page at a time, and forgets it once that page has it.
 *
 * @param use - says whether they can be forgotten; a page that is closed before gives them to the next one
 */
export async function takeAside(use: (files: readonly File[]) => Promise<boolean>): Promise<void> {
  await navigator.locks.request(TAKING, async () => {
    const cache = await caches.open(NAME);
    const { keys, files } = await navigator.locks.request(NAME, () => read(cache));
    if (files.length === 0 || !(await use(files))) return;
    for (const key of keys) await cache.delete(key);
  });
}

async function read(cache: Cache): Promise<{ keys: readonly Request[]; files: readonly File[] }> {
  const keys = await cache.keys();
  const files: File[] = [];
  for (const key of keys) {
    const kept = await cache.match(key);
    if (kept) files.push(await fileOf(kept));
  }
  return { keys, files };
}

/** Calls back each time that something was put aside, by whomever. @returns what ends it */
export function onPutAside(listener: () => void): () => void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = listener;
  return () => {
    channel.close();
  };
}

async function fileOf(kept: Response): Promise<File> {
  const { headers } = kept;
  return new File([await kept.blob()], decodeURIComponent(headers.get('x-name') ?? ''), {
    type: headers.get('content-type') ?? '',
    lastModified: Number(headers.get('x-last-modified')),
  });
}
