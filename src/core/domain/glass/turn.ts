import { LEAST_MOVE, positionOf, type GlassFacts } from './glass-facts';
import { GLASS_WIDTH } from './picture';

/** Least turn that needs a new reference, as a share of the picture's width. */
export const OTHER_VIEW = 0.05;

/** The position of a turned camera, as shares of the picture's width. */
export interface Turn {
  /** > 0: the scene lies further right than in the reference, so the camera is turned to the left */
  readonly right: number;
  /** > 0: the scene lies further down, so the camera is turned up */
  readonly down: number;
  readonly share: number;
}

/** @returns null if the camera is in place, or if the snapshot can't show it (another view, or too dark) */
export function turnOf(glass: GlassFacts | null | undefined): Turn | null {
  if (!glass?.growth) return null;
  const { right, down } = positionOf(glass);
  const pixels = Math.hypot(down, right);
  if (pixels < LEAST_MOVE) return null;
  return { right: right / GLASS_WIDTH, down: down / GLASS_WIDTH, share: pixels / GLASS_WIDTH };
}

/** True if the camera is turned so far that it needs a new reference. */
export function isTurned(glass: GlassFacts | null | undefined): boolean {
  return (turnOf(glass)?.share ?? 0) > OTHER_VIEW;
}
