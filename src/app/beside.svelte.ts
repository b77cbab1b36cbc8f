import { canKeepFolders } from './file-handles';
import { FolderWatch } from './folder-watch.svelte';
import type { Porthole } from './porthole.svelte';

/** Milliseconds of work before the screen is kept on: what is done sooner needs no such thing. */
const WORTH_IT = 1_000;

/** Begins what goes on beside the page as long as it is open: the watched folder, and the screen that stays on. */
export function beginBeside(porthole: Porthole): void {
  if (canKeepFolders()) porthole.watch = new FolderWatch(porthole);
  stayAwake(porthole);
}

/**
 * Keeps the screen on while something is at work that would stop with it: a batch, an adaptation, a watched folder. The
 * browser lets it go with every change of the tab, so it is asked for again when the page is visible.
 */
function stayAwake(porthole: Porthole): void {
  if (!('wakeLock' in navigator)) return;
  $effect.root(() => {
    $effect(() => {
      const { isBusy, monitor, watch } = porthole;
      const isAtWork = (isBusy && !monitor.progress.isPaused) || watch?.status === 'watching';
      if (!isAtWork) return;
      const stop = new AbortController();
      const timer = setTimeout(() => {
        void hold(stop.signal);
        document.addEventListener('visibilitychange', () => void hold(stop.signal), { signal: stop.signal });
      }, WORTH_IT);
      return () => {
        clearTimeout(timer);
        stop.abort();
      };
    });
  });
}

/** Holds the screen until the signal, or until the browser takes it back. */
async function hold(signal: AbortSignal): Promise<void> {
  if (document.visibilityState !== 'visible') return;
  // Refused on a low battery, say: the work goes on all the same.
  const lock = await navigator.wakeLock.request('screen').catch(() => null);
  if (!lock) return;
  const release = () => void lock.release();
  if (signal.aborted) release();
  else signal.addEventListener('abort', release, { once: true });
}
