import { untrack } from 'svelte';
import { canKeepFolders } from '../../core/browser/file-handles';
import { givenOf } from '../../core/session/reference/given-folder.svelte';
import { intakeOf } from './intake-part.svelte';
import { receiveOpened, takePutAside } from './opened-files';
import { Watches } from './watches.svelte';
import type { Session } from '../../core/session/session.svelte';
import { WakeLock } from '../../core/browser/wake-lock.svelte';

/** Milliseconds of work before the screen is kept on: shorter work does not need it. */
const WORTH_IT = 1_000;

/**
 * Starts the work that runs as long as the page is open: the watched folders, files that the system opens, and the
 * screen that stays on.
 */
export function beginBeside(session: Session): void {
  if (canKeepFolders()) {
    const watches = new Watches(session);
    intakeOf(session).watches = watches;
    givenOf(session).watch = async (folder) => watches.chosen?.begin(folder);
  }
  receiveOpened(session);
  onceWriter(session, () => void takePutAside(session).catch(session.work.report));
  stayAwake(session);
}

/** Begins as soon as this tab writes: a reloaded page may look on until the lock of the page before is gone. */
function onceWriter(session: Session, begin: () => void): void {
  let hasBegun = false;
  const stop = $effect.root(() => {
    $effect(() => {
      if (session.work.role !== 'writer' || hasBegun) return;
      hasBegun = true;
      untrack(begin);
      queueMicrotask(() => stop());
    });
  });
}

/** Keeps the screen on while something is at work that would stop with it: a batch, a watched folder. */
function stayAwake(session: Session): void {
  $effect.root(() => {
    $effect(() => {
      const { watches } = intakeOf(session);
      const isWatching = watches !== null && watches.watching.length > 0;
      const isAtWork = (!session.work.isAtRest && !session.scoring.batches.progress.isPaused) || isWatching;
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
