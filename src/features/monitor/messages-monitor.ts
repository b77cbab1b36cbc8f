import { inLanguage } from '../../core/i18n/language';
import type { BatchTally } from '../../core/session/monitor.svelte';
import en from '../../words/monitor.en.js';

const catalog = inLanguage('monitor', en);

/** Of snapshots that are told together so many are named. */
const NAMED = 3;

/** Words of the Monitor that are not needed before it is seen, in the language of the page. */
export const mo = {
  ...catalog,
  batch: (tally: BatchTally) => {
    const { checked, failed, seenBefore, inReference } = tally;
    // All of a folder that is given again says enough.
    const isNew = checked + failed > 0 || seenBefore === 0;
    return [
      isNew ? catalog.checked(tally) : '',
      seenBefore > 0 ? catalog.seenBefore({ count: seenBefore }) : '',
      inReference.length > 0
        ? catalog.inReference({
            count: inReference.length,
            names: inReference.slice(0, NAMED).join(', '),
            more: Math.max(0, inReference.length - NAMED),
          })
        : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' ');
  },
};
