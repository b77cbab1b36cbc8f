import { createSubscriber } from 'svelte/reactivity';

const HALF_A_MINUTE = 30_000;

/** Whatever reads it is worked out anew twice a minute, as long as it is shown. */
export const followMinutes = createSubscriber((update) => {
  const ticking = setInterval(update, HALF_A_MINUTE);
  return () => {
    clearInterval(ticking);
  };
});
