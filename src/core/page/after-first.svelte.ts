import { whenIdle } from '../browser/when-idle';

/**
 * Says from when on there is time for what nobody has asked for: the page has been drawn, and no camera's first verdict
 * is on its way. Made while a component is.
 */
export class AfterFirst {
  isNow = $state(false);

  constructor(isAwaitingFirst: () => boolean) {
    $effect(() => {
      if (this.isNow || isAwaitingFirst()) return;
      whenIdle(() => (this.isNow = !isAwaitingFirst()));
    });
  }
}
