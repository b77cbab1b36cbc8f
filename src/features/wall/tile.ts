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

/** Cameras that need nobody, in this order below those that do. */
const GROUPS = ['clear', 'waiting', 'silent'] as const;
type Group = (typeof GROUPS)[number];

/** The group of a camera that needs nobody; null for one that needs somebody. */
export function groupOf({ shown, now }: Tile): Group | null {
  if (now.question?.isAlone || shown === 'drift' || shown === 'warning') return null;
  if (shown === 'silent') return 'silent';
  return shown === 'normal' ? 'clear' : 'waiting';
}

export interface TileGroup {
  readonly group: Group;
  readonly tiles: readonly Tile[];
}

/** The groups that have cameras, each in the order of the wall. */
export function groupsOf(tiles: readonly Tile[]): readonly TileGroup[] {
  return GROUPS.map((group) => ({ group, tiles: tiles.filter((tile) => groupOf(tile) === group) })).filter(
    ({ tiles }) => tiles.length > 0,
  );
}
