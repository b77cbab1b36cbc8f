/** How long a version may take to be fetched, and again to take over, before the page is reloaded all the same; milliseconds. */
const LONGEST = 10_000;

/** Lets a version that waits take over. @returns when it has, or has taken too long */
export async function letTakeOver(waiting: ServiceWorker): Promise<void> {
  const taken = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
    setTimeout(resolve, LONGEST);
  });
  waiting.postMessage('take-over');
  await taken;
}

/** Fetches the newest version of a page that can't go on, has it take over, and reloads. */
export async function reloadNewest(): Promise<void> {
  try {
    const registration =
      'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined;
    if (registration) {
      await Promise.race([registration.update(), new Promise((resolve) => setTimeout(resolve, LONGEST))]);
      if (registration.installing) await whenInstalled(registration.installing);
      if (registration.waiting) await letTakeOver(registration.waiting);
    }
  } catch (error) {
    // Without a network there is no newer version to be had now.
    console.warn(error);
  }
  location.reload();
}

function whenInstalled(worker: ServiceWorker): Promise<unknown> {
  return new Promise((resolve) => {
    worker.addEventListener('statechange', resolve, { once: true });
    setTimeout(resolve, LONGEST);
  });
}
