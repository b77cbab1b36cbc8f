import type { KeptHandle } from '../../core/browser/file-handles';
import type { Session } from '../../core/session/session.svelte';
import { takeKept } from './go-on';
import { intakeOf } from './intake-part.svelte';

/** https://wicg.github.io/web-app-launch/#launchqueue-interface; only Chromium has it. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly KeptHandle[] }) => void): void;
}

/** Earlier versions kept files here that were shared with them or opened by the system. */
const FORMER_STORE = 'porthole-put-aside';

/**
 * Takes files that the system opens with the page. The system chooses the window: one that may not write passes them to
 * the one that does.
 */
export function receiveOpened(session: Session): void {
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  if (!launchQueue) return;
  const channel = new BroadcastChannel('porthole-opened-files');
  channel.onmessage = ({ data }: MessageEvent<readonly KeptHandle[]>) => {
    if (session.work.role === 'writer') void take(session, data);
  };
  launchQueue.setConsumer(({ files = [] }) => {
    if (files.length === 0) return;
    if (session.work.role === 'writer') void take(session, files);
    else {
      channel.postMessage(files);
      intakeOf(session).passedOn = files.length;
    }
  });
}

async function take(session: Session, handles: readonly KeptHandle[]): Promise<void> {
  // Who opens a file from another program does not see which place the page shows.
  if (session.cameras.chosen) session.place = 'monitor';
  await session.work.attempt(() => takeKept(session, handles));
}

/** Takes the files that an earlier version put aside as if they were dropped now, and deletes their store. */
export async function takePutAside(session: Session): Promise<void> {
  if (!('caches' in globalThis) || !(await caches.has(FORMER_STORE))) return;
  const kept = await (await caches.open(FORMER_STORE)).matchAll();
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
  await Promise.all([caches.delete(FORMER_STORE), caches.delete(`${FORMER_STORE}-notes`)]);
  if (files.length > 0) await session.take(files);
}
