import { whenIdle } from '../browser/when-idle';
import type { Session } from '../session/session.svelte';

/**
 * Says from when on there is time for what nobody has asked for: the page has been drawn, and no camera's first verdict
 * is on its way. Made while a component is.
 */
export class AfterFirst {
  isNow = $state(false);

  constructor(session: Session) {
    $effect(() => {
      if (this.isNow || session.isAwaitingFirst) return;
      whenIdle(() => (this.isNow = !session.isAwaitingFirst));
    });
  }
}
