import type { Calibration } from '../domain/drift/judging';
import type { JudgingProblem } from '../domain/drift/judging-problem';
import { judgingWords } from '../../words/judging';

export function judgingProblemSentence(problem: JudgingProblem): string {
  if (problem.kind === 'order') return judgingWords.order(problem);
  const { field, range, isWhole } = problem;
  const { fields, reasons } = judgingWords;
  return judgingWords.range({ ...range, isWhole, field: fields[field], reason: reasons[field] });
}

/** The settings of a version, and what they were measured on. @param reference - its name */
export function calibrationFacts(
  { thresholds, detector, persistence, evidence }: Calibration,
  reference: string,
): string {
  const said = judgingWords.versions;
  const settings = said.settings({ ...thresholds, ...detector, ...persistence, reference });
  if (!evidence) return `${settings} ${said.replayed}`;
  const { heldOutDays, heldOutEvents } = evidence;
  const tested = heldOutDays === null ? '' : said.heldOut({ heldOutDays, heldOutEvents: heldOutEvents ?? 0 });
  return `${settings} ${said.calibrated({ ...evidence, tested })}`;
}
