/** How far the scene is from where the reference has it, in pixels of a picture 192 wide. */
export interface Move {
  /** > 0: further down */
  readonly down: number;
  /** > 0: further right */
  readonly right: number;
}

export const NO_MOVE: Move = { down: 0, right: 0 };

/** How many moves lie within a reach of one. */
export function movesWithin({ down, right }: Move): number {
  return (2 * down + 1) * (2 * right + 1);
}
