import { AppError } from '../domain/errors';
import type { Porthole } from './porthole.svelte';
import { onPutAside, putAside, takeAside } from './put-aside';

/** https://wicg.github.io/web-app-launch/#launchqueue-interface; Chromium alone has it. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

/**
 * Receives files that the system opens with Porthole or that other apps share with it. All are put aside first: this
 * page may be at work, or another tab may be the one that writes.
 *
 * @param onArrival - called when something may have been put aside, in whatever tab
 * @returns what ends it
 */
export function receiveFiles(porthole: Porthole, onArrival: () => void): () => void {
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files = [] }) => {
    if (files.length === 0) return;
    void porthole.attempt(async () => {
      await keep(await Promise.all(files.map((file) => file.getFile())));
    });
  });
  // What the service worker could not keep, it says by the address.
  const address = new URL(location.href);
  if (address.searchParams.has('not-kept')) {
    address.searchParams.delete('not-kept');
    history.replaceState(null, '', address);
    void porthole.attempt(() => Promise.reject(new AppError('disk-full')));
  }
  return onPutAside(onArrival);
}

/** Takes what was put aside as if it had been dropped on the page. What can't be taken just now stays for later. */
export async function takeHandedFiles(porthole: Porthole): Promise<void> {
  // By plain http from another host there is neither a service worker nor a place to put anything aside.
  if (!('caches' in globalThis)) return;
  try {
    await takeAside(async (files) => {
      const went = await porthole.take(files, [], false);
      return went || porthole.problem?.code !== 'busy';
    });
  } catch (error) {
    porthole.report(new AppError('storage-failed', '', { cause: error }));
  }
}

async function keep(files: readonly File[]): Promise<void> {
  try {
    await putAside(files);
  } catch (error) {
    throw new AppError('disk-full', '', { cause: error });
  }
}
