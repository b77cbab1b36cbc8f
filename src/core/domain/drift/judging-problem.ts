import { blindnessOf } from './blindness';
import type { Embedding } from './embedding';
import type { CodedDetail } from '../detail';
import { AppError } from '../errors';
import type { Judging } from './judging';
import {
  ALARM_WINDOWS,
  CLEAR_BELOW,
  DRIFT_LIMIT,
  isWithin,
  LIMIT,
  SIGMA,
  WINDOW_SIZE,
  type Range,
} from '../ranges';

const FIELDS = {
  sigma: SIGMA,
  windowSize: WINDOW_SIZE,
  warning: LIMIT,
  drift: DRIFT_LIMIT,
  raiseAfter: ALARM_WINDOWS,
  clearAfter: ALARM_WINDOWS,
  clearBelow: CLEAR_BELOW,
} as const satisfies Record<string, Range>;
const WHOLE: ReadonlySet<JudgingField> = new Set(['windowSize', 'raiseAfter', 'clearAfter']);

export type JudgingField = keyof typeof FIELDS;

export type JudgingProblem =
  | {
      readonly kind: 'range';
      readonly field: JudgingField;
      readonly value: number;
      readonly range: Range;
      readonly isWhole: boolean;
    }
  | { readonly kind: 'order'; readonly warning: number; readonly drift: number };

/**
 * The first number out of its range, then a warning limit that is not below the drift limit. Every border asks this:
 * files, forms and scripts.
 *
 * @param values - those that are given; the order is asked when both limits are
 * @returns null when all can be used
 */
export function judgingProblem(
  values: Readonly<Partial<Record<JudgingField, number>>>,
): JudgingProblem | null {
  for (const field of Object.keys(FIELDS) as JudgingField[]) {
    const value = values[field];
    const [range, isWhole] = [FIELDS[field], WHOLE.has(field)];
    if (value === undefined || (isWithin(range, value) && (!isWhole || Number.isInteger(value)))) continue;
    return { kind: 'range', field, value, range, isWhole };
  }
  const { warning, drift } = values;
  if (warning === undefined || drift === undefined || warning < drift) return null;
  return { kind: 'order', warning, drift };
}

/** A failure's detail, `expected a number from … to …: why`. @param at - the place, and the mark before the rest */
export function expectation(problem: JudgingProblem, at = ''): CodedDetail {
  if (problem.kind === 'order') return { at, code: 'limits-order', drift: problem.drift };
  const { field, range, isWhole } = problem;
  return { at, code: 'number-range', field, isWhole, least: range.least, most: range.most };
}

/**
 * @throws AppError `detector-settings` for a number out of its range, `detector-blind` with a `Blindness` when these
 *   settings can't tell anything with this reference
 */
export function refuseBlinding(judging: Judging, reference: readonly Embedding[]): void {
  const { detector, thresholds, persistence } = judging;
  const problem = judgingProblem({ ...detector, ...thresholds, ...persistence });
  if (problem) {
    const [name, value] =
      problem.kind === 'order' ? ['warning', problem.warning] : [problem.field, problem.value];
    throw new AppError('detector-settings', expectation(problem, `${name} ${value},`));
  }
  const blindness = blindnessOf(reference, judging);
  if (blindness) throw new AppError('detector-blind', blindness);
}
