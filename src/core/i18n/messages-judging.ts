import type { Calibration } from '../domain/drift/judging';
import type { JudgingProblem } from '../domain/drift/judging-problem';
import { inLanguage } from './language';
import en from '../../words/judging.en.js';

const catalog = inLanguage('judging', en);

export const jd = {
  names: catalog.names,
  hints: {
    ...catalog.hints,
    persistence: (span: string | null) =>
      catalog.hints.persistence({ hasSpan: span !== null, span: span ?? '' }),
  },
  versions: { ...catalog.versions, facts: versionFacts },
  problem: (problem: JudgingProblem): string => {
    if (problem.kind === 'order') return catalog.order(problem);
    const { field, range, isWhole } = problem;
    return catalog.range({ ...range, isWhole, field: catalog.fields[field], reason: catalog.reasons[field] });
  },
};

function versionFacts(
  { thresholds, detector, persistence, evidence }: Calibration,
  reference: number,
): string {
  const settings = catalog.versions.settings({ ...thresholds, ...detector, ...persistence, reference });
  if (!evidence) return `${settings} ${catalog.versions.replayed}`;
  const { snapshots, days, heldOutDays, heldOutEvents } = evidence;
  const calibrated = catalog.versions.calibrated({
    snapshots,
    days,
    isTested: heldOutDays !== null,
    falseAlarms: heldOutEvents ?? 0,
    heldOutDays: heldOutDays ?? 0,
  });
  return `${settings} ${calibrated}`;
}
