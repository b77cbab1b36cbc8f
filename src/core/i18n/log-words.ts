import type { CameraEvent } from '../domain/camera/event';
import { isSeenEvent } from '../domain/camera/seen';
import type { CleaningReport } from '../domain/drift/cleaning';
import { logWords } from '../../words/log';
import { verdictWords } from '../../words/verdict';
import { seenSentence } from './conclusion-words';

/** The note of an event, or the answer that it is. */
export function eventNote(event: CameraEvent): string {
  if (isSeenEvent(event)) return seenSentence(event);
  const { note, scene, kind, until, beginsCycle } = event;
  if (kind === 'clean' && until !== undefined) return `${logWords.clean({ until })} ${note}`.trim();
  if (!scene) return note;
  const { answer, growth, loss, liftedAt } = scene;
  const { lifted, begins, leftOut, ...answers } = logWords.scene;
  const isLeftOut = answer === 'in-scene' && growth.length + loss.length > 0;
  const parts = [
    answers[answer],
    beginsCycle ? begins : isLeftOut ? leftOut : '',
    liftedAt === undefined ? '' : lifted({ at: liftedAt }),
    note,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Says what a cleaning did, in a few sentences. */
export function cleaningSentences(report: CleaningReport): string {
  const { daysSincePrevious, before, after, recovery, wasInAlarm, relapseAt } = report;
  const { reports } = logWords;
  const sentences: string[] = [];
  switch (recovery.kind) {
    case 'no-snapshot':
      sentences.push(reports['no-snapshot']);
      break;
    case 'filling':
      sentences.push(
        reports.filling({
          fill: verdictWords.warmingUp({ fill: recovery.windowFill, windowSize: recovery.windowSize }),
        }),
      );
      break;
    case 'confirmed':
      sentences.push(reports.confirmed({ wasInAlarm, snapshots: recovery.snapshots }));
      break;
    case 'not-yet':
      sentences.push(reports['not-yet']({ snapshots: recovery.snapshots }));
  }
  if (before !== null) {
    sentences.push(reports.distances({ before, after }));
  }
  if (relapseAt !== null) sentences.push(reports.relapse({ at: relapseAt }));
  if (daysSincePrevious !== null) sentences.push(reports.interval({ time: daysSincePrevious * 86_400_000 }));
  return sentences.join(' ');
}
