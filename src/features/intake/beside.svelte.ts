import { canKeepFolders } from '../../core/browser/file-handles';
import { FolderWatch } from './folder-watch.svelte';
import type { Porthole } from '../porthole.svelte';
import { Soundness } from '../keep/soundness.svelte';
import { WakeLock } from '../../core/browser/wake-lock.svelte';

/** Milliseconds of work before the screen is kept on: what is done sooner needs no such thing. */
const WORTH_IT = 1_000;

/**
 * Begins what goes on beside the page as long as it is open: the watched folder, the screen that stays on, and the look
 * at what storage holds.
 */
export function beginBeside(porthole: Porthole): void {
  if (canKeepFolders()) porthole.watch = new FolderWatch(porthole);
  porthole.soundness = new Soundness(porthole);
  stayAwake(porthole);
}

/** Keeps the screen on while something is at work that would stop with it: a batch, an adaptation, a watched folder. */
function stayAwake(porthole: Porthole): void {
  $effect.root(() => {
    $effect(() => {
      const { isBusy, monitor, watch } = porthole;
      const isAtWork = (isBusy && !monitor.progress.isPaused) || watch?.status === 'watching';
      if (!isAtWork) return;
      let letGo: (() => void) | null = null;
      const timer = setTimeout(() => (letGo = new WakeLock().hold()), WORTH_IT);
      return () => {
        clearTimeout(timer);
        letGo?.();
      };
    });
  });
}
