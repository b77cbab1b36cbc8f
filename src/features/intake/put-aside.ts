/**
 * Files that came without having been dropped: shared by another app, or opened with Porthole by the system. They wait
 * here until a person says what becomes of them, also over reloads. The service worker puts them aside too, so this uses
 * nothing that only a page has.
 */
const NAME = 'porthole-put-aside';
/** One for each batch. They stand apart, since each entry of the other cache is a file. */
const NOTES = `${NAME}-notes`;
/** Held by the page that uses a batch: much longer than what is put aside meanwhile should wait. */
const USING = `${NAME}-using`;

/** Whence a batch came. Any website can post as if it shared; only the system itself can open files with the page. */
export type HandedBy = 'share' | 'system';

/**
 * What may wait at a time, all batches together, so that no website can fill the disk. A phone shares at most 100
 * pictures at once in the galleries that we know; 500 MB are 100 of its largest ones.
 */
export const MOST_FILES = 200;
export const MOST_BYTES = 500_000_000;
/** With one file each, these are more than anybody shares before opening the page. */
const MOST_BATCHES = 20;
/** What was begun so often and never ended may be what ends the page. */
export const MOST_ATTEMPTS = 2;

/** More would wait than may: what came was not put aside. */
export class TooMuchAside extends Error {}

/** A file that waits; its content is read when it is opened. */
export interface AsideFile {
  readonly name: string;
  readonly type: string;
  /** bytes */
  readonly size: number;
  open(): Promise<File>;
}

/** What came at once. */
export interface AsideBatch {
  readonly id: string;
  readonly by: HandedBy;
  /** how often its use began and did not end: the page was closed, or ended with it */
  readonly attempts: number;
  readonly files: readonly AsideFile[];
  /** names of what came with it and is not taken this way */
  readonly refused: readonly string[];
}

type Note = Pick<AsideBatch, 'by' | 'attempts' | 'refused'>;

/** Batches of before there were notes. */
const NO_NOTE: Note = { by: 'share', attempts: 0, refused: [] };

/**
 * Keeps files on this device until a person decides.
 *
 * @param refused - names of what came with them and is only told
 * @throws TooMuchAside, or QuotaExceededError; then none of them is kept
 */
export async function putAside(
  files: readonly File[],
  by: HandedBy,
  refused: readonly string[] = [],
): Promise<void> {
  await navigator.locks.request(NAME, () => write(files, { by, attempts: 0, refused }));
  const channel = new BroadcastChannel(NAME);
  channel.postMessage(null);
  channel.close();
}

async function write(files: readonly File[], note: Note): Promise<void> {
  const waiting = await read();
  const all = [...waiting.flatMap((batch) => batch.files), ...files];
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  if (waiting.length >= MOST_BATCHES || all.length > MOST_FILES || bytes > MOST_BYTES) {
    throw new TooMuchAside(`${String(all.length)} files, ${String(bytes)} bytes`);
  }
  const id = crypto.randomUUID();
  try {
    // Before its files: what has none would never be found, and never deleted.
    await saveNote(id, note);
    const cache = await caches.open(NAME);
    for (const [i, file] of files.entries()) {
      const headers = {
        'content-type': file.type,
        'x-name': encodeURIComponent(file.name),
        'x-last-modified': String(file.lastModified),
        'x-size': String(file.size),
      };
      await cache.put(`put-aside/${id}/${String(i)}`, new Response(file, { headers }));
    }
  } catch (error) {
    await remove(id);
    throw error;
  }
}

/** Everything that waits. */
export async function listAside(): Promise<AsideBatch[]> {
  return navigator.locks.request(NAME, read);
}

/**
 * Gives a batch to one page at a time, and forgets it once that page has done with it. The attempt is counted before: a
 * batch that ends the page must not do so at each visit.
 *
 * @param use - says whether it was used; false leaves it as it was
 * @throws what `use` throws; then the batch stays, with the attempt counted
 */
export async function useAside(id: string, use: (files: readonly File[]) => Promise<boolean>): Promise<void> {
  await navigator.locks.request(USING, async () => {
    const batch = (await listAside()).find((batch) => batch.id === id);
    if (!batch) return;
    const { by, attempts, refused } = batch;
    await saveNote(id, { by, refused, attempts: attempts + 1 });
    if (await use(await Promise.all(batch.files.map((file) => file.open())))) await discardAside(id);
    else await saveNote(id, { by, refused, attempts });
  });
}

/** Forgets a batch with its files. */
export async function discardAside(id: string): Promise<void> {
  await navigator.locks.request(NAME, () => remove(id));
}

/** Calls back each time that something was put aside, by whomever. @returns what ends it */
export function onPutAside(listener: () => void): () => void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = listener;
  return () => {
    channel.close();
  };
}

async function read(): Promise<AsideBatch[]> {
  const [cache, notes] = await Promise.all([caches.open(NAME), caches.open(NOTES)]);
  const found = new Map<string, AsideFile[]>();
  for (const key of await notes.keys()) found.set(batchOf(key), []);
  for (const key of await cache.keys()) {
    const id = batchOf(key);
    const files = found.get(id) ?? [];
    found.set(id, files);
    const kept = await cache.match(key);
    if (kept) files.push(await asideFile(cache, key, kept.headers));
  }
  return Promise.all([...found].map(async ([id, files]) => ({ id, files, ...(await noteOf(id)) })));
}

/** An address of either cache: `put-aside/`, the batch, and in one of them the file's number. */
function batchOf({ url }: Request): string {
  return /\/put-aside\/([^/]+)/.exec(url)?.[1] ?? '';
}

async function asideFile(cache: Cache, key: Request, headers: Headers): Promise<AsideFile> {
  const name = decodeURIComponent(headers.get('x-name') ?? '');
  const type = headers.get('content-type') ?? '';
  const lastModified = Number(headers.get('x-last-modified'));
  const open = async () => {
    const kept = await cache.match(key);
    return new File(kept ? [await kept.blob()] : [], name, { type, lastModified });
  };
  const size = headers.get('x-size');
  return { name, type, size: size === null ? (await open()).size : Number(size), open };
}

async function noteOf(id: string): Promise<Note> {
  const kept = await (await caches.open(NOTES)).match(noteKey(id));
  return kept ? ((await kept.json()) as Note) : NO_NOTE;
}

async function saveNote(id: string, note: Note): Promise<void> {
  await (await caches.open(NOTES)).put(noteKey(id), Response.json(note));
}

async function remove(id: string): Promise<void> {
  const cache = await caches.open(NAME);
  for (const key of await cache.keys()) if (batchOf(key) === id) await cache.delete(key);
  await (await caches.open(NOTES)).delete(noteKey(id));
}

function noteKey(id: string): string {
  return `put-aside/${id}`;
}
