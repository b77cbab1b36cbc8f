import type { BatchTally } from '../../core/session/scoring/batch-outcome';
import { monitorWords } from '../../words/monitor';

/** Of snapshots that are told together so many are named. */
const NAMED = 3;

/** The results of snapshots that were given together. */
export function batchSentences(tally: BatchTally, isSensor: boolean): string {
  const { checked, failed, aside, seenBefore, notChecked, inReference } = tally;
  // All of a folder that is given again says enough, and so does a batch that was cancelled at once.
  const isNew = checked + failed + aside > 0 || seenBefore + notChecked === 0;
  return [
    isNew ? monitorWords[isSensor ? 'checkedRows' : 'checked'](tally) : '',
    aside > 0 ? monitorWords.setAside({ count: aside }) : '',
    notChecked > 0 ? monitorWords[isSensor ? 'notCheckedRows' : 'notChecked']({ count: notChecked }) : '',
    seenBefore > 0 ? monitorWords.seenBefore({ count: seenBefore }) : '',
    inReference.length > 0
      ? monitorWords.inReference({
          count: inReference.length,
          names: inReference.slice(0, NAMED).join(', '),
          more: Math.max(0, inReference.length - NAMED),
        })
      : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
