import { nextCleaning, type CycleCourse, type NextCleaning } from '../../core/domain/camera/cycle-course';
import { isQuiet } from '../../core/domain/camera/seen';
import type { CameraOverview } from '../../core/session/camera-overview';
import { shownAs } from '../../core/session/history/verdict-now';
import type { WallOrderFacts } from './pure/worst-first';

/** A camera as the wall shows it. */
export interface Tile extends CameraOverview, WallOrderFacts {
  /** by its cycles before; null where too few tell */
  readonly next: NextCleaning | null;
}

export function tileOf(overview: CameraOverview, now: number, cycles: readonly CycleCourse[] = []): Tile {
  const { camera, seen } = overview;
  const facts = { name: camera.name, shown: shownAs(overview.now), isQuiet: isQuiet(seen, now) };
  return { ...overview, ...facts, next: nextCleaning(cycles, now) };
}
