import type { Session } from '../../core/session/session.svelte';

/** Earlier versions kept files here that were shared with them or opened by the system. */
const STORE = 'porthole-put-aside';

/** Takes the files that an earlier version put aside as if they were dropped now, and deletes their store. */
export async function takePutAside(session: Session): Promise<void> {
  if (!('caches' in globalThis) || !(await caches.has(STORE))) return;
  const kept = await (await caches.open(STORE)).matchAll();
  const files = await Promise.all(
    kept.map(async (response) => {
      const { headers } = response;
      const name = decodeURIComponent(headers.get('x-name') ?? '');
      const lastModified = Number(headers.get('x-last-modified'));
      return new File([await response.arrayBuffer()], name, {
        type: headers.get('content-type') ?? '',
        lastModified,
      });
    }),
  );
  // Deleted first: a file that ends the page must not do so at each visit.
  await Promise.all([caches.delete(STORE), caches.delete(`${STORE}-notes`)]);
  if (files.length > 0) await session.take(files);
}
