import { createSubscriber } from 'svelte/reactivity';

const HALF_A_MINUTE = 30_000;

/** Its readers are computed again twice a minute, as long as they are shown. */
export const followMinutes = createSubscriber((update) => {
  const ticking = setInterval(update, HALF_A_MINUTE);
  return () => {
    clearInterval(ticking);
  };
});
