import type { BundleProblem } from '../../core/domain/files/bundle';
import type { ExportReason } from '../../core/domain/camera/retention';
import type { Imported } from './bundles.svelte';
import type { ImportPlan } from './bundle/bundle-api';
import { inLanguage } from '../../core/i18n/language';
import en from '../../words/care.en.js';
import type { Words } from '../../words/words';

/** Number of damaged parts that are named: no person reads thousands. */
const MOST_NAMED = 8;

const catalog = inLanguage('care', en);
const { counted } = catalog.open;

export const kp = {
  ...catalog,
  open: {
    ...catalog.open,
    adds: ({ cameras, models }: ImportPlan) => {
      const total = (of: 'snapshots' | 'here' | 'others', among = cameras) =>
        among.reduce((sum, camera) => sum + camera[of], 0);
      const known = cameras.filter(({ isNew }) => !isNew);
      const counts = {
        cameras: cameras.length - known.length,
        snapshots: total('snapshots'),
        models: models.length,
        others: total('others', known),
      };
      const kinds = ['cameras', 'snapshots', 'models', 'others'] as const;
      const added = kinds
        .filter((kind) => counts[kind] > 0)
        .map((kind) => counted[kind]({ count: counts[kind] }));
      return catalog.open.adds({ isNothing: added.length === 0, added, here: total('here') });
    },
    missingModel: (names: readonly string[]) => catalog.open.missingModel(named(names)),
    damaged: (paths: readonly string[]) => catalog.open.damaged(named(paths)),
    leftOut: (names: readonly string[]) => catalog.open.leftOut(named(names)),
    done: ({ cameras, snapshots, models, here, unkept }: Imported) => {
      const added = [counted.cameras({ count: cameras }), counted.snapshots({ count: snapshots })];
      if (models > 0) added.push(counted.models({ count: models }));
      return catalog.open.done({ added, here, unkept });
    },
    problem: (problem: BundleProblem) => problemSentence(catalog, problem),
  },
  reminder: {
    ...catalog.reminder,
    reason: (reason: NonNullable<ExportReason>, count: number) =>
      reason === 'nearly-full'
        ? catalog.reminder.reasons[reason]
        : catalog.reminder.reasons[reason]({ count }),
  },
};

export function problemSentence({ open }: Words['care'], problem: BundleProblem): string {
  switch (problem.kind) {
    case 'newer':
      return open.problem.newer({ format: problem.format });
    case 'damaged':
      return open.problem.damaged({ detail: problem.detail });
    default:
      return open.problem[problem.kind];
  }
}

function named(names: readonly string[]) {
  return {
    count: names.length,
    names: names.slice(0, MOST_NAMED).join(', '),
    hasMore: names.length > MOST_NAMED,
  };
}
