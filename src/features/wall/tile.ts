import { isQuiet } from '../../core/domain/camera/seen';
import type { CameraOverview } from '../../core/session/camera-overview';
import { shownAs } from '../../core/session/history/verdict-now';
import type { WallOrderFacts } from './pure/worst-first';

/** A camera as the wall shows it. */
export interface Tile extends CameraOverview, WallOrderFacts {}

export function tileOf(overview: CameraOverview, now: number): Tile {
  const { camera, seen } = overview;
  return { ...overview, name: camera.name, shown: shownAs(overview.now), isQuiet: isQuiet(seen, now) };
}
