import type { CameraEvent } from '../domain/camera/job';
import type { CleaningReport } from '../domain/drift/cleaning';
import { inLanguage } from './language';
import { t } from './messages';
import en from '../../words/log.en.js';

const catalog = inLanguage('log', en);

export const lg = {
  ...catalog,
  logged: (kind: CameraEvent['kind'], at: number) => catalog.logged({ event: catalog.kinds[kind], at }),
  removed: (kind: CameraEvent['kind'], at: number) => catalog.removed({ event: catalog.kinds[kind], at }),
  undoOf: (isUndo: boolean, kind: CameraEvent['kind'], at: number) =>
    catalog.undoOf({ isUndo, event: catalog.kinds[kind], at }),
  report: cleaningReport,
  /** the note of an event, or the answer that it is */
  said: ({ note, scene }: Pick<CameraEvent, 'note' | 'scene'>): string => {
    if (!scene) return note;
    const { lifted, ...answers } = catalog.scene;
    const said = answers[scene.answer];
    return scene.liftedAt === undefined ? said : `${said} ${lifted({ at: scene.liftedAt })}`;
  },
};

function cleaningReport(report: CleaningReport): string {
  const { daysSincePrevious, before, after, recovery, wasInAlarm, relapseAt } = report;
  const { reports } = catalog;
  const sentences: string[] = [];
  switch (recovery.kind) {
    case 'no-snapshot':
      sentences.push(reports['no-snapshot']);
      break;
    case 'filling':
      sentences.push(
        reports.filling({
          fill: t.verdict.warmingUp({ fill: recovery.windowFill, windowSize: recovery.windowSize }),
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
    sentences.push(reports.distances({ before, hasAfter: after !== null, after: after ?? 0 }));
  }
  if (relapseAt !== null) sentences.push(reports.relapse({ at: relapseAt }));
  if (daysSincePrevious !== null) sentences.push(reports.interval({ time: daysSincePrevious * 86_400_000 }));
  return sentences.join(' ');
}
