import { median } from './order';
import { correlation, medianView, type KeptView, type SeenView, type ViewStanding } from './view-gate';

/** Snapshots set aside one after another that are an alarm of their own: fish hide a view twice running, not more. */
const ALARM_ASIDE = 3;
/** So many in a row that agree with each other are a new view. */
export const NEW_VIEW = 12;
const AGREE = 0.5;
/** Snapshots by which a camera is known to be back, and the share of them that must say so. */
const LEAST_BACK = 6;
const SHARE_BACK = 2 / 3;

interface ViewTrace extends Pick<ViewStanding, 'isOtherView'> {
  readonly view: KeptView;
}

export interface ViewFacts {
  /** the newest is set aside: it is not dirt, and counts for nothing */
  readonly isAside: boolean;
  /** how many were set aside one after another, the newest last; of those that are remembered, 24 at most */
  readonly asideInARow: number;
  /** that many in a row: something covers the camera, or it looks elsewhere */
  readonly isAlarming: boolean;
  /** a dozen in a row were set aside and show one and the same thing: the camera was moved for good */
  readonly hasMoved: boolean;
}

/** @param traces - of a camera's snapshots through one fit, oldest first; the last 24 are enough */
export function viewFacts(traces: readonly ViewTrace[]): ViewFacts {
  let asideInARow = 0;
  while (asideInARow < traces.length && traces.at(-1 - asideInARow)!.isOtherView) asideInARow++;
  return {
    isAside: asideInARow > 0,
    asideInARow,
    isAlarming: asideInARow >= ALARM_ASIDE,
    hasMoved: asideInARow >= NEW_VIEW && agree(traces.slice(-NEW_VIEW).map(({ view }) => view)),
  };
}

/** True if snapshots show the same view: each is like the median of all. */
export function agree(views: readonly KeptView[]): boolean {
  if (views.length === 0) return false;
  const middle = medianView(views);
  return median(views.map((view) => correlation(view, middle))) >= AGREE;
}

/**
 * Which of a camera's references fits what it sees now, as when a camera that was turned returns.
 *
 * @param sights - for each reference, what the last snapshots say through it; at least 6
 * @returns the place of that reference; null when none fits
 */
export function fittingReference(
  sights: readonly (readonly (Pick<ViewStanding, 'isOtherView'> & Pick<SeenView, 'recognised'>)[])[],
): number | null {
  let best: number | null = null;
  let most = 0;
  sights.forEach((seen, reference) => {
    const own = seen.filter(({ isOtherView }) => !isOtherView);
    if (seen.length < LEAST_BACK || own.length < SHARE_BACK * seen.length) return;
    const recognised = median(seen.map((sight) => sight.recognised));
    if (recognised > most) [most, best] = [recognised, reference];
  });
  return best;
}
