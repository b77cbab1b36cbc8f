import type { BundleProblem, UnusableRow } from '../../core/domain/files/bundle';
import { bundleWords } from '../../words/bundle';
import { careWords } from '../../words/care';
import type { Words } from '../../words/words';
import type { ClaimedFiles, ImportReport } from './bundles.svelte';
import type { ImportPlan } from './bundle/bundle-api';

/** Number of damaged parts that are named: no person reads thousands. */
const MOST_PARTS = 8;
/** Number of cameras, and of unusable rows, that are named. */
const MOST_NAMED = 5;

const { counted } = careWords.open;
const BESIDE = ['models', 'cleanings', 'others'] as const;

/** Says how much an export would add to this device. */
export function addsSentence({ cameras, models }: ImportPlan): string {
  const total = (of: 'snapshots' | 'here' | 'cleanings' | 'others', among = cameras) =>
    among.reduce((sum, camera) => sum + camera[of], 0);
  const known = cameras.filter(({ isNew }) => !isNew);
  const counts = {
    cameras: cameras.length - known.length,
    snapshots: total('snapshots'),
    models: models.length,
    cleanings: total('cleanings', known),
    others: total('others', known),
  };
  const added = named(counts, ['cameras', 'snapshots', ...BESIDE]);
  return careWords.open.adds({ isNothing: added.length === 0, added, here: total('here') });
}

export function importedSentence({ here, unkept, ...counts }: ImportReport): string {
  const { cameras, snapshots } = counts;
  const added = [counted.cameras({ count: cameras }), counted.snapshots({ count: snapshots })];
  return careWords.open.done({ added: [...added, ...named(counts, BESIDE)], here, unkept });
}

/** Those of which there are any. */
function named<Kind extends keyof typeof counted>(
  counts: Readonly<Record<Kind, number>>,
  kinds: readonly Kind[],
): string[] {
  return kinds.filter((kind) => counts[kind] > 0).map((kind) => counted[kind]({ count: counts[kind] }));
}

/** The facts of a sentence that names parts of an export. */
export function partsNamed(names: readonly string[]) {
  return {
    count: names.length,
    names: names.slice(0, MOST_PARTS).join(', '),
    hasMore: names.length > MOST_PARTS,
  };
}

export function unusableSentence(rows: readonly UnusableRow[], count: number): string {
  return bundleWords.unusable({
    count,
    rows: rows.slice(0, MOST_NAMED).map(bundleWords.row).join('; '),
    hasMore: count > MOST_NAMED,
  });
}

/** The place that the records of an export's cameras go to. */
export function claimSentence({ cameras, address, experiment }: ClaimedFiles): string {
  return bundleWords.goes.says({
    cameras: cameras.slice(0, MOST_NAMED).join(', '),
    more: Math.max(0, cameras.length - MOST_NAMED),
    address,
    experiment,
  });
}

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
