import { BEST_CLEAN } from './reference-size';
import { isShown } from './time/shown-hours';

const DAY = 86_400_000;
/** Later days are not added if at most this share of snapshots lies at hours missing in the reference. */
const FEW_UNSHOWN = 1 / 20;

/**
 * Chooses a reference among clean snapshots: the earliest whole days that reach forty, then each day that adds a
 * missing hour of use. Further days could only hide the first traces of dirt.
 *
 * @param walls - in capture order: the time that the camera's clock showed, as if it were UTC; null where no time is known.
 *   Such a snapshot comes after all days, as a separate day without an hour
 * @returns the chosen indices, in order
 */
export function earliestDays(walls: readonly (number | null)[]): readonly number[] {
  const chosen = new Set<number>();
  const timesOf = (places: Iterable<number>) => [...places].flatMap((place) => walls[place] ?? []);
  for (const day of daysOf(walls)) {
    if (chosen.size >= BEST_CLEAN) {
      const shown = timesOf(chosen);
      const isNew = (at: number) => !isShown(shown, at);
      if (timesOf(walls.keys()).filter(isNew).length <= FEW_UNSHOWN * walls.length) break;
      if (!timesOf(day).some(isNew)) continue;
    }
    for (const place of day) chosen.add(place);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** Indices of snapshots by day; those without a time come last, each alone. */
export function daysOf(walls: readonly (number | null)[]): readonly (readonly number[])[] {
  const days = new Map<number | string, number[]>();
  for (const [place, at] of walls.entries()) {
    if (at === null) continue;
    const day = Math.floor(at / DAY);
    days.set(day, [...(days.get(day) ?? []), place]);
  }
  const dated = [...days].sort(([a], [b]) => Number(a) - Number(b)).map(([, places]) => places);
  return [...dated, ...[...walls.keys()].filter((place) => walls[place] === null).map((place) => [place])];
}
