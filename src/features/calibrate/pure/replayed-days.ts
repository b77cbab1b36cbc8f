import { verdictOf, type CompletedJob } from '../../../core/domain/camera/job';
import { dayOf } from '../../../core/domain/drift/calibration';

type Verdict = ReturnType<typeof verdictOf>;

const WORST_FIRST: readonly Verdict[] = ['drift', 'warning', 'normal', 'warming-up', 'not-checked'];

/** The worst verdict of a day. */
interface DayStand {
  readonly verdict: Verdict;
  /** pictures that have it */
  readonly count: number;
}

/** A UTC day on which an alarm stood or would stand, or another verdict would. */
export interface ReplayedDay {
  /** capture time of its first picture */
  readonly at: number;
  readonly total: number;
  readonly stood: DayStand;
  readonly would: DayStand;
  /** its first picture with another verdict, else the first of its alarm */
  readonly shown: CompletedJob;
}

/** @param would - the same pictures in the same capture order, by other settings */
export function replayedDays(
  stood: readonly CompletedJob[],
  would: readonly CompletedJob[],
): readonly ReplayedDay[] {
  const days = new Map<number, number[]>();
  for (const [place, { capturedAt }] of stood.entries()) {
    const places = days.get(dayOf(capturedAt));
    if (places) places.push(place);
    else days.set(dayOf(capturedAt), [place]);
  }
  return [...days.values()].flatMap((places) => {
    const [before, after] = [stood, would].map((jobs) => places.map((place) => verdictOf(jobs[place]!)));
    const changed = before!.findIndex((verdict, i) => verdict !== after![i]);
    const shown = places[changed === -1 ? before!.indexOf('drift') : changed];
    if (shown === undefined) return [];
    return {
      at: stood[places[0]!]!.capturedAt,
      total: places.length,
      stood: standOf(before!),
      would: standOf(after!),
      shown: stood[shown]!,
    };
  });
}

function standOf(verdicts: readonly Verdict[]): DayStand {
  const verdict = WORST_FIRST.find((each) => verdicts.includes(each)) ?? 'not-checked';
  return { verdict, count: verdicts.filter((each) => each === verdict).length };
}
